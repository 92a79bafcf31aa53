import io
import json

import pypdf
import pytest

from apps.proof import canonical
from apps.proof.errors import NotCanonical
from apps.reports.adapters import pages
from tests.apps.reports.adapters import samples

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=y>{{ payload }}{% now "Y" %}&amp;\u202egnp.exe'
)
SHOWN = '<script>alert(1)</script><img src=x onerror=y>{{ payload }}{% now "Y" %}&amp;gnp.exe'


@pytest.fixture
def fill(font_set):
    def make(payload, template="print/decision_report.html"):
        return pages.page(template=template, payload=payload, coverage=font_set.coverage)

    return make


def test_the_digest_covers_all_but_what_is_drawn_from_the_rest():
    payload = samples.scorecard()
    content = json.loads(pages.frozen(payload))
    assert set(payload) - set(content) == {"charts", "verify"}
    assert canonical.encode(content) == pages.frozen(payload)
    changed = {**payload, "charts": {}, "verify": {}}
    assert pages.frozen(changed) == pages.frozen(payload)
    assert pages.frozen({**payload, "finding": "Another"}) != pages.frozen(payload)


def test_a_figure_that_is_no_text_is_refused():
    with pytest.raises(NotCanonical, match="totals"):
        pages.frozen({"totals": [80.6], "charts": {}})


def test_charts_become_images_with_their_own_words(fill):
    page = fill(samples.decision_report())
    assert 'src="cceval:total_ranges"' in page.html
    assert 'alt="Weighted total and its 5 to 95% range. Castellan CX: 80.6' in page.html
    assert all(image.startswith(b"<svg") for image in page.images.values())
    assert all(b"xmlns=" in image for image in page.images.values())
    assert "<svg" not in page.html


def test_a_chart_that_is_not_given_leaves_no_hole(fill):
    payload = samples.decision_report()
    del payload["charts"]["break_even"]
    page = fill(payload)
    assert "break_even" not in page.html
    assert "Monthly cost by volume" not in page.html


def test_a_drawing_without_a_title_is_refused(fill):
    payload = samples.decision_report()
    payload["charts"]["qr"] = "<svg></svg>"
    with pytest.raises(ValueError, match="has a title"):
        fill(payload)


@pytest.mark.parametrize(
    ("svg", "words"),
    [
        ("<svg><title>Totals</title></svg>", "Totals."),
        (
            '<svg><title id="t">Who leads?</title><desc id="d">A leads.</desc></svg>',
            "Who leads? A leads.",
        ),
        ("<svg><title>A &amp; B</title><desc></desc></svg>", "A & B."),
    ],
)
def test_the_words_of_a_drawing_are_its_title_and_description(svg, words):
    assert pages.alternative(svg) == words


def test_the_digest_is_printed_in_groups_of_eight(fill):
    payload = samples.decision_report()
    page = fill(payload)
    digest = payload["verify"]["digest"]
    assert all(f"<span>{digest[at : at + 8]}</span>" in page.html for at in range(0, 64, 8))


def test_what_no_font_holds_is_boxed_and_the_page_says_so(fill):
    payload = samples.decision_report()
    payload["approvals"][0]["name"] = "Ines \U0001fae8"
    page = fill(payload)
    assert page.replaced == ("\U0001fae8",)
    assert "Ines □" in page.html
    assert "the fonts of this report do not hold" in page.html
    assert "the fonts of this report do not hold" not in fill(samples.decision_report()).html


def test_what_is_too_long_is_cut_and_the_page_says_so(fill):
    payload = samples.decision_report()
    payload["asked"]["text"] = "long " * 10_000
    page = fill(payload)
    assert "is longer than this report prints" in page.html
    assert len(page.html) < 60_000


def test_the_page_is_in_the_language_of_its_payload(fill):
    payload = samples.decision_report()
    payload.update(language="ar", direction="rtl")
    assert '<html lang="ar" dir="rtl">' in fill(payload).html


def poisoned(value):
    """Hostile text in the place of every text."""
    if isinstance(value, str):
        return HOSTILE
    if isinstance(value, dict):
        return {name: poisoned(item) for name, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item) for item in value]
    return value


@pytest.mark.parametrize("kind", ["scorecard", "decision_report"])
def test_text_stays_text_in_every_field(fill, kind):
    payload = getattr(samples, kind)()
    keep = ("charts", "verify", "language", "direction", "vendors")
    hostile = {name: part if name in keep else poisoned(part) for name, part in payload.items()}
    page = fill(_with_glyphs(hostile), f"print/{kind}.html")
    assert "<script" not in page.html
    assert "onerror=y>" not in page.html
    assert "\u202e" not in page.html
    assert page.html.count("&lt;script&gt;alert(1)") >= 60


def test_the_words_on_paper_are_the_words_of_the_data(fill, renderer, paper_of):
    payload = samples.decision_report()
    payload["asked"]["text"] = HOSTILE
    made = renderer.render(paper_of("print/decision_report.html", payload))
    text = " ".join(pypdf.PdfReader(io.BytesIO(made.pdf)).pages[0].extract_text().split())
    assert SHOWN in text


def _with_glyphs(value):
    """Drawings are named by us, never by strangers: put a real name back."""
    if isinstance(value, dict):
        return {
            name: "glyph_A" if name == "glyph" else "2" if name == "level" else _with_glyphs(item)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_with_glyphs(item) for item in value]
    return value
