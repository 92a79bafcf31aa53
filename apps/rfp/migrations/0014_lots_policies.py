from django.db import migrations

from apps.core.policies import append_only, owned

# What vendors read of a lot is what will be judged, and undo brings lots back like sections.
GUARDED = ("rfp_lot", "rfp_lotowncost")
ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def guarded(table):
    made = [
        f"""CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION cceval_refuse_published_part();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER frozen;""",
        *(
            f"""CREATE TRIGGER noted_{event.lower()} AFTER {event} ON {table}
                REFERENCING {" ".join(f"{one} TABLE AS {one.lower()}_rows" for one in rows)}
                FOR EACH STATEMENT EXECUTE FUNCTION cceval_note_change();"""
            for event, rows in ROWS.items()
        ),
    ]
    dropped = [f"DROP TRIGGER noted_{event.lower()} ON {table};" for event in ROWS]
    return migrations.RunSQL(made, [f"DROP TRIGGER frozen ON {table};", *dropped])


class Migration(migrations.Migration):
    dependencies = [("rfp", "0013_lots")]
    operations = [
        *owned("rfp_lot"),
        *owned("rfp_lotowncost"),
        *owned("rfp_decidedlot"),
        append_only("rfp_decidedlot"),
        *(guarded(table) for table in GUARDED),
    ]
