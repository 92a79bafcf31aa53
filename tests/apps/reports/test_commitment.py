"""Reports cite what was fixed before any bid came in."""

import json

import pytest

from apps.core import ledger
from apps.reports.selectors.commitment import commitments
from apps.rfp.models import Rfp
from tests.conftest import acting_for
from tests.factories.reports import ask, read

pytestmark = pytest.mark.usefixtures("here")


def test_a_report_says_under_which_digest_the_rules_were_fixed(case):
    report = read(case, ask(case, "scorecard"))
    with acting_for(case.buyer.lead):
        rfp = Rfp.objects.get(procurement=report.procurement)
    row = json.loads(report.payload)["method"][0]
    assert row["label"] == "Rules fixed at publication"
    assert f"SHA-256 {rfp.digest}" in row["value"]


def test_once_the_log_is_signed_the_entry_is_cited(case, settings, tmp_path):
    settings.WITNESS_DIR = tmp_path
    with acting_for(case.buyer.lead):
        rfp = Rfp.objects.get(procurement=case.procurement)
        ledger.checkpoint()
        (row,) = commitments(rfp)
        assert row["value"].endswith("of the record")
