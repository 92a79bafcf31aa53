from django.db import migrations

from apps.core.policies import append_only, owned


class Migration(migrations.Migration):
    dependencies = [("core", "0006_log_stamps")]
    operations = [*owned("core_logstamp"), append_only("core_logstamp")]
