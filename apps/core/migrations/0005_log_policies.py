from django.db import migrations

from apps.core.policies import SCOPE, append_only, owned, policy

# Every event waits for its place in the log, whoever wrote it and however.
WAITS = """
CREATE FUNCTION cceval_event_waits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO core_logpending (event_id, organisation_id, action)
        VALUES (NEW.id, NEW.organisation_id, NEW.action);
    RETURN NULL;
END $$;
CREATE TRIGGER event_waits AFTER INSERT ON core_auditevent
    FOR EACH ROW EXECUTE FUNCTION cceval_event_waits();
ALTER TABLE core_auditevent ENABLE ALWAYS TRIGGER event_waits;
"""
WAITS_BACK = """
DROP TRIGGER event_waits ON core_auditevent;
DROP FUNCTION cceval_event_waits();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_log")]
    operations = [
        *owned("core_logpending"),
        policy("core_logpending", "checkpoints", f"{SCOPE} = 'jobs'", to="SELECT"),
        *owned("core_lognode"),
        append_only("core_lognode"),
        *owned("core_logcheckpoint"),
        append_only("core_logcheckpoint"),
        migrations.RunSQL(WAITS, WAITS_BACK),
    ]
