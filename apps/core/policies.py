"""Row-level security and append-only tables, as operations for migrations.

Policies are permissive: a row is visible when any of its table's policies admits it. The owner
login is bound by them too (FORCE), so that a mistake in a migration shows in the tests.
"""

from django.db.migrations import RunSQL

ORGANISATION = "(SELECT cceval_organisation())"
SCOPE = "(SELECT cceval_scope())"
KEY = "(SELECT cceval_key())"
PERSON = "(SELECT cceval_person())"


def enable(table: str) -> RunSQL:
    """Switch row-level security on; `fsck` may read everything."""
    return RunSQL(
        f"""ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY fsck ON {table} FOR SELECT USING ({SCOPE} = 'fsck');""",
        f"""DROP POLICY fsck ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;""",
    )


def policy(table: str, name: str, using: str, *, check: str = "", to: str = "ALL") -> RunSQL:
    """Admit the rows for which `using` holds; `check` (default: the same) guards what is written."""
    clause = f"WITH CHECK ({check or using})" if to == "ALL" else ""
    condition = f"WITH CHECK ({using})" if to == "INSERT" else f"USING ({using}) {clause}"
    return RunSQL(
        f"CREATE POLICY {name} ON {table} FOR {to} {condition};",
        f"DROP POLICY {name} ON {table};",
    )


def owned(table: str, column: str = "organisation_id") -> list[RunSQL]:
    """Rows of one organisation, for that organisation only."""
    return [enable(table), policy(table, "owner", f"{column} = {ORGANISATION}")]


def append_only(table: str) -> RunSQL:
    """Refuse UPDATE, DELETE and TRUNCATE, for every login and in replica mode too."""
    return RunSQL(
        f"""CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION cceval_refuse_change();
        CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION cceval_refuse_change();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only;
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only_whole;""",
        f"""DROP TRIGGER append_only ON {table};
        DROP TRIGGER append_only_whole ON {table};""",
    )
