"""The installation's key of receipts and checkpoints, made once for the run."""

import datetime as dt
from pathlib import Path

from django.conf import settings

from apps.core import signing

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def installation_key() -> None:
    folder = Path(settings.SIGNING_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    passphrase = folder / signing.PASSPHRASE
    if not passphrase.exists():
        passphrase.write_text("a passphrase of the tests alone\n")
    signing.make_key(folder, at=LONG_AGO)  # tests move their clocks
