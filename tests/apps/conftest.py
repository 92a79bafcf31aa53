"""The installation's signing key, and a witness folder of the test's own."""

from pathlib import Path

import pytest
from django.conf import settings as product

from apps.core import signing


@pytest.fixture
def log_key(settings, tmp_path):
    """A signing key for this run, and an empty witness folder for this test."""
    folder = Path(product.SIGNING_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    passphrase = folder / signing.PASSPHRASE
    if not passphrase.exists():
        passphrase.write_text("a passphrase of the tests alone\n")
    signing.make_key(folder)
    settings.WITNESS_DIR = tmp_path / "witness"
    return signing.read_key()
