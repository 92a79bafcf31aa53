from django.db import migrations

from apps.core.policies import append_only, owned

# What vendors read of a lot is what will be judged, and undo brings lots back like sections.
GUARDED = ("rfp_lot", "rfp_lotowncost")


def guarded(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION cceval_refuse_published_part();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER frozen;
        CREATE TRIGGER noted AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION cceval_note_change();""",
        f"DROP TRIGGER frozen ON {table}; DROP TRIGGER noted ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("rfp", "0011_lots")]
    operations = [
        *owned("rfp_lot"),
        *owned("rfp_lotowncost"),
        *owned("rfp_decidedlot"),
        append_only("rfp_decidedlot"),
        *(guarded(table) for table in GUARDED),
    ]
