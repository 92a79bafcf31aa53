"""Migrate as the owner, then give the application login exactly what it needs."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from psycopg import sql

# Tables a trigger keeps append-only: the login may not even try.
APPEND_ONLY = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only'"


class Command(BaseCommand):
    help = "Migrates with the owner login and grants the application login its rights."

    def handle(self, *_args: Any, **options: Any) -> None:
        verbosity = options["verbosity"]
        call_command("migrate", database="owner", verbosity=verbosity - 1, interactive=False)
        login = connections["default"].settings_dict["USER"]
        with connections["owner"].cursor() as cursor:
            for statement in self._grants(cursor, login):
                cursor.execute(statement)
        if verbosity:
            self.stdout.write(f"The database is migrated; {login} has its rights.")

    @staticmethod
    def _grants(cursor: Any, login: str) -> list[sql.Composed]:
        who = sql.Identifier(login)
        cursor.execute(APPEND_ONLY)
        append_only = [row[0] for row in cursor.fetchall()]
        statements = [
            "GRANT USAGE ON SCHEMA public TO {who}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {who}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {who}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {who}",
            # The deadline and the opening move by function alone; FOR SHARE needs one column.
            "REVOKE UPDATE, DELETE ON rfp_round FROM {who}",
            "GRANT UPDATE (touched) ON rfp_round TO {who}",
            *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {{who}}" for table in append_only),
        ]
        return [sql.SQL(statement).format(who=who) for statement in statements]
