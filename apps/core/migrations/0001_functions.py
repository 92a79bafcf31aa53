from django.db import migrations

WHO = """
CREATE FUNCTION cceval_setting(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting(name, true), '') $$;
CREATE FUNCTION cceval_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT cceval_setting('cceval.person')::uuid $$;
CREATE FUNCTION cceval_organisation() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT cceval_setting('cceval.organisation')::uuid $$;
CREATE FUNCTION cceval_scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(cceval_setting('cceval.scope'), '') $$;
CREATE FUNCTION cceval_key() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(cceval_setting('cceval.key'), '') $$;
"""
WHO_BACK = """
DROP FUNCTION cceval_key(); DROP FUNCTION cceval_scope(); DROP FUNCTION cceval_organisation();
DROP FUNCTION cceval_person(); DROP FUNCTION cceval_setting(text);
"""
# The one clock of deadlines. The tests replace it in their own template database, nowhere else.
CLOCK = """
CREATE FUNCTION cceval_now() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT clock_timestamp() $$;
"""
APPEND_ONLY = """
CREATE FUNCTION cceval_refuse_change() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'CC001'; END $$;
"""
LEAF = """
CREATE SEQUENCE cceval_leaf;
CREATE FUNCTION cceval_next_leaf() RETURNS bigint LANGUAGE sql VOLATILE
AS $$ SELECT nextval('cceval_leaf') $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(WHO, WHO_BACK),
        migrations.RunSQL(CLOCK, "DROP FUNCTION cceval_now();"),
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION cceval_refuse_change();"),
        migrations.RunSQL(LEAF, "DROP FUNCTION cceval_next_leaf(); DROP SEQUENCE cceval_leaf;"),
    ]
