from django.db import migrations

from apps.core.policies import ORGANISATION, append_only, enable, owned, policy

# A later deadline needs two persons: the row says who asked and who confirmed, and this function
# alone moves the deadline by it. The one before took any time from whoever called it.
EXTEND = """
DROP FUNCTION cceval_extend(uuid, timestamptz);
CREATE FUNCTION cceval_extend(which uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE e rfp_extension; r rfp_round;
BEGIN
  SELECT * INTO e FROM rfp_extension WHERE id = which AND organisation_id = cceval_organisation();
  IF NOT FOUND THEN RAISE EXCEPTION 'no such extension' USING ERRCODE = 'CC404'; END IF;
  IF e.state <> 'confirmed' OR e.decided_by_id IS DISTINCT FROM cceval_person()
     OR e.requested_by_id = e.decided_by_id THEN
    RAISE EXCEPTION 'a second person confirms' USING ERRCODE = 'CC409'; END IF;
  SELECT * INTO r FROM rfp_round WHERE rfp_id = e.rfp_id FOR UPDATE;
  IF r.opened_at IS NOT NULL THEN RAISE EXCEPTION 'bids are open' USING ERRCODE = 'CC409'; END IF;
  IF e.closes_at <= r.closes_at OR e.closes_at <= cceval_now() THEN
    RAISE EXCEPTION 'a deadline only moves to later' USING ERRCODE = 'CC422'; END IF;
  UPDATE rfp_round SET closes_at = e.closes_at WHERE id = r.id;
END $$;
"""
EXTEND_BACK = """
DROP FUNCTION cceval_extend(uuid);
CREATE FUNCTION cceval_extend(which uuid, later timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN RAISE EXCEPTION 'migrated back' USING ERRCODE = 'CC409'; END $$;
"""
# What was asked for, and by whom, stands from the first moment; only the decision is added.
ASKED = """
CREATE FUNCTION cceval_refuse_other_extension() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision text[] := ARRAY['state', 'decided_by_id', 'decided_at'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state = 'requested' AND NEW.requested_by_id = cceval_person() THEN RETURN NEW; END IF;
  ELSIF TG_OP = 'UPDATE' AND OLD.state = 'requested'
    AND to_jsonb(NEW) - decision = to_jsonb(OLD) - decision
    AND NEW.decided_by_id = cceval_person() THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'an extension is asked for once and decided once' USING ERRCODE = 'CC409';
END $$;
"""
# Published content changes by an addendum, inside this function and nowhere else: the triggers
# below look for the function's own login and for the addendum it names. It can change texts, add
# what carries no points and take out what carries none: nothing that a bid is judged by.
AMEND = """
CREATE FUNCTION cceval_amend(which uuid, body text, body_digest text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE a rfp_addendum; f rfp_rfp; r rfp_round; change jsonb; made integer;
BEGIN
  SELECT * INTO a FROM rfp_addendum
    WHERE id = which AND organisation_id = cceval_organisation() FOR UPDATE;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such addendum' USING ERRCODE = 'CC404'; END IF;
  SELECT * INTO f FROM rfp_rfp WHERE id = a.rfp_id FOR UPDATE;
  SELECT * INTO r FROM rfp_round WHERE rfp_id = a.rfp_id FOR UPDATE;
  IF a.state <> 'draft' OR f.state <> 'published' OR r.opened_at IS NOT NULL
     OR cceval_now() >= r.closes_at OR jsonb_array_length(a.changes) = 0 THEN
    RAISE EXCEPTION 'not at this moment' USING ERRCODE = 'CC409'; END IF;
  IF encode(sha256(convert_to(body, 'UTF8')), 'hex') <> body_digest OR body_digest = f.digest THEN
    RAISE EXCEPTION 'the digest is not of this content' USING ERRCODE = 'CC422'; END IF;
  PERFORM set_config('cceval.addendum', which::text, true);
  FOR change IN SELECT * FROM jsonb_array_elements(a.changes) LOOP
    CASE change->>'kind'
    WHEN 'introduction' THEN
      UPDATE rfp_rfp SET introduction = change->>'to' WHERE id = f.id;
    WHEN 'facts' THEN
      UPDATE rfp_rfp SET facts = change->'to' WHERE id = f.id;
    WHEN 'question' THEN
      UPDATE rfp_question SET topic = coalesce(change->'to'->>'topic', topic),
        text = coalesce(change->'to'->>'text', text),
        evidence = coalesce(change->'to'->>'evidence', evidence)
        WHERE id = (change->>'question')::uuid AND rfp_id = f.id;
    WHEN 'withdraw' THEN
      UPDATE rfp_question SET withdrawn = true
        WHERE id = (change->>'question')::uuid AND rfp_id = f.id;
    WHEN 'add' THEN
      INSERT INTO rfp_question SELECT * FROM jsonb_populate_record(NULL::rfp_question,
        change->'row' || jsonb_build_object('rfp_id', f.id, 'organisation_id', f.organisation_id));
    ELSE RAISE EXCEPTION 'unknown change' USING ERRCODE = 'CC422';
    END CASE;
  END LOOP;
  UPDATE rfp_rfp SET frozen = body, digest = body_digest WHERE id = f.id;
  PERFORM set_config('cceval.addendum', '', true);
  SELECT max(number) INTO made FROM rfp_version WHERE rfp_id = f.id;
  RETURN made;
END $$;
"""
BY_ADDENDUM = """
CREATE FUNCTION cceval_by_addendum(which oid, rfp uuid) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
  SELECT pg_get_userbyid(relowner) = current_user
    AND EXISTS (SELECT 1 FROM rfp_addendum
                WHERE id::text = cceval_setting('cceval.addendum') AND rfp_id = rfp)
  FROM pg_class WHERE oid = which
$$;
"""
PARTS = """
CREATE OR REPLACE FUNCTION cceval_refuse_published_part() RETURNS trigger
LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $$
DECLARE touched uuid[]; drafts integer; texts text[] := ARRAY['topic', 'text', 'evidence'];
BEGIN
  IF TG_OP = 'INSERT' THEN touched := ARRAY[NEW.rfp_id];
  ELSIF TG_OP = 'DELETE' THEN touched := ARRAY[OLD.rfp_id];
  ELSE touched := ARRAY[OLD.rfp_id, NEW.rfp_id]; END IF;
  SELECT count(*) INTO drafts FROM rfp_rfp WHERE id = ANY(touched) AND state = 'draft';
  IF drafts = (SELECT count(DISTINCT one) FROM unnest(touched) AS one) THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_TABLE_NAME = 'rfp_question' AND TG_OP <> 'DELETE' THEN
    IF cceval_by_addendum(TG_RELID, NEW.rfp_id) THEN
      IF TG_OP = 'INSERT' AND NEW.weight = 0 AND NEW.mode = 'info' AND NEW.knockout = '{}'
         AND NOT NEW.withdrawn THEN RETURN NEW; END IF;
      IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - texts = to_jsonb(OLD) - texts THEN RETURN NEW; END IF;
      IF TG_OP = 'UPDATE' AND NOT OLD.withdrawn AND OLD.weight = 0 AND OLD.knockout = '{}'
         AND to_jsonb(NEW) - 'withdrawn' = to_jsonb(OLD) - 'withdrawn' THEN RETURN NEW; END IF;
    END IF;
  END IF;
  RAISE EXCEPTION '% is frozen: the RFP is not a draft', TG_TABLE_NAME USING ERRCODE = 'CC409';
END $$;
"""
WHOLE = """
CREATE OR REPLACE FUNCTION cceval_refuse_published_rfp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE amended text[] := ARRAY['introduction', 'facts', 'frozen', 'digest'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state = 'draft' THEN RETURN OLD; END IF;
  ELSIF OLD.state = 'draft' THEN RETURN NEW;
  ELSIF NEW.state <> 'draft' AND to_jsonb(NEW) - 'state' = to_jsonb(OLD) - 'state' THEN RETURN NEW;
  ELSIF OLD.state = 'published' AND NEW.state = 'cancelled' AND
    to_jsonb(NEW) - ARRAY['state', 'cancelled_because'] =
    to_jsonb(OLD) - ARRAY['state', 'cancelled_because'] THEN RETURN NEW;
  ELSIF OLD.state = 'published' AND to_jsonb(NEW) - amended = to_jsonb(OLD) - amended
    AND cceval_by_addendum(TG_RELID, NEW.id) THEN RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the RFP is frozen: only its state moves on' USING ERRCODE = 'CC409';
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION cceval_refuse_published_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'migrated back' USING ERRCODE = 'CC409'; END $$;
CREATE OR REPLACE FUNCTION cceval_refuse_published_rfp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'migrated back' USING ERRCODE = 'CC409'; END $$;
"""
# Every published content is kept as a version by the database itself, numbered without a gap.
KEEP = """
CREATE FUNCTION cceval_keep_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.state = 'published' AND (OLD.state = 'draft' OR NEW.digest <> OLD.digest) THEN
    INSERT INTO rfp_version
      (id, created_at, organisation_id, rfp_id, number, content, digest, published_at)
    SELECT gen_random_uuid(), now(), NEW.organisation_id, NEW.id, coalesce(max(number), 0) + 1,
           NEW.frozen, NEW.digest, cceval_now() FROM rfp_version WHERE rfp_id = NEW.id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_version AFTER UPDATE ON rfp_rfp
  FOR EACH ROW EXECUTE FUNCTION cceval_keep_version();
ALTER TABLE rfp_rfp ENABLE ALWAYS TRIGGER keep_version;
"""
KEEP_BACK = "DROP TRIGGER keep_version ON rfp_rfp; DROP FUNCTION cceval_keep_version();"
# What an addendum says stands once it is published.
PUBLISHED = """
CREATE FUNCTION cceval_refuse_published_addendum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'draft' AND TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'an addendum stands once it is published' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE ON rfp_addendum
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_published_addendum();
ALTER TABLE rfp_addendum ENABLE ALWAYS TRIGGER frozen;
"""
PUBLISHED_BACK = (
    "DROP TRIGGER frozen ON rfp_addendum; DROP FUNCTION cceval_refuse_published_addendum();"
)
# What was released stays: such a file can only be taken out of a later version, and only once.
PACKED = """
CREATE FUNCTION cceval_refuse_released_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE newest integer;
BEGIN
  SELECT coalesce(max(number), 0) INTO newest FROM rfp_packversion WHERE rfp_id = OLD.rfp_id;
  IF TG_OP = 'DELETE' AND OLD.added_in > newest THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' AND NEW.dropped_in > newest
    AND (OLD.dropped_in IS NULL OR OLD.dropped_in > newest)
    AND to_jsonb(NEW) - 'dropped_in' = to_jsonb(OLD) - 'dropped_in' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a released file stays' USING ERRCODE = 'CC409';
END $$;
CREATE TRIGGER released BEFORE UPDATE OR DELETE ON rfp_packfile
  FOR EACH ROW EXECUTE FUNCTION cceval_refuse_released_file();
ALTER TABLE rfp_packfile ENABLE ALWAYS TRIGGER released;
"""
PACKED_BACK = "DROP TRIGGER released ON rfp_packfile; DROP FUNCTION cceval_refuse_released_file();"
OWN = f"organisation_id = {ORGANISATION}"


