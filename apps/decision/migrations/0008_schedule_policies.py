from django.db import migrations

from apps.core.policies import append_only, owned


class Migration(migrations.Migration):
    dependencies = [("decision", "0007_schedule")]
    operations = [*owned("decision_schedule"), append_only("decision_schedule")]
