from django.db import migrations

from apps.core.policies import ORGANISATION, append_only, enable, policy

VENDOR = f"vendor_id = {ORGANISATION}"
# That an offer was taken back is its vendor's alone until the final offers are opened.
OPENED = (
    f"organisation_id = {ORGANISATION} AND EXISTS (SELECT 1 FROM bids_submission s"
    " JOIN bids_offerround o ON o.id = s.offer_round_id"
    " WHERE s.id = bids_withdrawnoffer.submission_id AND o.opened_at IS NOT NULL)"
)
# A final offer is of a bid and of lots that were asked, and arrived before its closing time.
IN_TIME = """
CREATE OR REPLACE FUNCTION cceval_refuse_late_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.offer_round_id IS NULL THEN RETURN NEW; END IF;
  IF NEW.sheets <> '{}' AND EXISTS (
    SELECT 1 FROM bids_offerround o JOIN bids_offerrequest q ON q.offer_round_id = o.id
    WHERE o.id = NEW.offer_round_id AND o.state = 'running' AND o.opened_at IS NULL
      AND q.bid_id = NEW.bid_id AND q.sent_at IS NOT NULL AND NEW.arrived_at < o.closes_at)
  AND NOT EXISTS (
    SELECT 1 FROM jsonb_object_keys(NEW.sheets) AS sealed(place) WHERE NOT EXISTS (
      SELECT 1 FROM bids_offerrequest q LEFT JOIN rfp_lot l ON l.id = q.lot_id
      WHERE q.offer_round_id = NEW.offer_round_id AND q.bid_id = NEW.bid_id
        AND q.sent_at IS NOT NULL AND coalesce(l.code, '') = sealed.place))
  AND NOT EXISTS (
    SELECT 1 FROM jsonb_array_elements_text(NEW.lots) AS covered(place)
    WHERE NOT jsonb_exists(NEW.sheets, covered.place))
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'no final offer is taken now' USING ERRCODE = 'CC409';
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION cceval_refuse_late_offer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.offer_round_id IS NULL OR EXISTS (
    SELECT 1 FROM bids_offerround o JOIN bids_offerrequest q ON q.offer_round_id = o.id
    WHERE o.id = NEW.offer_round_id AND o.state = 'running' AND o.opened_at IS NULL
      AND q.bid_id = NEW.bid_id AND q.sent_at IS NOT NULL AND NEW.arrived_at < o.closes_at)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'no final offer is taken now' USING ERRCODE = 'CC409';
END $$;
"""
# Only the last final offer is taken back, by its vendor, while the closing time lies ahead.
TAKEN_BACK = """
CREATE FUNCTION cceval_refuse_other_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.withdrawn_by_id = cceval_person() AND EXISTS (
    SELECT 1 FROM bids_submission s JOIN bids_offerround o ON o.id = s.offer_round_id
    WHERE s.id = NEW.submission_id AND s.vendor_id = NEW.vendor_id
      AND s.organisation_id = NEW.organisation_id
      AND o.state = 'running' AND o.opened_at IS NULL AND cceval_now() < o.closes_at
      AND NOT EXISTS (SELECT 1 FROM bids_submission l
                      WHERE l.bid_id = s.bid_id AND l.number > s.number))
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'this offer is not taken back' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER in_time BEFORE INSERT ON bids_withdrawnoffer
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_withdrawal();
ALTER TABLE bids_withdrawnoffer ENABLE ALWAYS TRIGGER in_time;
"""
TAKEN_BACK_BACK = (
    "DROP TRIGGER in_time ON bids_withdrawnoffer; DROP FUNCTION cceval_refuse_other_withdrawal();"
)


class Migration(migrations.Migration):
    dependencies = [("bids", "0021_offers_by_lot"), ("rfp", "0022_sealing_policies")]
    operations = [
        enable("bids_withdrawnoffer"),
        policy("bids_withdrawnoffer", "vendor", VENDOR),
        policy("bids_withdrawnoffer", "buyer_after_opening", OPENED, to="SELECT"),
        append_only("bids_withdrawnoffer"),
        migrations.RunSQL(IN_TIME, BEFORE),
        migrations.RunSQL(TAKEN_BACK, TAKEN_BACK_BACK),
    ]
