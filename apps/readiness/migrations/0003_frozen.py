from django.db import migrations

# What was signed off is evidence: answers and record stay, only the state moves on.
ANSWERS = """
CREATE FUNCTION cceval_refuse_signed_answer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE touched uuid[]; drafts integer;
BEGIN
  IF TG_OP = 'INSERT' THEN touched := ARRAY[NEW.assessment_id];
  ELSIF TG_OP = 'DELETE' THEN touched := ARRAY[OLD.assessment_id];
  ELSE touched := ARRAY[OLD.assessment_id, NEW.assessment_id]; END IF;
  SELECT count(*) INTO drafts FROM readiness_assessment WHERE id = ANY(touched) AND state = 'draft';
  IF drafts <> (SELECT count(DISTINCT one) FROM unnest(touched) AS one) THEN
    RAISE EXCEPTION 'the assessment is signed off' USING ERRCODE = 'CC409';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
"""
WHOLE = """
CREATE FUNCTION cceval_refuse_signed_assessment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state = 'draft' THEN RETURN OLD; END IF;
  ELSIF OLD.state = 'draft' THEN RETURN NEW;
  ELSIF NEW.state <> 'draft' AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the assessment is signed off: only its state moves on' USING ERRCODE = 'CC409';
END $$;
"""


def frozen(table, function, events):
    return migrations.RunSQL(
        f"""CREATE TRIGGER frozen BEFORE {events} ON {table}
            FOR EACH ROW EXECUTE FUNCTION {function}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER frozen;""",
        f"DROP TRIGGER frozen ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("readiness", "0002_policies")]
    operations = [
        migrations.RunSQL(ANSWERS, "DROP FUNCTION cceval_refuse_signed_answer();"),
        migrations.RunSQL(WHOLE, "DROP FUNCTION cceval_refuse_signed_assessment();"),
        frozen(
            "readiness_assessmentanswer",
            "cceval_refuse_signed_answer",
            "INSERT OR UPDATE OR DELETE",
        ),
        frozen("readiness_assessment", "cceval_refuse_signed_assessment", "UPDATE OR DELETE"),
    ]
