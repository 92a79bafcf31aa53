"""Who reads the panel's groups, in which order they are released, and what then stands."""

from django.db import migrations

from apps.core.policies import append_only, owned

# A section waits while its group is not the first and nobody released it.
WAITS = """
CREATE FUNCTION cceval_section_waits(which uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM bids_groupsection s JOIN bids_panelgroup g ON g.id = s.group_id
    WHERE s.section_id = which AND g.position > 1
      AND NOT EXISTS (SELECT 1 FROM bids_grouprelease r WHERE r.group_id = g.id))
$$;
"""
OPENED = """
CREATE FUNCTION cceval_panel_reads(which uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM workspace_procurement p
                 WHERE p.id = which AND p.phase NOT IN ('preparing', 'tendering'))
$$;
"""
# One after another, by the person who says so, at the database's moment.
RELEASE = """
CREATE FUNCTION cceval_refuse_other_release() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE g bids_panelgroup%ROWTYPE;
BEGIN
  SELECT * INTO g FROM bids_panelgroup WHERE id = NEW.group_id;
  IF NEW.released_by_id = cceval_person() AND g.position > 1
    AND cceval_panel_reads(g.procurement_id)
    AND (g.position = 2 OR EXISTS (
      SELECT 1 FROM bids_grouprelease r JOIN bids_panelgroup o ON o.id = r.group_id
      WHERE o.procurement_id = g.procurement_id AND o.position = g.position - 1))
  THEN
    NEW.released_at := cceval_now();
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'groups are released one after another' USING ERRCODE = 'CC409';
END $$;
"""
# After the opening groups and their sections stand; members change while a group waits.
ARRANGED = """
CREATE FUNCTION cceval_refuse_other_group() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held jsonb := to_jsonb(CASE WHEN TG_OP = 'INSERT' THEN NEW ELSE OLD END);
  g bids_panelgroup%ROWTYPE;
  which uuid := (held->>'procurement_id')::uuid;
BEGIN
  IF which IS NULL THEN
    SELECT * INTO g FROM bids_panelgroup WHERE id = (held->>'group_id')::uuid;
    which := g.procurement_id;
  END IF;
  IF NOT cceval_panel_reads(which) OR (
    TG_TABLE_NAME = 'bids_groupmember' AND TG_OP <> 'UPDATE' AND g.position > 1
    AND NOT EXISTS (SELECT 1 FROM bids_grouprelease r WHERE r.group_id = g.id))
  THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'groups stand once bids are open' USING ERRCODE = 'CC409';
END $$;
"""


def trigger(name: str, when: str, table: str, function: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""CREATE TRIGGER {name} BEFORE {when} ON {table}
            FOR EACH ROW EXECUTE FUNCTION {function}();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};""",
        f"DROP TRIGGER {name} ON {table};",
    )


CHANGE = "INSERT OR UPDATE OR DELETE"


class Migration(migrations.Migration):
    dependencies = [("bids", "0029_panel_groups")]
    operations = [
        *owned("bids_panelgroup"),
        *owned("bids_groupsection"),
        *owned("bids_groupmember"),
        *owned("bids_grouprelease"),
        append_only("bids_grouprelease"),
        migrations.RunSQL(WAITS, "DROP FUNCTION cceval_section_waits(uuid);"),
        migrations.RunSQL(OPENED, "DROP FUNCTION cceval_panel_reads(uuid);"),
        migrations.RunSQL(RELEASE, "DROP FUNCTION cceval_refuse_other_release();"),
        migrations.RunSQL(ARRANGED, "DROP FUNCTION cceval_refuse_other_group();"),
        trigger("in_sequence", "INSERT", "bids_grouprelease", "cceval_refuse_other_release"),
        trigger("arranged", CHANGE, "bids_panelgroup", "cceval_refuse_other_group"),
        trigger("arranged", CHANGE, "bids_groupsection", "cceval_refuse_other_group"),
        trigger("arranged", CHANGE, "bids_groupmember", "cceval_refuse_other_group"),
    ]
