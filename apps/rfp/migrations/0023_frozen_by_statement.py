from django.db import migrations

# The same refusal as the trigger `frozen` of each row, asked once per statement: an import changes
# 1,000 questions at a time. A row that moves to another RFP, or whose key changes, has no pair.
ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
GUARDED = ("rfp_section", "rfp_question")
REFUSE = """
CREATE FUNCTION cceval_refuse_published_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $$
DECLARE bound uuid[]; strange bigint; texts text[] := ARRAY['topic', 'text', 'evidence'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(DISTINCT rfp_id) INTO bound FROM new_rows;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT array_agg(DISTINCT rfp_id) INTO bound FROM old_rows;
  ELSE
    SELECT array_agg(rfp_id) INTO bound
    FROM (SELECT rfp_id FROM old_rows UNION SELECT rfp_id FROM new_rows) AS touched;
  END IF;
  SELECT array_agg(one) INTO bound FROM unnest(bound) AS one
  WHERE NOT EXISTS (SELECT FROM rfp_rfp WHERE id = one AND state = 'draft');
  IF bound IS NULL THEN RETURN NULL; END IF;
  IF TG_TABLE_NAME = 'rfp_question' AND TG_OP = 'INSERT' THEN
    SELECT count(*) INTO strange FROM new_rows AS made
    WHERE made.rfp_id = ANY(bound) AND NOT (
      cceval_by_addendum(TG_RELID, made.rfp_id) AND made.weight = 0 AND made.mode = 'info'
      AND made.knockout = '{}' AND NOT made.withdrawn);
    IF strange = 0 THEN RETURN NULL; END IF;
  ELSIF TG_TABLE_NAME = 'rfp_question' AND TG_OP = 'UPDATE' THEN
    SELECT count(*) INTO strange FROM old_rows AS was FULL JOIN new_rows AS made USING (id)
    WHERE (was.rfp_id = ANY(bound) OR made.rfp_id = ANY(bound)) AND (
      cceval_by_addendum(TG_RELID, made.rfp_id) AND (
        to_jsonb(made) - texts = to_jsonb(was) - texts
        OR (NOT was.withdrawn AND was.weight = 0 AND was.knockout = '{}'
            AND to_jsonb(made) - 'withdrawn' = to_jsonb(was) - 'withdrawn'))) IS NOT TRUE;
    IF strange = 0 THEN RETURN NULL; END IF;
  END IF;
  RAISE EXCEPTION '% is frozen: the RFP is not a draft', TG_TABLE_NAME USING ERRCODE = 'CC409';
END $$;
"""

# The plan of what pairs old and new rows is kept from the first statement of a connection, which
# perhaps changed one question: for 1,000 it must not be a loop in a loop.
PAIRS = "ALTER FUNCTION cceval_note_change() SET enable_nestloop = off;"
PAIRS_BACK = "ALTER FUNCTION cceval_note_change() RESET enable_nestloop;"


def by_statement(table):
    made = [
        f"""CREATE TRIGGER frozen_{event.lower()} AFTER {event} ON {table}
            REFERENCING {" ".join(f"{one} TABLE AS {one.lower()}_rows" for one in rows)}
            FOR EACH STATEMENT EXECUTE FUNCTION cceval_refuse_published_rows();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER frozen_{event.lower()};"""
        for event, rows in ROWS.items()
    ]
    by_row = f"""CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION cceval_refuse_published_part();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER frozen;"""
    dropped = [f"DROP TRIGGER frozen_{event.lower()} ON {table};" for event in ROWS]
    return migrations.RunSQL(
        [*made, f"DROP TRIGGER frozen ON {table};"], [by_row, *dropped]
    )


class Migration(migrations.Migration):
    dependencies = [("rfp", "0022_sealing_policies")]
    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION cceval_refuse_published_rows();"),
        migrations.RunSQL(PAIRS, PAIRS_BACK),
        *(by_statement(table) for table in GUARDED),
    ]
