from django.db import migrations

# While a service has named a change, every row of the draft that moves is noted with it, a statement
# at a time: a thousand questions of an import are noted by one insertion.
NOTE = """
CREATE OR REPLACE FUNCTION cceval_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  which uuid := NULLIF(current_setting('cceval.change', true), '')::uuid;
  moved jsonb; one jsonb; owner uuid; of_rfp uuid; latest integer; steps integer; places integer;
BEGIN
  IF which IS NULL THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    SELECT jsonb_agg(jsonb_build_object('row', n.id, 'after', to_jsonb(n)) ORDER BY n.id)
      INTO moved FROM new_rows n;
  ELSIF TG_OP = 'DELETE' THEN
    SELECT jsonb_agg(jsonb_build_object('row', o.id, 'before', to_jsonb(o)) ORDER BY o.id)
      INTO moved FROM old_rows o;
  ELSE
    WITH pairs AS MATERIALIZED (
      SELECT n.id, to_jsonb(o) AS was, to_jsonb(n) AS now
      FROM old_rows o JOIN new_rows n ON n.id = o.id)
    SELECT jsonb_agg(jsonb_build_object('row', p.id,
        'before', (SELECT jsonb_object_agg(a.key, a.value) FROM jsonb_each(p.was) a
                   WHERE a.value IS DISTINCT FROM p.now -> a.key),
        'after', (SELECT jsonb_object_agg(b.key, b.value) FROM jsonb_each(p.now) b
                  WHERE b.value IS DISTINCT FROM p.was -> b.key)) ORDER BY p.id)
      INTO moved FROM pairs p
      WHERE p.was <> p.now AND coalesce(p.now->>'state', 'draft') = 'draft';
  END IF;
  IF moved IS NULL THEN RETURN NULL; END IF;
  EXECUTE format('SELECT organisation_id, %s FROM %s LIMIT 1',
    CASE TG_TABLE_NAME WHEN 'rfp_rfp' THEN 'id' ELSE 'rfp_id' END,
    CASE TG_OP WHEN 'DELETE' THEN 'old_rows' ELSE 'new_rows' END) INTO owner, of_rfp;
  IF NOT EXISTS (SELECT FROM rfp_change WHERE id = which) THEN
    SELECT COALESCE(max(number), 0) + 1 INTO latest FROM rfp_change WHERE rfp_id = of_rfp;
    INSERT INTO rfp_change (id, created_at, organisation_id, rfp_id, number, by_id, act, about, undone)
    VALUES (which, now(), owner, of_rfp, latest, current_setting('cceval.actor')::uuid, '', '', false);
    DELETE FROM rfp_changedrow r USING rfp_change c
      WHERE r.change_id = c.id AND c.rfp_id = of_rfp AND c.number <= latest - 50;
    DELETE FROM rfp_change WHERE rfp_id = of_rfp AND number <= latest - 50;
  END IF;
  SELECT coalesce(max(step), 0) + 1, coalesce(max(position), 0) INTO steps, places
    FROM rfp_changedrow WHERE change_id = which;
  INSERT INTO rfp_changedrow
    (id, created_at, organisation_id, change_id, position, step, place, "row", before, after)
  SELECT gen_random_uuid(), now(), owner, which, places + m.at, steps, TG_TABLE_NAME,
    (m.value->>'row')::uuid, m.value->'before', m.value->'after'
  FROM jsonb_array_elements(moved) WITH ORDINALITY AS m(value, at);
  RETURN NULL;
END $$;
"""
# Put the rows of a change back, the last statement first. A row that has moved on since refuses the
# whole. The deadline goes back through `cceval_schedule`, which takes none that has passed.
UNDO = """
CREATE OR REPLACE FUNCTION cceval_undo(which uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE g record; columns text; done integer;
BEGIN
  FOR g IN
    SELECT step, place, before IS NULL AS added, after IS NULL AS removed, names, count(*) AS rows
    FROM (SELECT r.*, CASE WHEN before IS NOT NULL AND after IS NOT NULL THEN
        ARRAY(SELECT jsonb_object_keys(before) ORDER BY 1) END AS names
      FROM rfp_changedrow r WHERE change_id = which) noted
    GROUP BY 1, 2, 3, 4, 5 ORDER BY step DESC
  LOOP
    IF g.place = 'rfp_round' THEN
      SELECT count(*) INTO done FROM rfp_changedrow r
        WHERE r.change_id = which AND r.step = g.step AND cceval_undo_round(r."row", r.before, r.after);
    ELSIF g.added THEN
      EXECUTE format('DELETE FROM %I t USING rfp_changedrow r
        WHERE r.change_id = $1 AND r.step = $2 AND r.before IS NULL AND t.id = r."row"', g.place)
        USING which, g.step;
      GET DIAGNOSTICS done = ROW_COUNT;
    ELSIF g.removed THEN
      EXECUTE format('INSERT INTO %I SELECT p.* FROM rfp_changedrow r,
          jsonb_populate_record(NULL::%I, r.before) p
        WHERE r.change_id = $1 AND r.step = $2 AND r.after IS NULL', g.place, g.place)
        USING which, g.step;
      GET DIAGNOSTICS done = ROW_COUNT;
    ELSE
      SELECT string_agg(quote_ident(name), ', ') INTO columns FROM unnest(g.names) AS name;
      EXECUTE format('UPDATE %I AS t
        SET (%s) = (SELECT %s FROM jsonb_populate_record(NULL::%I, r.before))
        FROM rfp_changedrow r WHERE r.change_id = $1 AND r.step = $2 AND t.id = r."row"
          AND ARRAY(SELECT jsonb_object_keys(r.before) ORDER BY 1) = $3 AND to_jsonb(t) @> r.after',
        g.place, columns, columns, g.place) USING which, g.step, g.names;
      GET DIAGNOSTICS done = ROW_COUNT;
    END IF;
    IF done <> g.rows THEN RAISE EXCEPTION 'the draft has moved on' USING ERRCODE = 'CC409'; END IF;
  END LOOP;
END $$;
"""
# The deadline of a draft is the owner's to write. Set for the first time, it is taken away again.
ROUND = """
CREATE FUNCTION cceval_undo_round(which uuid, was jsonb, set_to jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE r rfp_round; back rfp_round;
BEGIN
  SELECT d.* INTO r FROM rfp_round d JOIN rfp_rfp f ON f.id = d.rfp_id
    WHERE d.id = which AND d.organisation_id = cceval_organisation() AND f.state = 'draft'
    FOR UPDATE OF d;
  IF NOT FOUND OR NOT to_jsonb(r) @> set_to THEN RETURN false; END IF;
  IF was IS NULL THEN
    DELETE FROM rfp_round WHERE id = which;
  ELSE
    back := jsonb_populate_record(r, was);
    PERFORM cceval_schedule(which, r.rfp_id, back.closes_at, back.grace, back.zone);
  END IF;
  RETURN true;
END $$;
CREATE POLICY undo ON rfp_round FOR DELETE TO CURRENT_USER
  USING (organisation_id = (SELECT cceval_organisation()));
"""
ROUND_BACK = """
DROP POLICY undo ON rfp_round;
DROP FUNCTION cceval_undo_round(uuid, jsonb, jsonb);
"""
# The functions of 0009 do not read what this one wrote: going back leaves nothing to undo.
BACK = """
CREATE OR REPLACE FUNCTION cceval_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RETURN NULL; END $$;
CREATE OR REPLACE FUNCTION cceval_undo(which uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'migrated back' USING ERRCODE = 'CC409'; END $$;
"""
ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
TABLES = ("rfp_section", "rfp_question", "rfp_workload", "rfp_owncost")


def noted(table, *events):
    made = [
        f"""CREATE TRIGGER noted_{event.lower()} AFTER {event} ON {table}
            REFERENCING {" ".join(f"{one} TABLE AS {one.lower()}_rows" for one in ROWS[event])}
            FOR EACH STATEMENT EXECUTE FUNCTION cceval_note_change();"""
        for event in events
    ]
    dropped = [f"DROP TRIGGER noted_{event.lower()} ON {table};" for event in events]
    return migrations.RunSQL(made, dropped)


class Migration(migrations.Migration):
    dependencies = [("rfp", "0011_undo_settings")]
    operations = [
        *(
            migrations.RunSQL(
                f"DROP TRIGGER noted ON {table};",
                f"""CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON {table}
                    FOR EACH ROW EXECUTE FUNCTION cceval_note_change();""",
            )
            for table in ("rfp_section", "rfp_question")
        ),
        migrations.RunSQL(ROUND, ROUND_BACK),
        migrations.RunSQL([NOTE, UNDO], BACK),
        *(noted(table, *ROWS) for table in TABLES),
        noted("rfp_rfp", "UPDATE"),
        noted("rfp_round", "INSERT", "UPDATE"),
    ]
