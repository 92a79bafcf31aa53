"""Check the invariants of this installation; exit status 1 and the rows when one is broken."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cceval import fsck


class Command(BaseCommand):
    help = "Checks that what is stored keeps every promise that stored data can show."

    def handle(self, *_args: Any, **options: Any) -> None:
        found = fsck.broken()
        for one in found:
            self.stdout.write(f"{one.invariant}: {one.sentence}")
        if found:
            raise CommandError(f"{len(found)} rows contradict an invariant.")
        if options["verbosity"]:
            self.stdout.write(
                f"{', '.join(fsck.INVARIANTS)} hold. {' and '.join(fsck.NOT_STORED)} cannot be seen"
                " in stored data; the tests show them."
            )
