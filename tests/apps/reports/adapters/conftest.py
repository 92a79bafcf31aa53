"""One font set, one renderer and one signer for all tests of this folder, and two real reports."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from apps.engine import cases
from apps.proof import hashes
from apps.proof.certificates import Root, Signer
from apps.reports.adapters import fonts, pages, rendering
from tests.apps.reports.adapters import samples

# WeasyPrint 70 leaves its colour profile for the interpreter to close.
LEFT_OPEN = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014:ResourceWarning")
AT = datetime(2026, 10, 30, 15, 30, tzinfo=UTC)
CASE = {
    "diagnostic": "callback_cost",
    "currency": "EUR",
    "period": "2026-Q2",
    "inputs": {"contact_cost": "4.50", "resolved_first": "0.72", "returning": "0.60"},
}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(LEFT_OPEN)


@pytest.fixture(scope="session")
def font_set(tmp_path_factory):
    return fonts.prepare(tmp_path_factory.mktemp("fonts"))


@pytest.fixture(scope="session")
def renderer(font_set):
    return rendering.Renderer(font_set)


@pytest.fixture(scope="session")
def signer():
    root = Root.create(organisation="Halden Energy", at=AT)
    return Signer.issue(root=root, organisation="Halden Energy", at=AT)


@pytest.fixture(scope="session")
def paper_of(font_set):
    """Turn a payload and a template into the paper a PDF is made from."""

    def make(template, payload, attachments=()):
        page = pages.page(template=template, payload=payload, coverage=font_set.coverage)
        return rendering.Paper(
            html=page.html, images=page.images, issued_at=AT, attachments=attachments
        )

    return make


@pytest.fixture(scope="session")
def decision_paper(paper_of):
    """The decision report, with a real record of the engine inside."""
    record = cases.run("score", CASE).to_bytes()
    payload = samples.decision_report()
    payload["records"] = [
        {"name": "Callbacks", "file": "callback.record.json", "digest": hashes.of_bytes(record)}
    ]
    content = pages.frozen(payload)
    payload["verify"]["digest"] = hashes.of_bytes(content)
    attachments = (
        rendering.Attachment(name="payload.json", content=content, description="Content"),
        rendering.Attachment(name="callback.record.json", content=record, description="Callbacks"),
    )
    return paper_of("print/decision_report.html", payload, attachments)


@pytest.fixture(scope="session")
def decision(renderer, decision_paper):
    return renderer.render(decision_paper)


@pytest.fixture(scope="session")
def scorecard(renderer, paper_of):
    return renderer.render(paper_of("print/scorecard.html", samples.scorecard()))


@pytest.fixture
def sheet():
    """A page of one's own: the smallest HTML text that can become a report."""

    def make(body, *, head="", images=None):
        html = (
            f'<!doctype html><html lang="en"><head><title>Sheet</title>{head}</head><body>'
            f'<h1>Sheet</h1>{body}<div id="signature-box">Signed</div></body></html>'
        )
        return rendering.Paper(html=html, images=images or {}, issued_at=AT)

    return make
