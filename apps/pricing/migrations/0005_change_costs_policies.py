from django.db import migrations

from apps.core.policies import append_only, owned


class Migration(migrations.Migration):
    dependencies = [("pricing", "0004_change_costs")]
    operations = [*owned("pricing_changecosts"), append_only("pricing_changecosts")]
