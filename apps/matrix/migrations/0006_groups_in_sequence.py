"""No score in a section whose group waits, and no consensus before every group was released."""

from django.db import migrations

SCORE = """
CREATE FUNCTION cceval_refuse_score_ahead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM rfp_question q
             WHERE q.id = NEW.question_id AND cceval_section_waits(q.section_id)) THEN
    RAISE EXCEPTION 'this group is not released' USING ERRCODE = 'CC409';
  END IF;
  RETURN NEW;
END $$;
"""
CONSENSUS = """
CREATE FUNCTION cceval_refuse_consensus_ahead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.phase <> 'independent' AND EXISTS (
    SELECT 1 FROM bids_panelgroup g WHERE g.procurement_id = NEW.procurement_id AND g.position > 1
      AND NOT EXISTS (SELECT 1 FROM bids_grouprelease r WHERE r.group_id = g.id)) THEN
    RAISE EXCEPTION 'a group is not released' USING ERRCODE = 'CC409';
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
    dependencies = [("matrix", "0005_course_policies"), ("bids", "0030_panel_groups_policies")]
    operations = [
        migrations.RunSQL(SCORE, "DROP FUNCTION cceval_refuse_score_ahead();"),
        migrations.RunSQL(CONSENSUS, "DROP FUNCTION cceval_refuse_consensus_ahead();"),
        trigger("in_sequence", "INSERT", "matrix_score", "cceval_refuse_score_ahead"),
        trigger("in_sequence", "UPDATE", "matrix_scoringround", "cceval_refuse_consensus_ahead"),
    ]