class Migration(migrations.Migration):
    dependencies = [("rfp", "0006_lifecycle")]
    operations = [
        *owned("rfp_review"),
        *owned("rfp_reviewcomment"),
        append_only("rfp_reviewcomment"),
        *owned("rfp_extension"),
        *owned("rfp_addendum"),
        enable("rfp_version"),
        policy("rfp_version", "owner", OWN, to="SELECT"),
        append_only("rfp_version"),
        migrations.RunSQL(
            f"CREATE POLICY by_function ON rfp_version FOR INSERT TO CURRENT_USER WITH CHECK ({OWN});",
            "DROP POLICY by_function ON rfp_version;",
        ),
        *owned("rfp_packversion"),
        append_only("rfp_packversion"),
        *owned("rfp_packfile"),
        migrations.RunSQL(PACKED, PACKED_BACK),
        migrations.RunSQL(EXTEND, EXTEND_BACK),
        migrations.RunSQL(ASKED, "DROP FUNCTION cceval_refuse_other_extension();"),
        migrations.RunSQL(
            """CREATE TRIGGER asked BEFORE INSERT OR UPDATE OR DELETE ON rfp_extension
                FOR EACH ROW EXECUTE FUNCTION cceval_refuse_other_extension();
            ALTER TABLE rfp_extension ENABLE ALWAYS TRIGGER asked;""",
            "DROP TRIGGER asked ON rfp_extension;",
        ),
        migrations.RunSQL(AMEND, "DROP FUNCTION cceval_amend(uuid, text, text);"),
        migrations.RunSQL(BY_ADDENDUM, "DROP FUNCTION cceval_by_addendum(oid, uuid);"),
        migrations.RunSQL(PARTS + WHOLE, BEFORE),
        migrations.RunSQL(KEEP, KEEP_BACK),
        migrations.RunSQL(PUBLISHED, PUBLISHED_BACK),
    ]
