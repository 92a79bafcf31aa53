"""The installation's signing key, and a witness folder of the test's own."""

import pytest

from apps.core import signing
from tests.factories.keys import installation_key


@pytest.fixture
def log_key(settings, tmp_path):
    """The signing key of this run, and an empty witness folder for this test."""
    installation_key()
    settings.WITNESS_DIR = tmp_path / "witness"
    return signing.read_key()
