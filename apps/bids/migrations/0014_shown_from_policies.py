from django.db import migrations

from apps.core.policies import ORGANISATION, PERSON, policy

BUYER = f"organisation_id = {ORGANISATION}"
# What was typed is for the lead of the tender alone, from the full hour after it was asked.
LEAD = (
    f"{BUYER} AND shown_from <= cceval_now()"
    " AND EXISTS (SELECT 1 FROM rfp_rfp r JOIN workspace_panelmember m"
    " ON m.procurement_id = r.procurement_id WHERE r.id = bids_clarification.rfp_id"
    f" AND m.user_id = {PERSON} AND m.role = 'lead' AND m.active)"
)


class Migration(migrations.Migration):
    dependencies = [("bids", "0013_shown_from"), ("workspace", "0002_policies")]
    operations = [
        migrations.RunSQL(
            "DROP POLICY buyer ON bids_clarification;",
            f"CREATE POLICY buyer ON bids_clarification FOR ALL USING ({BUYER}) WITH CHECK ({BUYER});",
        ),
        policy("bids_clarification", "asked", BUYER, to="INSERT"),
        policy("bids_clarification", "lead", LEAD, to="SELECT"),
        policy("bids_clarification", "lead_decides", LEAD, to="UPDATE"),
    ]
