from django.db import migrations

from apps.core.policies import owned

# What was asked for, and by whom, stands from the first moment; only the decision is added.
ASKED = """
CREATE FUNCTION cceval_refuse_other_offer_extension() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision text[] := ARRAY['state', 'decided_by_id', 'decided_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state = 'requested' AND NEW.requested_by_id = cceval_person()
      AND NEW.decided_by_id IS NULL
      AND EXISTS (SELECT 1 FROM bids_offerround o WHERE o.id = NEW.offer_round_id
                  AND o.organisation_id = NEW.organisation_id AND o.state = 'running'
                  AND o.opened_at IS NULL AND o.closes_at = NEW.before) THEN RETURN NEW; END IF;
  ELSIF TG_OP = 'UPDATE' AND OLD.state = 'requested' AND NEW.state IN ('confirmed', 'dropped')
    AND to_jsonb(NEW) - decision = to_jsonb(OLD) - decision
    AND NEW.decided_by_id = cceval_person() THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'an extension is asked for once and decided once' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER asked BEFORE INSERT OR UPDATE OR DELETE ON bids_offerextension
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_offer_extension();
ALTER TABLE bids_offerextension ENABLE ALWAYS TRIGGER asked;
"""
ASKED_BACK = (
    "DROP TRIGGER asked ON bids_offerextension;"
    " DROP FUNCTION cceval_refuse_other_offer_extension();"
)
# The closing time of final offers moves to later alone, before the opening alone, and only by a row
# that one person wrote because of an outage and another confirmed.
EXTEND = """
CREATE FUNCTION cceval_extend_offers(which uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE e bids_offerextension; o bids_offerround;
BEGIN
  SELECT * INTO e FROM bids_offerextension
    WHERE id = which AND organisation_id = cceval_organisation();
  IF NOT FOUND THEN RAISE EXCEPTION 'no such extension' USING ERRCODE = 'CC404'; END IF;
  IF e.state <> 'confirmed' OR e.decided_by_id IS DISTINCT FROM cceval_person()
     OR e.requested_by_id = e.decided_by_id THEN
    RAISE EXCEPTION 'a second person confirms' USING ERRCODE = 'CC409'; END IF;
  SELECT * INTO o FROM bids_offerround WHERE id = e.offer_round_id FOR UPDATE;
  IF o.state <> 'running' OR o.opened_at IS NOT NULL OR o.closes_at <> e.before THEN
    RAISE EXCEPTION 'these final offers do not move' USING ERRCODE = 'CC409'; END IF;
  IF e.closes_at <= o.closes_at OR e.closes_at <= cceval_now() THEN
    RAISE EXCEPTION 'a closing time only moves to later' USING ERRCODE = 'CC422'; END IF;
  UPDATE bids_offerround SET closes_at = e.closes_at WHERE id = o.id;
END $$;
"""
# One person asks, another confirms, the clock and an opener open, an outage moves the closing time:
# nothing else changes a round.
DECIDED = """
CREATE OR REPLACE FUNCTION cceval_refuse_other_offer_round() RETURNS trigger LANGUAGE plpgsql AS $$
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
                  AND pg_get_userbyid(relowner) = current_user) THEN RETURN NEW; END IF;{extended}
    IF OLD.state = 'running' AND NEW.state = 'opened' AND OLD.opened_at IS NOT NULL
      AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'final offers are asked for once and decided once' USING ERRCODE = 'CC409';
END $$;
"""
EXTENDED = """
    IF OLD.state = 'running' AND OLD.opened_at IS NULL AND NEW.closes_at > OLD.closes_at
      AND to_jsonb(NEW) - 'closes_at' = to_jsonb(OLD) - 'closes_at'
      AND EXISTS (SELECT 1 FROM bids_offerextension e WHERE e.offer_round_id = NEW.id
                  AND e.state = 'confirmed' AND e.before = OLD.closes_at
                  AND e.closes_at = NEW.closes_at)
      AND EXISTS (SELECT 1 FROM pg_class WHERE oid = TG_RELID
                  AND pg_get_userbyid(relowner) = current_user) THEN RETURN NEW; END IF;"""


class Migration(migrations.Migration):
    dependencies = [("bids", "0023_outage_of_offers")]
    operations = [
        *owned("bids_offerextension"),
        migrations.RunSQL(ASKED, ASKED_BACK),
        migrations.RunSQL(EXTEND, "DROP FUNCTION cceval_extend_offers(uuid);"),
        migrations.RunSQL(DECIDED.format(extended=EXTENDED), DECIDED.format(extended="")),
    ]
