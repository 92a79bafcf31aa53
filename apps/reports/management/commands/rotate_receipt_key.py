"""Replace the key that receipts and checkpoints are signed with; the old one stays published."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.proof.errors import KeyRefused
from apps.reports.services import signing_keys


class Command(BaseCommand):
    help = (
        "Makes a new signing key of receipts and checkpoints. What the old key signed stays valid:"
        " its public half is published with the time in which it was used."
    )

    def handle(self, *_args: Any, **options: Any) -> None:
        folder = Path(settings.SIGNING_DIR)
        try:
            new, old, *_before = signing_keys.rotate_receipt_key(folder)
        except KeyRefused as error:
            raise CommandError(f"{error} Nothing was changed.") from None
        except OSError as error:
            raise CommandError(
                f"{folder} cannot be written: {error.strerror}. Run this command again as the user"
                " that runs cceval; it ends what it began."
            ) from None
        if options["verbosity"]:
            self.stdout.write(
                f"{new.key_id} signs from now on; {old.key_id} is retired and stays published."
                f" Back {folder} up, and give the new public keys to whoever keeps the old one."
            )
