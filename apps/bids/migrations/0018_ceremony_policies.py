from django.db import migrations

from apps.core.policies import ORGANISATION, append_only, owned, policy

# A ceremony gathers keys and ends once; it opens with as many persons as the key of its envelope
# asks for, each of whom turned a key of that envelope in person.
MOVES = """
CREATE FUNCTION cceval_keys_turned(which uuid, what text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT count(DISTINCT t.turned_by_id) >= min(k.needed)
  FROM rfp_envelopekey k
  JOIN bids_ceremony c ON c.rfp_id = k.rfp_id AND c.kind = k.kind
  JOIN bids_turn t ON t.ceremony_id = c.id
  WHERE k.rfp_id = which AND k.kind = what AND c.state = 'gathering' AND c.ends_at > cceval_now()
$$;
CREATE FUNCTION cceval_refuse_other_ceremony() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' AND NEW.state = 'gathering' THEN RETURN NEW; END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'gathering'
    AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state'
    AND (NEW.state = 'ended'
      OR (NEW.state = 'opened' AND cceval_keys_turned(OLD.rfp_id, OLD.kind)))
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a ceremony ends once, and opens with enough keys' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER moves BEFORE INSERT OR UPDATE OR DELETE ON bids_ceremony
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_ceremony();
ALTER TABLE bids_ceremony ENABLE ALWAYS TRIGGER moves;
CREATE FUNCTION cceval_refuse_other_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.turned_by_id = cceval_person() AND EXISTS (
    SELECT 1 FROM bids_ceremony c JOIN rfp_openerkey k ON k.rfp_id = c.rfp_id AND k.kind = c.kind
    WHERE c.id = NEW.ceremony_id AND k.id = NEW.key_id AND c.state = 'gathering'
      AND c.ends_at > cceval_now() AND (k.spare OR k.holder_id = NEW.turned_by_id))
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a key is turned in person, in a running ceremony' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER in_person BEFORE INSERT ON bids_turn
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_turn();
ALTER TABLE bids_turn ENABLE ALWAYS TRIGGER in_person;
"""
MOVES_BACK = """
DROP TRIGGER in_person ON bids_turn;
DROP FUNCTION cceval_refuse_other_turn();
DROP TRIGGER moves ON bids_ceremony;
DROP FUNCTION cceval_refuse_other_ceremony();
DROP FUNCTION cceval_keys_turned(uuid, text);
"""
# The two openings ask for the keys too: without enough turned, nothing becomes visible.
ROUND = """
CREATE OR REPLACE FUNCTION cceval_open(which uuid) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r rfp_round; moment timestamptz;
BEGIN
  SELECT * INTO r FROM rfp_round WHERE id = which AND organisation_id = cceval_organisation() FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such round' USING ERRCODE = 'CC404'; END IF;
  IF r.opened_at IS NOT NULL THEN RETURN r.opened_at; END IF;
  moment := cceval_now();
  IF moment < r.closes_at + r.grace THEN
    RAISE EXCEPTION 'too early' USING ERRCODE = 'CC409'; END IF;{keys}
  UPDATE rfp_round SET opened_at = moment WHERE id = which;
  RETURN moment;
END $$;
"""
ROUND_KEYS = """
  IF NOT coalesce(cceval_keys_turned(r.rfp_id, 'technical'), false) THEN
    RAISE EXCEPTION 'not enough keys are turned' USING ERRCODE = 'CC423'; END IF;"""
OFFERS = """
CREATE OR REPLACE FUNCTION cceval_open_offers(which uuid) RETURNS timestamptz
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
    RAISE EXCEPTION 'too early' USING ERRCODE = 'CC409'; END IF;{keys}
  UPDATE bids_offerround SET opened_at = moment WHERE id = which;
  RETURN moment;
END $$;
"""
OFFERS_KEYS = """
  IF NOT coalesce(cceval_keys_turned(o.rfp_id, 'final'), false) THEN
    RAISE EXCEPTION 'not enough keys are turned' USING ERRCODE = 'CC423'; END IF;"""


class Migration(migrations.Migration):
    dependencies = [("bids", "0017_ceremony"), ("rfp", "0022_sealing_policies")]
    operations = [
        *owned("bids_ceremony"),
        *owned("bids_turn"),
        append_only("bids_turn"),
        # The half that seals is for everybody who is invited.
        policy(
            "rfp_envelopekey",
            "invited_vendor",
            "EXISTS (SELECT 1 FROM bids_invitation i WHERE i.rfp_id = rfp_envelopekey.rfp_id"
            f" AND i.vendor_id = {ORGANISATION} AND i.state <> 'declined')",
            to="SELECT",
        ),
        migrations.RunSQL(MOVES, MOVES_BACK),
        migrations.RunSQL(ROUND.format(keys=ROUND_KEYS), ROUND.format(keys="")),
        migrations.RunSQL(OFFERS.format(keys=OFFERS_KEYS), OFFERS.format(keys="")),
    ]
