from django.db import migrations

from apps.core.policies import ORGANISATION, append_only, enable, owned, policy

INVITED = (
    "EXISTS (SELECT 1 FROM bids_invitation i WHERE i.rfp_id = {rfp}"
    f" AND i.vendor_id = {ORGANISATION} AND i.state <> 'declined')"
)
BUYER = f"organisation_id = {ORGANISATION}"
VENDOR = f"vendor_id = {ORGANISATION}"
OPENED = (
    f"{BUYER} AND EXISTS (SELECT 1 FROM rfp_round r JOIN bids_bid b ON b.round_id = r.id"
    " WHERE b.id = bids_confirmation.bid_id AND r.opened_at IS NOT NULL)"
)
# What was typed stands, and so does a decision.
ASKED = """
CREATE FUNCTION cceval_refuse_other_question() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision text[] := ARRAY['state', 'decided_by_id', 'refused_because'];
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state IN ('held', 'waiting')
    AND to_jsonb(NEW) - decision = to_jsonb(OLD) - decision THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a question stands as it was asked' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER asked BEFORE UPDATE OR DELETE ON bids_clarification
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_question();
ALTER TABLE bids_clarification ENABLE ALWAYS TRIGGER asked;
"""
ASKED_BACK = "DROP TRIGGER asked ON bids_clarification; DROP FUNCTION cceval_refuse_other_question();"


class Migration(migrations.Migration):
    dependencies = [("bids", "0003_lifecycle"), ("rfp", "0007_lifecycle_policies")]
    operations = [
        # Who asked: the vendor's own row, which no buyer's session can join.
        enable("bids_vendorquestion"),
        policy("bids_vendorquestion", "vendor", VENDOR),
        append_only("bids_vendorquestion"),
        enable("bids_clarification"),
        policy("bids_clarification", "buyer", BUYER),
        policy(
            "bids_clarification",
            "asker",
            "EXISTS (SELECT 1 FROM bids_vendorquestion q"
            f" WHERE q.clarification_id = bids_clarification.id AND q.{VENDOR})",
            to="SELECT",
        ),
        migrations.RunSQL(ASKED, ASKED_BACK),
        enable("bids_publishedanswer"),
        policy("bids_publishedanswer", "buyer", BUYER),
        policy(
            "bids_publishedanswer",
            "invited_vendor",
            INVITED.format(rfp="bids_publishedanswer.rfp_id"),
            to="SELECT",
        ),
        append_only("bids_publishedanswer"),
        enable("bids_answersread"),
        policy("bids_answersread", "vendor", VENDOR),
        policy(
            "rfp_packversion",
            "invited_vendor",
            INVITED.format(rfp="rfp_packversion.rfp_id"),
            to="SELECT",
        ),
        policy(
            "rfp_packfile",
            "invited_vendor",
            INVITED.format(rfp="rfp_packfile.rfp_id")
            + " AND EXISTS (SELECT 1 FROM rfp_packversion v WHERE v.rfp_id = rfp_packfile.rfp_id"
            " AND v.number >= rfp_packfile.added_in)",
            to="SELECT",
        ),
        *owned("bids_stage"),
        *owned("bids_stageguest"),
        *owned("bids_stagescore"),
        append_only("bids_stagescore"),
        enable("bids_acknowledgement"),
        policy("bids_acknowledgement", "vendor", VENDOR),
        policy("bids_acknowledgement", "buyer", BUYER, to="SELECT"),
        append_only("bids_acknowledgement"),
        # That a submitted bid stands tells that there is one: hidden until the opening.
        enable("bids_confirmation"),
        policy("bids_confirmation", "vendor", VENDOR),
        policy("bids_confirmation", "buyer_after_opening", OPENED, to="SELECT"),
        append_only("bids_confirmation"),
        policy("rfp_version", "invited_vendor", INVITED.format(rfp="rfp_version.rfp_id"), to="SELECT"),
        policy(
            "rfp_addendum",
            "invited_vendor",
            "rfp_addendum.state = 'published' AND " + INVITED.format(rfp="rfp_addendum.rfp_id"),
            to="SELECT",
        ),
    ]
