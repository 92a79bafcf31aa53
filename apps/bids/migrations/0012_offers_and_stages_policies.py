from django.db import migrations

from apps.core.policies import ORGANISATION, append_only, enable, owned, policy

BUYER = f"organisation_id = {ORGANISATION}"
VENDOR = f"vendor_id = {ORGANISATION}"
# What a bid was submitted with is the buyer's to see from the opening of the round on; a final
# offer from the opening of the final offers on. Both stand in one table, so the policy tells them
# apart.
OPENED = (
    f"{BUYER} AND (({{table}}.offer_round_id IS NULL AND EXISTS (SELECT 1 FROM rfp_round r"
    " JOIN bids_bid b ON b.round_id = r.id"
    " WHERE b.id = {table}.bid_id AND r.opened_at IS NOT NULL))"
    " OR ({table}.offer_round_id IS NOT NULL AND EXISTS (SELECT 1 FROM bids_offerround o"
    " WHERE o.id = {table}.offer_round_id AND o.opened_at IS NOT NULL)))"
)
BEFORE = (
    f"{BUYER} AND EXISTS (SELECT 1 FROM rfp_round r JOIN bids_bid b ON b.round_id = r.id"
    " WHERE b.id = {table}.bid_id AND r.opened_at IS NOT NULL)"
)
ASKED = (
    "state IN ('running', 'opened') AND EXISTS (SELECT 1 FROM bids_offerrequest q"
    f" WHERE q.offer_round_id = bids_offerround.id AND q.{VENDOR} AND q.sent_at IS NOT NULL)"
)
# One person asks, another confirms, the clock and an opener open: nothing else changes a round.
DECIDED = """
CREATE FUNCTION cceval_refuse_other_offer_round() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision text[] := ARRAY['state', 'decided_by_id', 'decided_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state = 'requested' AND NEW.requested_by_id = cceval_person()
      AND NEW.decided_by_id IS NULL AND NEW.opened_at IS NULL
      AND EXISTS (SELECT 1 FROM rfp_rfp f WHERE f.id = NEW.rfp_id AND f.final_offers = 'once'
                  AND f.state IN ('published', 'closed')) THEN RETURN NEW; END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    IF OLD.state = 'requested' AND NEW.state IN ('running', 'dropped')
      AND NEW.decided_by_id = cceval_person()
      AND (NEW.state = 'dropped' OR NEW.closes_at > cceval_now())
      AND to_jsonb(NEW) - decision = to_jsonb(OLD) - decision THEN RETURN NEW; END IF;
    IF OLD.state = 'running' AND OLD.opened_at IS NULL AND NEW.opened_at IS NOT NULL
      AND to_jsonb(NEW) - 'opened_at' = to_jsonb(OLD) - 'opened_at'
      AND EXISTS (SELECT 1 FROM pg_class WHERE oid = TG_RELID
                  AND pg_get_userbyid(relowner) = current_user) THEN RETURN NEW; END IF;
    IF OLD.state = 'running' AND NEW.state = 'opened' AND OLD.opened_at IS NOT NULL
      AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'final offers are asked for once and decided once' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER decided BEFORE INSERT OR UPDATE OR DELETE ON bids_offerround
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_offer_round();
ALTER TABLE bids_offerround ENABLE ALWAYS TRIGGER decided;
"""
DECIDED_BACK = (
    "DROP TRIGGER decided ON bids_offerround; DROP FUNCTION cceval_refuse_other_offer_round();"
)
# Who is asked is what the second person confirmed.
CONFIRMED = """
CREATE FUNCTION cceval_refuse_other_offer_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text;
BEGIN
  IF TG_OP <> 'DELETE' THEN
    SELECT state INTO held FROM bids_offerround WHERE id = NEW.offer_round_id;
    IF TG_OP = 'INSERT' AND held = 'requested' AND NEW.sent_at IS NULL THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND held = 'running' AND OLD.sent_at IS NULL AND NEW.sent_at IS NOT NULL
      AND to_jsonb(NEW) - 'sent_at' = to_jsonb(OLD) - 'sent_at' THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'who is asked stands' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER confirmed BEFORE INSERT OR UPDATE OR DELETE ON bids_offerrequest
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_offer_request();
ALTER TABLE bids_offerrequest ENABLE ALWAYS TRIGGER confirmed;
"""
CONFIRMED_BACK = (
    "DROP TRIGGER confirmed ON bids_offerrequest;"
    " DROP FUNCTION cceval_refuse_other_offer_request();"
)
# A final offer is of a bid that was asked, and arrived before its closing time.
IN_TIME = """
CREATE FUNCTION cceval_refuse_late_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.offer_round_id IS NULL OR EXISTS (
    SELECT 1 FROM bids_offerround o JOIN bids_offerrequest q ON q.offer_round_id = o.id
    WHERE o.id = NEW.offer_round_id AND o.state = 'running' AND o.opened_at IS NULL
      AND q.bid_id = NEW.bid_id AND q.sent_at IS NOT NULL AND NEW.arrived_at < o.closes_at)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'no final offer is taken now' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER in_time BEFORE INSERT ON bids_submission
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_late_offer();
ALTER TABLE bids_submission ENABLE ALWAYS TRIGGER in_time;
"""
IN_TIME_BACK = "DROP TRIGGER in_time ON bids_submission; DROP FUNCTION cceval_refuse_late_offer();"
OPEN = """
CREATE FUNCTION cceval_open_offers(which uuid) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE o bids_offerround; r rfp_round; moment timestamptz;
BEGIN
  SELECT * INTO o FROM bids_offerround
    WHERE id = which AND organisation_id = cceval_organisation() FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such offers' USING ERRCODE = 'CC404'; END IF;
  IF o.opened_at IS NOT NULL THEN RETURN o.opened_at; END IF;
  SELECT * INTO r FROM rfp_round WHERE rfp_id = o.rfp_id;
  moment := cceval_now();
  IF o.state <> 'running' OR moment < o.closes_at + r.grace THEN
    RAISE EXCEPTION 'too early' USING ERRCODE = 'CC409'; END IF;
  UPDATE bids_offerround SET opened_at = moment WHERE id = which;
  RETURN moment;
END $$;
"""
# What a stage is held for and by which rubric stands; it is closed once, and then nothing is added.
STAGED = """
CREATE FUNCTION cceval_refuse_other_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state = 'open'
    AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a stage stands as it was planned' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER planned BEFORE UPDATE OR DELETE ON bids_stage
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_stage();
ALTER TABLE bids_stage ENABLE ALWAYS TRIGGER planned;
CREATE FUNCTION cceval_refuse_closed_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM bids_stageguest g JOIN bids_stage s ON s.id = g.stage_id
             WHERE g.id = NEW.guest_id AND s.state = 'open') THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'the stage is closed' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER still_open BEFORE INSERT ON bids_stagescore
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_closed_stage();
ALTER TABLE bids_stagescore ENABLE ALWAYS TRIGGER still_open;
CREATE TRIGGER still_open BEFORE INSERT ON bids_stageagreement
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_closed_stage();
ALTER TABLE bids_stageagreement ENABLE ALWAYS TRIGGER still_open;
"""
STAGED_BACK = """
DROP TRIGGER still_open ON bids_stageagreement;
DROP TRIGGER still_open ON bids_stagescore;
DROP FUNCTION cceval_refuse_closed_stage();
DROP TRIGGER planned ON bids_stage;
DROP FUNCTION cceval_refuse_other_stage();
"""


