"""Earlier answers from a Word document: what is read of it, what is not, what is refused."""

import io
import zipfile
from xml.sax.saxutils import escape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import LibraryImport
from apps.bids.services import bringing
from apps.core.errors import Incomplete
from tests.conftest import acting_for, sign_in

pytestmark = pytest.mark.django_db
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
TYPES = f"""{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"""
# A German document: the identifiers of its styles are German, their names are not.
STYLES = f"""{HEAD}<w:styles xmlns:w="{W}">
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="Standard"><w:name w:val="Normal"/></w:style></w:styles>"""


def run(text, inside=""):
    return f"<w:r>{inside}<w:t>{escape(text)}</w:t></w:r>"


def paragraph(text, style=""):
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}{text if text.startswith('<') else run(text)}</w:p>"


def table(*rows):
    def cells(row):
        return "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in row)

    return f"<w:tbl>{''.join(f'<w:tr>{cells(row)}</w:tr>' for row in rows)}</w:tbl>"


def document(*body, before="", **parts):
    inside = f'{before}<w:document xmlns:w="{W}"><w:body>{"".join(body)}</w:body></w:document>'
    held = {
        "[Content_Types].xml": TYPES,
        "word/document.xml": HEAD + inside,
        "word/styles.xml": STYLES,
        **{name.replace("__", "/").replace("_dot_", "."): text for name, text in parts.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in held.items():
            package.writestr(name, text)
    return buffer.getvalue()


@pytest.fixture
def preview(bid_a, vendor_a):
    """Bring a document and look at what it would save."""

    def act(content, name="answers.docx"):
        with acting_for(vendor_a.owner) as owner:
            held = bringing.bring_file(bid=bid_a, name=name, content=content, actor=owner)
            return selectors.preview_of(bid_a, held, None)

    return act


def saved(shown):
    return [(one.entry.question, one.entry.answer) for one in shown.fresh]


def test_questions_stand_in_headings_and_answers_below(preview):
    shown = preview(
        document(
            paragraph("Our company", "berschrift1"),
            paragraph("Who owns you?", "berschrift2"),
            paragraph("Two founders."),
            paragraph("Since 2004."),
            paragraph("Where are you?", "berschrift2"),
            paragraph("In Leeds.", "Standard"),
            paragraph("Nothing below", "berschrift1"),
        )
    )
    assert saved(shown) == [
        ("Who owns you?", "Two founders.\nSince 2004."),
        ("Where are you?", "In Leeds."),
    ]
    assert shown.sheets[0].rows[1] == ("Who owns you?", "Two founders.\nSince 2004.", "Our company")


def test_a_table_of_two_columns_is_questions_and_answers(preview):
    shown = preview(
        document(
            paragraph("Answers of 2025"),
            table(
                ("Question", "Answer"),
                ("Who owns you?", "Two founders."),
                ("Where?", "In Leeds & Porto."),
            ),
            table(("A frame around text",)),
        )
    )
    assert saved(shown) == [("Who owns you?", "Two founders."), ("Where?", "In Leeds & Porto.")]
    assert [one.name for one in shown.sheets] == ["Table 1"]


def test_a_cell_may_hold_paragraphs_and_a_table_of_its_own(preview):
    inner = table(("Mon", "24 h"))
    cell = f"<w:tc>{paragraph('Every day.')}{inner}{paragraph('Really.')}</w:tc>"
    row = f"<w:tr><w:tc>{paragraph('When are you there?')}</w:tc>{cell}</w:tr>"
    shown = preview(document(f"<w:tbl>{row}</w:tbl>"))
    assert saved(shown) == [("When are you there?", "Every day.\nMon\n24 h\nReally.")]


def test_paragraphs_alone_are_read_as_pasted_text_is(preview):
    shown = preview(document(paragraph("Q: Who owns you?"), paragraph("A: Two founders.")))
    assert saved(shown) == [("Who owns you?", "Two founders.")]


def test_what_was_deleted_or_is_hidden_is_not_brought(preview):
    shown = preview(
        document(
            paragraph("Who owns you?", "berschrift1"),
            paragraph(
                "<w:del><w:r><w:delText>Three.</w:delText></w:r></w:del>"
                f"<w:ins>{run('Two.')}</w:ins>"
                f"{run(' Our margin is 31%.', '<w:rPr><w:vanish/></w:rPr>')}"
                "<w:r><w:instrText>INCLUDETEXT secret.txt</w:instrText></w:r>"
            ),
        )
    )
    assert saved(shown) == [("Who owns you?", "Two.")]


DOCTYPE = '<!DOCTYPE w [<!ENTITY e "ha">]>'
EXTERNAL = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1"'
    f' Type="{OFFICE}/relationships/{{kind}}" Target="file:///c:/x" TargetMode="External"/>'
    "</Relationships>"
)
GOOD = (paragraph("Who?", "berschrift1"), paragraph("We."))
REFUSED = [
    (b"", "The file is empty."),
    (b"PK\x03\x04 broken", "The document is damaged."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "saved in the old format"),
    (b"%PDF-1.7", "This is not a document of Word."),
    (document(*GOOD, before=DOCTYPE), "defines entities"),
    (document(*GOOD, word__styles_dot_xml=HEAD + DOCTYPE + "<w/>"), "defines entities"),
    (document(*GOOD, word__vbaProject_dot_bin="x"), "holds macros"),
    (document(*GOOD, word__embeddings__a_dot_bin="x"), "embedded"),
    (document(*GOOD, word___rels__d_dot_rels=EXTERNAL.format(kind="oleObject")), "linked to"),
    (document(*GOOD, word__m_dot_xml="<a/>" + " " * 3_000_000), "unpacks to far more"),
    (document("<w:p>" * 300 + "</w:p>" * 300), "nested too deep"),
    (document(paragraph("x" * 40_000)), "more than 32,767 characters"),
    (document(paragraph("Nothing is asked here.")), "No question was found."),
    (document("<w:p>"), "cannot be read"),
]


@pytest.mark.parametrize(("content", "sentence"), REFUSED, ids=[one for _, one in REFUSED])
def test_a_hostile_or_useless_document_gets_a_sentence(preview, vendor_a, content, sentence):
    with pytest.raises(Incomplete) as refused:
        preview(content)
    assert sentence in refused.value.sentence
    with acting_for(vendor_a.owner):
        assert not LibraryImport.objects.exists()


@pytest.mark.parametrize("kind", ["hyperlink", "attachedTemplate"])
def test_an_address_or_a_template_outside_is_not_fetched_and_harms_nothing(preview, kind):
    content = document(*GOOD, word___rels__d_dot_rels=EXTERNAL.format(kind=kind))
    assert saved(preview(content)) == [("Who?", "We.")]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("a.docm", "holds macros"), ("a.doc", "Upload one of: docx"), ("a.json", "one of: docx")],
)
def test_other_kinds_are_refused_by_their_name(preview, name, sentence):
    with pytest.raises(Incomplete, match=sentence):
        preview(document(*GOOD), name)


def test_on_the_page_it_is_shown_before_it_is_saved(bid_a, vendor_a):
    client = sign_in(vendor_a.owner)
    file = SimpleUploadedFile("answers.docx", document(*GOOD))
    url = reverse("bids:bring_library", args=[bid_a.pk])
    page = client.post(url, {"file": file}, follow=True)
    assert "Who?" in page.content.decode()
    assert b"We." not in client.get(reverse("bids:library", args=[bid_a.pk])).content
