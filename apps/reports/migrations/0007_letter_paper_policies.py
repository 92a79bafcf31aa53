from django.db import migrations

from apps.core.policies import KEY, ORGANISATION, SCOPE, append_only, enable, policy


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_letter_paper")]
    operations = [
        enable("reports_letterpaper"),
        # The buyer approved what it says, and gets none of the paper: it is the vendor's own.
        policy("reports_letterpaper", "vendor", f"vendor_id = {ORGANISATION}"),
        policy(
            "reports_letterpaper",
            "by_reference_or_digest",
            f"{SCOPE} = 'verify' AND {KEY} <> '' AND {KEY} IN (reference, digest, signed_sha256)",
            to="SELECT",
        ),
        append_only("reports_letterpaper"),
    ]