def told_apart(table):
    """Replace the buyer's policy of a table that now holds first and final offers."""
    return migrations.RunSQL(
        f"""DROP POLICY buyer_after_opening ON {table};
        CREATE POLICY buyer_after_opening ON {table} FOR ALL
          USING ({OPENED.format(table=table)}) WITH CHECK ({OPENED.format(table=table)});""",
        f"""DROP POLICY buyer_after_opening ON {table};
        CREATE POLICY buyer_after_opening ON {table} FOR ALL
          USING ({BEFORE.format(table=table)}) WITH CHECK ({BEFORE.format(table=table)});""",
    )


class Migration(migrations.Migration):
    dependencies = [("bids", "0011_offers_and_stages"), ("rfp", "0016_offers_and_stages")]
    operations = [
        enable("bids_offerrequest"),
        policy("bids_offerrequest", "buyer", BUYER),
        policy("bids_offerrequest", "asked_vendor", f"{VENDOR} AND sent_at IS NOT NULL", to="SELECT"),
        enable("bids_offerround"),
        policy("bids_offerround", "buyer", BUYER),
        policy("bids_offerround", "asked_vendor", ASKED, to="SELECT"),
        # FOR SHARE needs an UPDATE policy; this one locks and cannot write.
        migrations.RunSQL(
            f"CREATE POLICY asked_vendor_locks ON bids_offerround FOR UPDATE USING ({ASKED})"
            " WITH CHECK (false);",
            "DROP POLICY asked_vendor_locks ON bids_offerround;",
        ),
        told_apart("bids_submission"),
        told_apart("bids_envelope"),
        *owned("bids_stageagreement"),
        append_only("bids_stageagreement"),
        migrations.RunSQL(STAGED, STAGED_BACK),
        migrations.RunSQL(DECIDED, DECIDED_BACK),
        migrations.RunSQL(CONFIRMED, CONFIRMED_BACK),
        migrations.RunSQL(IN_TIME, IN_TIME_BACK),
        migrations.RunSQL(OPEN, "DROP FUNCTION cceval_open_offers(uuid);"),
    ]
