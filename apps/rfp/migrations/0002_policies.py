from django.db import migrations

from apps.core.policies import ORGANISATION, enable, owned, policy

# The deadline and the opening are moved by these functions alone: they check, with the database's
# clock, and the application login has no UPDATE on the columns. `SECURITY DEFINER` runs them as
# the owner, whom the policy `by_function` admits.
EXTEND = """
CREATE FUNCTION cceval_extend(which uuid, later timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r rfp_round;
BEGIN
  SELECT * INTO r FROM rfp_round WHERE id = which AND organisation_id = cceval_organisation() FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such round' USING ERRCODE = 'CC404'; END IF;
  IF r.opened_at IS NOT NULL THEN RAISE EXCEPTION 'bids are open' USING ERRCODE = 'CC409'; END IF;
  IF later <= r.closes_at OR later <= cceval_now() THEN
    RAISE EXCEPTION 'a deadline only moves to later' USING ERRCODE = 'CC422'; END IF;
  UPDATE rfp_round SET closes_at = later WHERE id = which;
END $$;
"""
OPEN = """
CREATE FUNCTION cceval_open(which uuid) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r rfp_round; moment timestamptz;
BEGIN
  SELECT * INTO r FROM rfp_round WHERE id = which AND organisation_id = cceval_organisation() FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such round' USING ERRCODE = 'CC404'; END IF;
  IF r.opened_at IS NOT NULL THEN RETURN r.opened_at; END IF;
  moment := cceval_now();
  IF moment < r.closes_at + r.grace THEN
    RAISE EXCEPTION 'too early' USING ERRCODE = 'CC409'; END IF;
  UPDATE rfp_round SET opened_at = moment WHERE id = which;
  RETURN moment;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("rfp", "0001_initial"), ("workspace", "0002_policies")]
    operations = [
        *owned("rfp_rfp"),
        *owned("rfp_section"),
        *owned("rfp_question"),
        *owned("rfp_workload"),
        *owned("rfp_owncost"),
        enable("rfp_round"),
        policy("rfp_round", "read", f"organisation_id = {ORGANISATION}", to="SELECT"),
        policy("rfp_round", "write", f"organisation_id = {ORGANISATION}", to="INSERT"),
        # FOR SHARE and FOR UPDATE need an UPDATE policy; this one locks and cannot write.
        migrations.RunSQL(
            f"""CREATE POLICY lock ON rfp_round FOR UPDATE
                USING (organisation_id = {ORGANISATION}) WITH CHECK (false);
            CREATE POLICY by_function ON rfp_round FOR UPDATE TO CURRENT_USER
                USING (organisation_id = {ORGANISATION})
                WITH CHECK (organisation_id = {ORGANISATION});""",
            "DROP POLICY by_function ON rfp_round; DROP POLICY lock ON rfp_round;",
        ),
        migrations.RunSQL(EXTEND, "DROP FUNCTION cceval_extend(uuid, timestamptz);"),
        migrations.RunSQL(OPEN, "DROP FUNCTION cceval_open(uuid);"),
    ]
