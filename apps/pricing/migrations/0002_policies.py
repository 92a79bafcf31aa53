from django.db import migrations

from apps.core.policies import append_only, owned


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial"), ("bids", "0002_policies")]
    operations = [
        *owned("pricing_assumptions"),
        *owned("pricing_comparison"),
        append_only("pricing_assumptions"),
        append_only("pricing_comparison"),
    ]
