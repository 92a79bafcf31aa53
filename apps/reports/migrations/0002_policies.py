from django.db import migrations

from apps.core.policies import KEY, SCOPE, owned, policy


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("bids", "0002_policies")]
    operations = [
        *owned("reports_report"),
        # A stranger who holds a reference or a file may ask for that one report, nothing else, and
        # not before it is signed.
        policy(
            "reports_report",
            "by_reference_or_digest",
            f"{SCOPE} = 'verify' AND {KEY} <> ''"
            f" AND {KEY} IN (reference, digest, signed_sha256)"
            " AND state IN ('signed', 'superseded')",
            to="SELECT",
        ),
    ]
