from django.db import migrations

# While an RFP is a draft its deadline may be set and set again; afterwards it moves by `cceval_extend`.
SCHEDULE = """
CREATE FUNCTION cceval_schedule(new_id uuid, which uuid, closes timestamptz, spare interval, place text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r rfp_rfp;
BEGIN
  SELECT * INTO r FROM rfp_rfp WHERE id = which AND organisation_id = cceval_organisation() FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such RFP' USING ERRCODE = 'CC404'; END IF;
  IF r.state <> 'draft' THEN RAISE EXCEPTION 'published' USING ERRCODE = 'CC409'; END IF;
  IF closes <= cceval_now() OR spare < interval '0' THEN
    RAISE EXCEPTION 'a deadline lies in the future' USING ERRCODE = 'CC422'; END IF;
  INSERT INTO rfp_round (id, created_at, organisation_id, rfp_id, closes_at, grace, zone, touched)
  VALUES (new_id, now(), r.organisation_id, which, closes, spare, place, false)
  ON CONFLICT (rfp_id) DO UPDATE SET closes_at = closes, grace = spare, zone = place;
END $$;
"""
# What vendors read is what will be judged: once published, nothing of it changes, whoever asks.
PARTS = """
CREATE FUNCTION cceval_refuse_published_part() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE touched uuid[]; drafts integer;
BEGIN
  IF TG_OP = 'INSERT' THEN touched := ARRAY[NEW.rfp_id];
  ELSIF TG_OP = 'DELETE' THEN touched := ARRAY[OLD.rfp_id];
  ELSE touched := ARRAY[OLD.rfp_id, NEW.rfp_id]; END IF;
  SELECT count(*) INTO drafts FROM rfp_rfp WHERE id = ANY(touched) AND state = 'draft';
  IF drafts <> (SELECT count(DISTINCT one) FROM unnest(touched) AS one) THEN
    RAISE EXCEPTION '% is frozen: the RFP is not a draft', TG_TABLE_NAME USING ERRCODE = 'CC409';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
"""
WHOLE = """
CREATE FUNCTION cceval_refuse_published_rfp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state = 'draft' THEN RETURN OLD; END IF;
  ELSIF OLD.state = 'draft' THEN RETURN NEW;
  ELSIF NEW.state <> 'draft' AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the RFP is frozen: only its state moves on' USING ERRCODE = 'CC409';
END $$;
"""
FROZEN_PARTS = ("rfp_section", "rfp_question", "rfp_workload", "rfp_owncost")


def frozen(table, function, events):
    return migrations.RunSQL(
        f"""CREATE TRIGGER frozen BEFORE {events} ON {table}
            FOR EACH ROW EXECUTE FUNCTION {function}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER frozen;""",
        f"DROP TRIGGER frozen ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("rfp", "0002_policies")]
    operations = [
        migrations.RunSQL(
            SCHEDULE, "DROP FUNCTION cceval_schedule(uuid, uuid, timestamptz, interval, text);"
        ),
        migrations.RunSQL(PARTS, "DROP FUNCTION cceval_refuse_published_part();"),
        migrations.RunSQL(WHOLE, "DROP FUNCTION cceval_refuse_published_rfp();"),
        *(
            frozen(table, "cceval_refuse_published_part", "INSERT OR UPDATE OR DELETE")
            for table in FROZEN_PARTS
        ),
        frozen("rfp_rfp", "cceval_refuse_published_rfp", "UPDATE OR DELETE"),
    ]
