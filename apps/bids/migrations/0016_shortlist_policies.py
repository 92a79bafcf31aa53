from django.db import migrations

from apps.core.policies import ORGANISATION, enable, owned, policy

BUYER = f"organisation_id = {ORGANISATION}"
# A vendor reads what became of its own bid, once the list is confirmed; of the list itself nothing.
OWN = f"vendor_id = {ORGANISATION} AND sent_at IS NOT NULL"
# One person proposes, another confirms or drops: nothing else changes a list.
DECIDED = """
CREATE FUNCTION cceval_refuse_other_shortlist() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision text[] := ARRAY['state', 'decided_by_id', 'decided_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state = 'requested' AND NEW.requested_by_id = cceval_person()
      AND NEW.decided_by_id IS NULL
      AND EXISTS (SELECT 1 FROM rfp_rfp f JOIN workspace_procurement p ON p.id = f.procurement_id
                  WHERE f.id = NEW.rfp_id AND f.kind = 'information' AND p.phase = 'shortlist')
    THEN RETURN NEW; END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    IF OLD.state = 'requested' AND NEW.state IN ('confirmed', 'dropped')
      AND NEW.decided_by_id = cceval_person()
      AND to_jsonb(NEW) - decision = to_jsonb(OLD) - decision THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'a shortlist is proposed once and decided once' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER decided BEFORE INSERT OR UPDATE OR DELETE ON bids_shortlist
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_shortlist();
ALTER TABLE bids_shortlist ENABLE ALWAYS TRIGGER decided;
CREATE TRIGGER decided_whole BEFORE TRUNCATE ON bids_shortlist
  FOR EACH STATEMENT EXECUTE FUNCTION cceval_refuse_change();
ALTER TABLE bids_shortlist ENABLE ALWAYS TRIGGER decided_whole;
"""
DECIDED_BACK = """
DROP TRIGGER decided_whole ON bids_shortlist;
DROP TRIGGER decided ON bids_shortlist;
DROP FUNCTION cceval_refuse_other_shortlist();
"""
# What the second person confirmed is what the vendors are told.
CONFIRMED = """
CREATE FUNCTION cceval_refuse_other_shortlist_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text;
BEGIN
  IF TG_OP <> 'DELETE' THEN
    SELECT state INTO held FROM bids_shortlist WHERE id = NEW.shortlist_id;
    IF TG_OP = 'INSERT' AND held = 'requested' AND NEW.sent_at IS NULL THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE' AND held = 'confirmed' AND OLD.sent_at IS NULL AND NEW.sent_at IS NOT NULL
      AND to_jsonb(NEW) - 'sent_at' = to_jsonb(OLD) - 'sent_at' THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION 'who is taken stands' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER confirmed BEFORE INSERT OR UPDATE OR DELETE ON bids_shortlistentry
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_shortlist_entry();
ALTER TABLE bids_shortlistentry ENABLE ALWAYS TRIGGER confirmed;
CREATE TRIGGER confirmed_whole BEFORE TRUNCATE ON bids_shortlistentry
  FOR EACH STATEMENT EXECUTE FUNCTION cceval_refuse_change();
ALTER TABLE bids_shortlistentry ENABLE ALWAYS TRIGGER confirmed_whole;
"""
CONFIRMED_BACK = """
DROP TRIGGER confirmed_whole ON bids_shortlistentry;
DROP TRIGGER confirmed ON bids_shortlistentry;
DROP FUNCTION cceval_refuse_other_shortlist_entry();
"""


class Migration(migrations.Migration):
    dependencies = [("bids", "0015_shortlist"), ("rfp", "0018_information")]
    operations = [
        *owned("bids_shortlist"),
        migrations.RunSQL(DECIDED, DECIDED_BACK),
        enable("bids_shortlistentry"),
        policy("bids_shortlistentry", "buyer", BUYER),
        policy("bids_shortlistentry", "told_vendor", OWN, to="SELECT"),
        migrations.RunSQL(CONFIRMED, CONFIRMED_BACK),
    ]
