from django.db import migrations

from apps.core.policies import KEY, ORGANISATION, SCOPE, append_only, enable, policy


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_receipt_paper")]
    operations = [
        enable("reports_receiptpaper"),
        # The buyer gets none of it, opened or not: it is the vendor's own proof.
        policy("reports_receiptpaper", "vendor", f"vendor_id = {ORGANISATION}"),
        policy(
            "reports_receiptpaper",
            "by_reference_or_digest",
            f"{SCOPE} = 'verify' AND {KEY} <> '' AND {KEY} IN (reference, digest, signed_sha256)",
            to="SELECT",
        ),
        append_only("reports_receiptpaper"),
    ]
