from django.db import migrations

from apps.core.policies import ORGANISATION, SCOPE, append_only, enable, owned, policy


class Migration(migrations.Migration):
    dependencies = [("core", "0002_records")]
    operations = [
        enable("core_auditevent"),
        policy("core_auditevent", "write", f"organisation_id = {ORGANISATION}", to="INSERT"),
        policy("core_auditevent", "read", f"organisation_id = {ORGANISATION}", to="SELECT"),
        append_only("core_auditevent"),
        *owned("core_job"),
        policy("core_job", "worker", f"{SCOPE} = 'jobs'"),
        *owned("core_mail"),
    ]
