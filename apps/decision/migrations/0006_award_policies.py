from django.db import migrations

from apps.core.policies import append_only, owned

# A contract follows an approved award, and its standstill: counted here too, in whole days.
AFTER = """
CREATE FUNCTION cceval_refuse_early_contract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM decision_award a JOIN decision_decision d ON d.id = a.decision_id
             WHERE a.id = NEW.award_id AND a.winner_id IS NOT NULL AND d.state = 'approved'
             AND cceval_now() >= d.approved_at + make_interval(days => a.standstill_days))
  THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a contract follows an approved award and its standstill'
    USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER after_the_award BEFORE INSERT ON decision_contract
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_early_contract();
ALTER TABLE decision_contract ENABLE ALWAYS TRIGGER after_the_award;
"""
BACK = """
DROP TRIGGER after_the_award ON decision_contract;
DROP FUNCTION cceval_refuse_early_contract();
"""


class Migration(migrations.Migration):
    dependencies = [("decision", "0005_award"), ("bids", "0026_results_policies")]
    operations = [
        *owned("decision_award"),
        append_only("decision_award"),
        *owned("decision_contract"),
        append_only("decision_contract"),
        migrations.RunSQL(AFTER, BACK),
    ]
