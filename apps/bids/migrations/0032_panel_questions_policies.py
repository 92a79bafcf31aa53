"""Who reads what the panel asks one vendor, and until when that vendor answers."""

from django.db import migrations

from apps.core.policies import ORGANISATION, append_only, enable, owned, policy

BUYER = f"organisation_id = {ORGANISATION}"
OWN = f"vendor_id = {ORGANISATION}"
# Sent to the vendor of the bid it is about, while the answer can still come.
SENT = """
CREATE FUNCTION cceval_refuse_other_sending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.sent_by_id = cceval_person() AND NEW.due_at > cceval_now() AND EXISTS (
    SELECT 1 FROM bids_panelquestion q JOIN bids_bid b ON b.id = q.bid_id
    WHERE q.id = NEW.asked_id AND b.id = NEW.bid_id AND b.vendor_id = NEW.vendor_id)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a question goes to the vendor it is about' USING ERRCODE = 'CC409';
END $$;
"""
# Answered by that vendor, about that bid, in time by the database's clock.
ANSWERED = """
CREATE FUNCTION cceval_refuse_late_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.answered_by_id = cceval_person() AND EXISTS (
    SELECT 1 FROM bids_sentquestion s
    WHERE s.id = NEW.sent_id AND s.bid_id = NEW.bid_id AND s.vendor_id = NEW.vendor_id
      AND s.organisation_id = NEW.organisation_id AND cceval_now() < s.due_at)
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'this question is answered no more' USING ERRCODE = 'CC409';
END $$;
"""


def trigger(table: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""CREATE TRIGGER in_time BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION {function}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER in_time;""",
        f"DROP TRIGGER in_time ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("bids", "0031_panel_questions")]
    operations = [
        *owned("bids_panelquestion"),
        append_only("bids_panelquestion"),
        enable("bids_sentquestion"),
        policy("bids_sentquestion", "buyer", BUYER),
        policy("bids_sentquestion", "asked_vendor", OWN, to="SELECT"),
        append_only("bids_sentquestion"),
        enable("bids_vendorexplanation"),
        policy("bids_vendorexplanation", "vendor", OWN),
        policy("bids_vendorexplanation", "buyer", BUYER, to="SELECT"),
        append_only("bids_vendorexplanation"),
        migrations.RunSQL(SENT, "DROP FUNCTION cceval_refuse_other_sending();"),
        migrations.RunSQL(ANSWERED, "DROP FUNCTION cceval_refuse_late_answer();"),
        trigger("bids_sentquestion", "cceval_refuse_other_sending"),
        trigger("bids_vendorexplanation", "cceval_refuse_late_answer"),
    ]
