"""Make what reports and receipts are signed with, once; running it again changes nothing."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.proof.errors import KeyRefused
from apps.reports.services import signing_keys

LONGEST_NAME = 40  # characters: a certificate's common name holds 64


class Command(BaseCommand):
    help = (
        "Makes the signing keys of reports and receipts in CCEVAL_SIGNING, unless they are there."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--organisation", help="Name in the certificates; default: the host of CCEVAL_ORIGIN."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        folder = Path(settings.SIGNING_DIR)
        name = options["organisation"] or urlsplit(settings.ORIGIN).hostname or "cceval"
        try:
            made = signing_keys.prepare(folder=folder, organisation=name[:LONGEST_NAME])
        except KeyRefused as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(
                f"{folder} cannot be used for signing keys: {error.strerror}. Give the user that "
                "runs cceval write access to it, or name another folder in CCEVAL_SIGNING."
            ) from None
        if options["verbosity"]:
            self.stdout.write(self._sentence(folder, made=made))

    @staticmethod
    def _sentence(folder: Path, *, made: bool) -> str:
        if not made:
            return f"The signing keys in {folder} are complete."
        return (
            f"New signing keys are in {folder}. Back the folder up, then move root.key to a safe "
            "place off this machine: it is needed again only for the next signer."
        )
