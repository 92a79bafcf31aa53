from django.db import migrations

# What was proposed is what is approved: of a decision only its state moves on, and with it who
# approved it or sent it back. Once approved, nothing moves.
FROZEN = """
CREATE FUNCTION cceval_refuse_changed_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moving text[] := ARRAY['state', 'approved_by_id', 'approved_at', 'sent_back_reason',
  'sent_back_by_id', 'sent_back_at'];
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state <> 'approved'
     AND to_jsonb(NEW) - moving = to_jsonb(OLD) - moving THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a decision is frozen: only its state moves on' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON decision_decision
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_changed_decision();
ALTER TABLE decision_decision ENABLE ALWAYS TRIGGER frozen;
"""
BACK = """
DROP TRIGGER frozen ON decision_decision;
DROP FUNCTION cceval_refuse_changed_decision();
"""


class Migration(migrations.Migration):
    dependencies = [("decision", "0002_policies")]
    operations = [migrations.RunSQL(FROZEN, BACK)]
