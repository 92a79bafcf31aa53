from django.db import migrations

from apps.core.policies import ORGANISATION, enable, policy


class Migration(migrations.Migration):
    dependencies = [("bids", "0009_lots"), ("rfp", "0014_lots_policies")]
    operations = [
        policy(
            "rfp_lot",
            "invited_vendor",
            "EXISTS (SELECT 1 FROM bids_invitation i WHERE i.rfp_id = rfp_lot.rfp_id"
            f" AND i.vendor_id = {ORGANISATION} AND i.state <> 'declined')",
            to="SELECT",
        ),
        # What a vendor means to bid for is its own, whatever the round's state.
        enable("bids_chosenlot"),
        policy("bids_chosenlot", "vendor", f"vendor_id = {ORGANISATION}"),
    ]
