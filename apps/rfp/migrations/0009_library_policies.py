from django.db import migrations

from apps.core.policies import owned

# While a service has named a change, every row of the questionnaire that moves is noted with it.
NOTE = """
CREATE FUNCTION cceval_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  which uuid := NULLIF(current_setting('cceval.change', true), '')::uuid;
  old_row jsonb; new_row jsonb; owner uuid; of_rfp uuid; subject uuid; latest integer;
BEGIN
  IF which IS NULL THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    new_row := to_jsonb(NEW); owner := NEW.organisation_id; of_rfp := NEW.rfp_id; subject := NEW.id;
  ELSE
    owner := OLD.organisation_id; of_rfp := OLD.rfp_id; subject := OLD.id;
    IF TG_OP = 'DELETE' THEN
      old_row := to_jsonb(OLD);
    ELSE
      SELECT jsonb_object_agg(o.key, o.value), jsonb_object_agg(o.key, n.value)
        INTO old_row, new_row
        FROM jsonb_each(to_jsonb(OLD)) o JOIN jsonb_each(to_jsonb(NEW)) n USING (key)
        WHERE o.value IS DISTINCT FROM n.value;
      IF old_row IS NULL THEN RETURN NULL; END IF;
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM rfp_change WHERE id = which) THEN
    SELECT COALESCE(max(number), 0) + 1 INTO latest FROM rfp_change WHERE rfp_id = of_rfp;
    INSERT INTO rfp_change (id, created_at, organisation_id, rfp_id, number, by_id, act, about, undone)
    VALUES (which, now(), owner, of_rfp, latest, current_setting('cceval.actor')::uuid, '', '', false);
    DELETE FROM rfp_changedrow r USING rfp_change c
      WHERE r.change_id = c.id AND c.rfp_id = of_rfp AND c.number <= latest - 50;
    DELETE FROM rfp_change WHERE rfp_id = of_rfp AND number <= latest - 50;
  END IF;
  INSERT INTO rfp_changedrow (id, created_at, organisation_id, change_id, position, place, "row", before, after)
  SELECT gen_random_uuid(), now(), owner, which,
    COALESCE((SELECT max(position) FROM rfp_changedrow WHERE change_id = which), 0) + 1,
    TG_TABLE_NAME, subject, old_row, new_row;
  RETURN NULL;
END $$;
"""
# Put the rows of a change back, the last one first. A row that has moved on since refuses the whole.
UNDO = """
CREATE FUNCTION cceval_undo(which uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE r rfp_changedrow; columns text; done integer;
BEGIN
  FOR r IN SELECT * FROM rfp_changedrow WHERE change_id = which ORDER BY position DESC LOOP
    IF r.before IS NULL THEN
      EXECUTE format('DELETE FROM %I WHERE id = $1', r.place) USING r."row";
    ELSIF r.after IS NULL THEN
      EXECUTE format('INSERT INTO %I SELECT * FROM jsonb_populate_record(NULL::%I, $1)', r.place, r.place)
        USING r.before;
    ELSE
      SELECT string_agg(quote_ident(key), ', ') INTO columns FROM jsonb_object_keys(r.before) AS key;
      EXECUTE format(
        'UPDATE %I AS t SET (%s) = (SELECT %s FROM jsonb_populate_record(NULL::%I, $1))'
        ' WHERE id = $2 AND to_jsonb(t) @> $3', r.place, columns, columns, r.place)
        USING r.before, r."row", r.after;
    END IF;
    GET DIAGNOSTICS done = ROW_COUNT;
    IF done <> 1 THEN RAISE EXCEPTION 'the draft has moved on' USING ERRCODE = 'CC409'; END IF;
  END LOOP;
END $$;
"""


def noted(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION cceval_note_change();""",
        f"DROP TRIGGER noted ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("rfp", "0008_library")]
    operations = [
        *owned("rfp_template"),
        *owned("rfp_change"),
        *owned("rfp_changedrow"),
        migrations.RunSQL(NOTE, "DROP FUNCTION cceval_note_change();"),
        migrations.RunSQL(UNDO, "DROP FUNCTION cceval_undo(uuid);"),
        noted("rfp_section"),
        noted("rfp_question"),
    ]
