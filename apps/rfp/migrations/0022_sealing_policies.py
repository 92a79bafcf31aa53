from django.db import migrations

from apps.core.policies import ORGANISATION, append_only, owned

# Keys are part of what is published: made and replaced in a draft, frozen with it.
FROZEN = ("rfp_openerkey", "rfp_envelopekey", "rfp_keywrap")


def frozen(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION cceval_refuse_published_part();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER frozen;""",
        f"DROP TRIGGER frozen ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("rfp", "0021_sealing")]
    operations = [
        *owned("rfp_openerkey"),
        *owned("rfp_rehearsal"),
        *owned("rfp_envelopekey"),
        *owned("rfp_keywrap"),
        *(frozen(table) for table in FROZEN),
        append_only("rfp_rehearsal"),
        append_only("rfp_envelopekey"),
        append_only("rfp_keywrap"),
    ]
