from django.db import migrations

from apps.core.policies import ORGANISATION, append_only, enable, owned, policy

BUYER = f"organisation_id = {ORGANISATION}"
# A vendor reads what became of its own bid. The price in it is for whom its owner lets read prices.
OWN = f"vendor_id = {ORGANISATION}"
READERS = f"{OWN} AND cceval_sees_price(bid_id)"


class Migration(migrations.Migration):
    dependencies = [("bids", "0025_results"), ("bids", "0008_team_policies")]
    operations = [
        enable("bids_result"),
        policy("bids_result", "buyer", BUYER),
        policy("bids_result", "told_vendor", OWN, to="SELECT"),
        append_only("bids_result"),
        enable("bids_resultprice"),
        policy("bids_resultprice", "buyer", BUYER),
        policy("bids_resultprice", "told_reader", READERS, to="SELECT"),
        append_only("bids_resultprice"),
        *owned("bids_ruling"),
        append_only("bids_ruling"),
    ]
