from django.db import migrations

from apps.core.policies import owned


class Migration(migrations.Migration):
    dependencies = [("readiness", "0001_initial"), ("bids", "0002_policies")]
    operations = [
        *owned("readiness_assessment"),
        *owned("readiness_assessmentanswer"),
    ]
