from django.db import migrations

from apps.core.policies import KEY, ORGANISATION, SCOPE, append_only, enable, owned, policy

INVITED = (
    "EXISTS (SELECT 1 FROM bids_invitation i WHERE i.rfp_id = {rfp}"
    f" AND i.vendor_id = {ORGANISATION} AND i.state <> 'declined')"
)
OPENED = (
    f"organisation_id = {ORGANISATION} AND EXISTS (SELECT 1 FROM rfp_round r"
    " JOIN bids_bid b ON b.round_id = r.id WHERE b.id = {bid} AND r.opened_at IS NOT NULL)"
)


def shared(table, bid):
    """The vendor's rows are the vendor's; the buyer sees them from the opening on."""
    return [
        enable(table),
        policy(table, "vendor", f"vendor_id = {ORGANISATION}"),
        policy(table, "buyer_after_opening", OPENED.format(bid=bid)),
    ]


def private(table):
    """Drafts are the vendor's alone, whatever the round's state."""
    return [enable(table), policy(table, "vendor", f"vendor_id = {ORGANISATION}")]


def invited_reads(table, rfp):
    return policy(table, "invited_vendor", INVITED.format(rfp=rfp), to="SELECT")


class Migration(migrations.Migration):
    dependencies = [("bids", "0001_initial"), ("rfp", "0002_policies")]
    operations = [
        enable("bids_invitation"),
        policy("bids_invitation", "buyer", f"organisation_id = {ORGANISATION}"),
        policy("bids_invitation", "vendor", f"vendor_id = {ORGANISATION}"),
        policy("bids_invitation", "by_token", f"{SCOPE} = 'token' AND token_digest = {KEY}"),
        enable("bids_bid"),
        policy("bids_bid", "vendor", f"vendor_id = {ORGANISATION}"),
        policy(
            "bids_bid",
            "buyer_after_opening",
            f"organisation_id = {ORGANISATION} AND EXISTS (SELECT 1 FROM rfp_round r"
            " WHERE r.id = bids_bid.round_id AND r.opened_at IS NOT NULL)",
        ),
        *shared("bids_submission", "bids_submission.bid_id"),
        *shared("bids_envelope", "bids_envelope.bid_id"),
        *private("bids_answer"),
        *private("bids_answerversion"),
        *private("bids_attachment"),
        *private("bids_pricesheet"),
        *owned("bids_evaluatedprice"),
        append_only("bids_evaluatedprice"),
        append_only("bids_answerversion"),
        append_only("bids_submission"),
        # What an invited vendor may read of the buyer's rows.
        invited_reads("rfp_rfp", "rfp_rfp.id"),
        invited_reads("rfp_section", "rfp_section.rfp_id"),
        invited_reads("rfp_question", "rfp_question.rfp_id"),
        invited_reads("rfp_workload", "rfp_workload.rfp_id"),
        invited_reads("rfp_round", "rfp_round.rfp_id"),
        migrations.RunSQL(
            "CREATE POLICY invited_vendor_locks ON rfp_round FOR UPDATE USING ("
            + INVITED.format(rfp="rfp_round.rfp_id")
            + ") WITH CHECK (false);",
            "DROP POLICY invited_vendor_locks ON rfp_round;",
        ),
        policy(
            "workspace_procurement",
            "invited_vendor",
            "EXISTS (SELECT 1 FROM rfp_rfp r JOIN bids_invitation i ON i.rfp_id = r.id"
            f" WHERE r.procurement_id = workspace_procurement.id AND i.vendor_id = {ORGANISATION})",
            to="SELECT",
        ),
        policy(
            "workspace_organisation",
            "inviter",
            "EXISTS (SELECT 1 FROM bids_invitation i"
            " WHERE i.organisation_id = workspace_organisation.id"
            f" AND i.vendor_id = {ORGANISATION})",
            to="SELECT",
        ),
        policy(
            "workspace_organisation",
            "by_token",
            f"{SCOPE} = 'token' AND EXISTS (SELECT 1 FROM bids_invitation i"
            " WHERE i.token_digest = (SELECT cceval_key())"
            " AND (i.organisation_id = workspace_organisation.id"
            " OR i.vendor_id = workspace_organisation.id))",
            to="SELECT",
        ),
    ]
