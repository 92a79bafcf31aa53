"""A question of the panel is sent or set aside, never both."""

from django.db import migrations

from apps.core.policies import append_only, owned

# Two transactions that decide about one question take turns, and the second sees the first.
ONE_FATE = """
CREATE FUNCTION cceval_refuse_second_fate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.asked_id::text, 34));
  IF EXISTS (SELECT 1 FROM bids_shelvedquestion WHERE asked_id = NEW.asked_id)
    OR EXISTS (SELECT 1 FROM bids_sentquestion WHERE asked_id = NEW.asked_id)
  THEN RAISE EXCEPTION 'this question was sent or set aside' USING ERRCODE = 'CC409'; END IF;
  RETURN NEW;
END $$;
"""


def one_fate(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""CREATE TRIGGER one_fate BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION cceval_refuse_second_fate();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER one_fate;""",
        f"DROP TRIGGER one_fate ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("bids", "0033_shelved_questions")]
    operations = [
        *owned("bids_shelvedquestion"),
        append_only("bids_shelvedquestion"),
        migrations.RunSQL(ONE_FATE, "DROP FUNCTION cceval_refuse_second_fate();"),
        one_fate("bids_shelvedquestion"),
        one_fate("bids_sentquestion"),
    ]
