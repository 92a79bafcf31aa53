from django.db import migrations

from apps.core.policies import append_only, owned


class Migration(migrations.Migration):
    dependencies = [("decision", "0001_initial"), ("bids", "0002_policies")]
    operations = [
        *owned("decision_statement"),
        *owned("decision_decision"),
        append_only("decision_statement"),
    ]
