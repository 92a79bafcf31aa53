"""Real reports, looked at by other programs than the one that made them."""

import io
import logging
import re
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest

from apps.proof import signatures
from apps.reports.adapters import limits, rendering
from apps.reports.adapters.limits import ChildFailed, LimitExceeded
from apps.reports.adapters.rendering import Rendered, RenderRefused

ROOT = Path(rendering.__file__).parents[3]
AGAIN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from apps.reports.adapters import fonts, rendering

html, image = Path(sys.argv[1]).read_text(), Path(sys.argv[2]).read_bytes()
renderer = rendering.Renderer(fonts.prepare(Path(sys.argv[3])))
paper = rendering.Paper(
    html=html, images={"chart": image}, issued_at=datetime(2026, 10, 30, 15, 30, tzinfo=UTC)
)
print(renderer.render(paper).digest)
"""
CHART = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20"><title>Totals</title>'
    b'<rect width="60" height="9" fill="#0E627B"/><text x="64" y="9" font-size="9">80.6</text></svg>'
)
# Each of these holds a layout engine for minutes or takes gigabytes, in a few characters.
BOMBS = {
    "a column span": "<table><tr><td colspan=65534>x</td></tr></table>" * 4,
    "a wide grid": '<div style="display: grid"><p style="grid-column: 1 / 10000000">x</p></div>',
    "a million line breaks": "<br>" * 300_000,
    "nested flex boxes": '<div style="display: flex">' * 14 + "x" * 200 + "</div>" * 14,
}


def tool(*command, content, name="report.pdf", tmp_path):
    """Run a program on a file and return what it prints."""
    file = tmp_path / name
    file.write_bytes(content)
    done = subprocess.run(
        [*command, str(file)], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout


@pytest.fixture(params=["scorecard", "decision"])
def report(request):
    return request.getfixturevalue(request.param)


def catalog(pdf):
    return pypdf.PdfReader(io.BytesIO(pdf)).trailer["/Root"]


def elements(node):
    """Every structure element of a tagged PDF, top down."""
    yield node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        plain = kid.get_object() if hasattr(kid, "get_object") else kid
        if isinstance(plain, dict) and "/S" in plain:
            yield from elements(plain)


def test_a_report_is_sound_for_qpdf(report, tmp_path):
    said = tool("qpdf", "--check", content=report.pdf, tmp_path=tmp_path)
    assert "No syntax or stream encoding errors found" in said


def test_a_report_is_tagged_a4_and_pdf_1_7(report, tmp_path):
    facts = dict(
        re.split(r":\s+", line, maxsplit=1)
        for line in tool("pdfinfo", content=report.pdf, tmp_path=tmp_path).splitlines()
        if re.search(r":\s+\S", line)
    )
    assert facts["Tagged"] == "yes"
    assert facts["PDF version"] == "1.7"
    assert facts["Page size"] == "595.276 x 841.89 pts (A4)"
    assert int(facts["Pages"]) == report.pages
    assert facts["Author"] == "Halden Energy"


def test_a_report_says_pdf_a_3a_and_pdf_ua_1_in_one_xmp_packet(report):
    packet = catalog(report.pdf)["/Metadata"].get_data().decode()
    assert packet.count("<rdf:RDF") == packet.count("</rdf:RDF>") == 1
    assert 'pdfaid:part="3"' in packet
    assert 'pdfaid:conformance="A"' in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>" in packet
    assert "2026-10-30T15:30:00Z" in packet


def test_a_report_has_language_title_marks_and_output_intent(report):
    root = catalog(report.pdf)
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"


def test_every_font_is_embedded_and_a_subset_of_ours(report, tmp_path):
    lines = tool("pdffonts", content=report.pdf, tmp_path=tmp_path).splitlines()[2:]
    assert lines
    for line in lines:
        assert re.match(r"[A-Z]{6}\+(IBM-Plex|Noto)-", line), line
        assert line.split()[-5:-2] == ["yes", "yes", "yes"], line


def test_every_figure_has_words_and_every_table_has_headers(report):
    tree = catalog(report.pdf)["/StructTreeRoot"]
    found = list(elements(tree["/K"][0].get_object()))
    figures = [one for one in found if one["/S"] == "/Figure"]
    assert len(figures) >= 5
    assert all(one.get("/Alt") for one in figures)
    kinds = [one["/S"] for one in found]
    assert kinds.count("/H1") == 1
    assert kinds.count("/Table") <= kinds.count("/THead") + 3  # three tables have row headers only
    assert "/TH" in kinds


def test_the_signature_field_is_tagged_and_lies_over_its_box(report):
    root = catalog(report.pdf)
    field = root["/AcroForm"]["/Fields"][0].get_object()
    assert (field["/FT"], field["/T"]) == ("/Sig", signatures.FIELD)
    assert field["/TU"] == "Signature of the issuer"
    forms = [
        one
        for one in elements(root["/StructTreeRoot"]["/K"][0].get_object())
        if one["/S"] == "/Form"
    ]
    assert len(forms) == 1
    x1, y1, x2, y2 = (float(side) for side in field["/Rect"])
    assert 51 < x1 < x2 < 545  # inside the margins of an A4 page, in points
    assert 68 < y1 < y2 < 774


def test_content_and_records_travel_inside_sorted_by_name(decision, decision_paper):
    names = catalog(decision.pdf)["/Names"]["/EmbeddedFiles"]["/Names"]
    assert names[0::2] == ["callback.record.json", "payload.json"]
    inside = signatures.attachments(decision.pdf)
    assert inside == {one.name: one.content for one in decision_paper.attachments}
    specification = names[1].get_object()
    assert specification["/AFRelationship"] == "/Data"


def test_the_pages_say_what_an_executive_needs(scorecard, decision):
    words = pypdf.PdfReader(io.BytesIO(decision.pdf))
    first, last = words.pages[0].extract_text(), words.pages[-1].extract_text()
    assert "Award customer care to Castellan CX as" in first
    assert "Page 1 of 5" in first
    assert "Verify at verify.halden.example/DR-2026-014-3" in first
    assert "Check that this copy is genuine" in last
    assert "Page 5 of 5" in last
    assert scorecard.pages == 8


def test_the_same_paper_gives_the_same_bytes(renderer, decision, decision_paper):
    assert renderer.render(decision_paper).pdf == decision.pdf
    assert renderer.render_limited(decision_paper).pdf == decision.pdf


def test_another_process_place_and_language_give_the_same_bytes(
    renderer, sheet, tmp_path, font_set
):
    paper = sheet(
        '<p>Kraków, 80.6</p><img src="cceval:chart" alt="Totals">', images={"chart": CHART}
    )
    here = renderer.render(paper).digest
    (tmp_path / "page.html").write_text(paper.html)
    (tmp_path / "chart.svg").write_bytes(CHART)
    command = [
        sys.executable,
        "-c",
        AGAIN,
        *(str(tmp_path / name) for name in ("page.html", "chart.svg", "set")),
    ]
    for number, environment in enumerate(
        [
            {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland", "LANG": "C"},
            {"PYTHONHASHSEED": "2", "TZ": "America/Bogota", "SOURCE_DATE_EPOCH": "7"},
        ]
    ):
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == here, number


def test_one_letter_more_gives_another_identifier(renderer, sheet):
    first, second = (
        pypdf.PdfReader(io.BytesIO(renderer.render(sheet(text)).pdf)) for text in ("a", "b")
    )
    assert first.trailer["/ID"][0] != second.trailer["/ID"][0]
    assert (
        first.trailer["/ID"][0]
        == pypdf.PdfReader(io.BytesIO(renderer.render(sheet("a")).pdf)).trailer["/ID"][0]
    )


def test_the_dates_are_those_of_the_report(renderer, sheet):
    at = datetime(2024, 2, 29, 23, 59, 58, tzinfo=UTC)
    made = pypdf.PdfReader(io.BytesIO(renderer.render(replace(sheet("x"), issued_at=at)).pdf))
    assert made.metadata["/CreationDate"] == made.metadata["/ModDate"] == "D:20240229235958Z"


def test_a_character_no_font_holds_leaves_no_empty_glyph(renderer, sheet):
    """Glyph 0 (.notdef) fails PDF/A and PDF/UA; it would stand as 0000 in a line of text."""
    paper = sheet(
        "<p>face \U0001fae8, private \ue123, bidi \u202e end, 漢字 שלום</p><img src='cceval:chart' alt='x'>",
        images={"chart": CHART.replace(b"80.6", "80.6 \U0001fae8".encode())},
    )
    made = pypdf.PdfReader(io.BytesIO(renderer.render(paper).pdf))
    text = made.pages[0].extract_text()
    assert "\N{WHITE SQUARE}" in text
    streams = [made.pages[0].get_contents().get_data()]
    streams += [
        form.get_object().get_data() for form in made.pages[0]["/Resources"]["/XObject"].values()
    ]
    shown = re.findall(rb"<([0-9a-fA-F]+)>", b"".join(streams))
    glyphs = {run[at : at + 4] for run in shown for at in range(0, len(run), 4)}
    assert len(glyphs) > 20
    assert b"0000" not in glyphs


def test_a_page_without_a_place_for_the_signature_is_refused(renderer, sheet):
    paper = sheet("x")
    bare = replace(paper, html=paper.html.replace('id="signature-box"', ""))
    with pytest.raises(ValueError, match="this page has none"):
        renderer.render(bare)


@pytest.mark.parametrize(
    ("body", "images"),
    [
        ('<img src="cceval:chart">', {"chart": CHART}),
        ('<img src="cceval:chart" alt="x">', {"chart": b"<svg"}),
        ('<img src="cceval:chart" alt="x">', {"chart": b"not a drawing"}),
    ],
)
def test_a_figure_without_words_or_without_a_drawing_is_refused(renderer, sheet, body, images):
    with pytest.raises(RenderRefused, match="cannot be drawn"):
        renderer.render(sheet(body, images=images))


def test_a_fault_is_found_even_where_logging_was_switched_off(renderer, sheet, monkeypatch):
    monkeypatch.setattr(logging.getLogger("weasyprint"), "disabled", True)
    with pytest.raises(RenderRefused, match="cannot be drawn"):
        renderer.render(sheet('<img src="cceval:chart">', images={"chart": CHART}))
    assert logging.getLogger("weasyprint").disabled


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_at_the_limits(renderer, sheet, name):
    bounds = limits.Limits(memory=300 * limits.MIB, cpu_seconds=2, wall_seconds=8)
    began = time.monotonic()
    with pytest.raises((LimitExceeded, ChildFailed, RenderRefused)):
        renderer.render_limited(sheet(BOMBS[name]), bounds=bounds)
    assert time.monotonic() - began < 9


def test_a_fault_in_the_child_keeps_its_place(renderer, sheet):
    bare = replace(sheet("x"), html="<html lang=en><title>x</title>x")
    with pytest.raises(ChildFailed, match="this page has none") as failure:
        renderer.render_limited(bare)
    assert failure.value.kind == "ValueError"
    assert "signature_field.py" in failure.value.trace


def test_a_result_names_itself_by_its_bytes():
    assert Rendered(pdf=b"abc", pages=1).digest.startswith("ba7816bf")
