"""Who reads re-openings and substitutions, and what no login does to a locked round."""

from django.db import migrations

from apps.core.policies import append_only, owned

# What was asked for, and by whom, stands from the first moment; only the decision is added.
ASKED = """
CREATE FUNCTION cceval_refuse_other_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision text[] := ARRAY['state', 'decided_by_id', 'decided_at', 'prices_known', 'answer'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state = 'requested' AND NOT NEW.prices_known AND NEW.answer = ''
      AND NEW.requested_by_id = cceval_person() THEN RETURN NEW; END IF;
  ELSIF TG_OP = 'UPDATE' AND OLD.state = 'requested'
    AND to_jsonb(NEW) - decision = to_jsonb(OLD) - decision
    AND NEW.decided_by_id = cceval_person() THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a reopening is asked for once and decided once' USING ERRCODE = 'CC409';
END $$;
"""
# A round after the first follows a locked one that two persons re-opened; a locked one stays.
ROUND = """
CREATE FUNCTION cceval_refuse_other_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.number = 1 AND NEW.supersedes_id IS NULL THEN RETURN NEW; END IF;
    IF EXISTS (
      SELECT 1 FROM matrix_reopening r JOIN matrix_scoringround o ON o.id = r.scoring_round_id
      WHERE o.id = NEW.supersedes_id AND o.rfp_id = NEW.rfp_id AND o.number = NEW.number - 1
        AND o.phase = 'locked' AND r.state = 'confirmed'
    ) THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'two persons re-open locked scores' USING ERRCODE = 'CC409';
  END IF;
  IF OLD.phase <> 'locked' AND TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  IF OLD.phase <> 'locked' AND to_jsonb(NEW) - 'phase' = to_jsonb(OLD) - 'phase' THEN
    RETURN NEW; END IF;
  RAISE EXCEPTION 'a locked round stays as it is' USING ERRCODE = 'CC409';
END $$;
"""
LOCKED = """
CREATE FUNCTION cceval_refuse_into_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM matrix_scoringround
             WHERE id = NEW.scoring_round_id AND phase = 'locked') THEN
    RAISE EXCEPTION 'nothing is added to a locked round' USING ERRCODE = 'CC409';
  END IF;
  RETURN NEW;
END $$;
"""


def trigger(name: str, when: str, table: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""CREATE TRIGGER {name} BEFORE {when} ON {table}
            FOR EACH ROW EXECUTE FUNCTION {function}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};""",
        f"DROP TRIGGER {name} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("matrix", "0004_course_of_the_round")]
    operations = [
        *owned("matrix_reopening"),
        *owned("matrix_substitution"),
        append_only("matrix_substitution"),
        migrations.RunSQL(ASKED, "DROP FUNCTION cceval_refuse_other_reopening();"),
        migrations.RunSQL(ROUND, "DROP FUNCTION cceval_refuse_other_round();"),
        migrations.RunSQL(LOCKED, "DROP FUNCTION cceval_refuse_into_locked();"),
        trigger(
            "asked",
            "INSERT OR UPDATE OR DELETE",
            "matrix_reopening",
            "cceval_refuse_other_reopening",
        ),
        trigger(
            "superseding",
            "INSERT OR UPDATE OR DELETE",
            "matrix_scoringround",
            "cceval_refuse_other_round",
        ),
        trigger("locked", "INSERT", "matrix_score", "cceval_refuse_into_locked"),
        trigger("locked", "INSERT", "matrix_consensus", "cceval_refuse_into_locked"),
        trigger("locked", "INSERT", "matrix_substitution", "cceval_refuse_into_locked"),
    ]
