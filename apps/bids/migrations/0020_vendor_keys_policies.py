from django.db import migrations

from apps.core.policies import ORGANISATION, PERSON, enable, policy

OWNER = (
    "EXISTS (SELECT 1 FROM workspace_membership m WHERE m.organisation_id"
    f" = {ORGANISATION} AND m.user_id = {PERSON} AND m.role = 'owner' AND m.active)"
)


class Migration(migrations.Migration):
    dependencies = [("bids", "0019_vendor_keys"), ("workspace", "0002_policies")]
    operations = [
        # The key opens the price too: no respondent's session reads a row, and no buyer's.
        enable("bids_keptkey"),
        policy("bids_keptkey", "owner", f"vendor_id = {ORGANISATION} AND {OWNER}"),
    ]
