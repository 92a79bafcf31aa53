import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

from apps.core.policies import ORGANISATION, PERSON, enable, policy


class Migration(migrations.Migration):

    dependencies = [
        ('rfp', '0009_library_policies'),
        ('workspace', '0002_policies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(max_length=8)),
                ('facts', models.BinaryField()),
                ('file', models.CharField(max_length=48)),
                ('found', models.CharField(max_length=48)),
                ('layouts', models.BinaryField()),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workspace.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rfp', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uploads', to='rfp.rfp')),
            ],
            options={
                'abstract': False,
            },
        ),
        enable("rfp_upload"),
        # Who brought a file sees it; the lead who does not, or an auditor, never does.
        policy(
            "rfp_upload",
            "bringer",
            f"organisation_id = {ORGANISATION} AND owner_id = {PERSON}",
        ),
    ]
