from django.db import migrations

from apps.core.policies import ORGANISATION, append_only, enable, policy

BUYER = f"organisation_id = {ORGANISATION}"
OWN = f"vendor_id = {ORGANISATION}"


class Migration(migrations.Migration):
    dependencies = [("bids", "0027_names")]
    operations = [
        enable("bids_namelist"),
        policy("bids_namelist", "buyer", BUYER),
        policy("bids_namelist", "told_vendor", OWN, to="SELECT"),
        append_only("bids_namelist"),
    ]
