"""Earlier answers: read from tables and texts, looked at, saved, offered, used by a person."""

import datetime as dt
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import LibraryEntry, LibraryImport
from apps.bids.selectors.library import BidEntry, BidImport
from apps.bids.services import bringing, library
from apps.bids.tasks import forget_import
from apps.bids.types.library import Entry, Layout, age_of, propose, rows_of_text, taken
from apps.core.errors import Conflict, Incomplete, NotFound
from apps.core.models import AuditEvent, Job
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make
from tests.factories.bids import queries

pytestmark = pytest.mark.django_db
ROWS = [
    ["Topic", "Question", "Our response", "Owner", "Last reviewed"],
    ["People", "How do you train new agents?", "Six weeks with a mentor.", "Mia", "2025-03-01"],
    ["People", "What is your attrition?", "24% in 2024.", "Mia", "not yet"],
    ["Security", "Do you hold ISO/IEC 27001?", "", "", ""],
    ["", "", "", "", ""],
]
TEXT = """Q: How do you train new agents?
A: Six weeks.
Two of them in a classroom.

Q2. Who owns you?
A2. Two founders."""


def workbook(rows=ROWS):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Old RFP")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        hidden = book.add_worksheet("Prices")
        hidden.write_row(0, 0, ["Question", "Answer"])
        hidden.write_row(1, 0, ["Secret?", "Hidden."])
        hidden.hide()
    return buffer.getvalue()


@pytest.fixture
def bring(bid_a, vendor_a):
    def act(text=TEXT):
        with acting_for(vendor_a.owner) as owner:
            return BidImport(bid_a, bringing.bring_text(bid=bid_a, text=text, actor=owner))

    return act


@pytest.fixture
def save(bring, bid_a, vendor_a):
    def act(text=TEXT):
        subject = bring(text)
        with acting_for(vendor_a.owner) as owner:
            layout = selectors.preview_of(bid_a, subject.held, None).layout
            return bringing.save(subject=subject, layout=layout, actor=owner)

    return act


# Tables and texts


def test_columns_are_found_by_their_headings():
    layout = propose([[["About this file"], *ROWS]])
    assert (layout.sheet, layout.first_row) == (0, 2)
    assert layout.columns == {"question": 1, "answer": 2, "topic": 0, "owner": 3, "day": 4}


def test_without_headings_the_two_longest_columns_are_proposed():
    layout = propose(
        [[["1", "How do you train?", "For six weeks."], ["2", "Who owns you?", "Two."]]]
    )
    assert layout == Layout(0, 0, {"question": 1, "answer": 2})


def test_each_row_is_an_entry_or_says_why_not():
    found = list(taken(ROWS, propose([ROWS])))
    assert [(one.number, one.why_not) for one in found] == [
        (2, ""),
        (3, ""),
        (4, "There is no answer in this row."),
    ]
    assert found[0].entry == Entry(
        "How do you train new agents?", "Six weeks with a mentor.", "People", "Mia", "2025-03-01"
    )
    assert found[1].entry.day == "", "what is no day is none"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            TEXT,
            [
                ["How do you train new agents?", "Six weeks.\nTwo of them in a classroom."],
                ["Who owns you?", "Two founders."],
            ],
        ),
        (
            "1.1 Who owns you?\nTwo founders.\n\n1.2 Where are you?\nIn Leeds.\nAnd Porto.",
            [["Who owns you?", "Two founders."], ["Where are you?", "In Leeds.\nAnd Porto."]],
        ),
        (
            "Question\tAnswer\nWho owns you?\tTwo.",
            [["Question", "Answer"], ["Who owns you?", "Two."]],
        ),
        ("No question here.", []),
    ],
)
def test_pasted_text_becomes_rows(text, rows):
    assert rows_of_text(text) == rows


@pytest.mark.parametrize(
    ("day", "says"),
    [
        ("", "Age not known"),
        ("2026-05-30", "2 days old"),
        ("2026-03-01", "3 months old"),
        ("2023-01-01", "3 years old"),
        ("2027-01-01", "0 days old"),
    ],
)
def test_age_is_said_in_the_unit_people_use(day, says):
    assert age_of(day, dt.date(2026, 6, 1)) == says


# Bringing, looking, saving


def test_nothing_is_saved_before_a_person_has_looked(bid_a, vendor_a):
    client = sign_in(vendor_a.owner)
    url = reverse("bids:bring_library", args=[bid_a.pk])
    answer = client.post(url, {"file": SimpleUploadedFile("old.xlsx", workbook())})
    place = answer.headers["Location"]
    page = " ".join(client.get(place).content.decode().split())
    for words in (
        "How do you train new agents?",
        "Save 2 answers",
        "There is no answer in this row.",
    ):
        assert words in page
    assert "Secret?" not in page, "a hidden sheet is not brought unseen"
    with acting_for(vendor_a.owner):
        assert LibraryEntry.objects.count() == 0
    layout = {"sheet": "0", "first_row": "2", "question": "1", "answer": "2", "topic": "0"}
    saved = client.post(place, {**layout, "owner": "3", "day": "4"})
    assert saved.headers["Location"].endswith("/library/?saved=2")
    with acting_for(vendor_a.owner):
        assert LibraryImport.objects.count() == 0
        entries = {one.entry.owner for one in selectors.library_of(bid_a)}
        assert entries == {"Mia"}
        assert AuditEvent.objects.get().action == "bids.library_import"


def test_other_columns_are_looked_at_before_anything_is_saved(bring, bid_a, vendor_a):
    subject = bring("Who owns you?\tTwo founders.\tMia\nWhere are you?\tIn Leeds.\tTom")
    client = sign_in(vendor_a.owner)
    url = reverse("bids:library_import", args=[bid_a.pk, subject.held.pk])
    page = client.get(url, {"sheet": 0, "first_row": 1, "question": "0", "answer": "2"})
    assert '<p class="pre mt-1">Mia</p>' in page.content.decode()
    wrong = client.get(url, {"sheet": 0, "first_row": 1, "question": "9", "answer": "2"})
    assert wrong.status_code == 422


def test_what_the_library_has_is_not_saved_twice(save, bring, bid_a, vendor_a):
    assert save() == 2
    subject = bring(f"{TEXT}\n\nQ: New?\nA: Yes.")
    with acting_for(vendor_a.owner):
        shown = selectors.preview_of(bid_a, subject.held, None)
        assert [len(shown.fresh), len(shown.known)] == [1, 2]
    with pytest.raises(Incomplete, match="Nothing of this is new"):
        save()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("old.xlsm", b"PK", "holds macros"),
        ("old.docx", b"PK", "This is not a document of Word."),
        ("old.json", b"{}", "Files of this kind are not taken here."),
        ("old.xlsx", b"PK\x03\x04 no zip", "The workbook is damaged."),
        ("old.csv", b"", "The file is empty."),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(bid_a, vendor_a, name, content, says):
    url = reverse("bids:bring_library", args=[bid_a.pk])
    answer = sign_in(vendor_a.owner).post(url, {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert says in answer.content.decode()


def test_text_without_a_question_says_how_to_mark_one(bid_a, vendor_a):
    url = reverse("bids:paste_library", args=[bid_a.pk])
    answer = sign_in(vendor_a.owner).post(url, {"text": "Nothing here."})
    assert answer.status_code == 422
    assert "No question was found." in answer.content.decode()


def test_what_nobody_comes_back_to_goes(bring, vendor_a, django_capture_on_commit_callbacks):
    subject = bring()
    with acting_for(vendor_a.owner) as owner:
        with django_capture_on_commit_callbacks(execute=True):
            forget_import(Job.objects.get(subject_id=subject.held.pk))()
        with pytest.raises(NotFound):
            selectors.import_for(owner, bid_id=subject.bid.pk, import_id=subject.held.pk)


def test_a_colleague_reads_no_file_that_is_not_saved(bring, bid_a, vendor_a):
    subject = bring()
    url = reverse("bids:library_import", args=[bid_a.pk, subject.held.pk])
    assert sign_in(vendor_a.respondent).get(url).status_code == 404


def test_an_entry_is_changed_and_never_becomes_its_neighbours_twin(save, bid_a, vendor_a):
    save()
    with acting_for(vendor_a.owner) as owner:
        held = [BidEntry(bid_a, one) for one in LibraryEntry.objects.order_by("pk")]
        _first, second = (selectors.read_entry(one.held) for one in held)
        library.change(
            subject=held[0], entry=Entry("Train?", "Eight weeks.", owner="Tom"), actor=owner
        )
        assert selectors.read_entry(LibraryEntry.objects.get(pk=held[0].held.pk)).owner == "Tom"
        with pytest.raises(Conflict, match="has this answer already"):
            library.change(subject=held[0], entry=second, actor=owner)
        library.remove(subject=held[1], actor=owner)
        assert LibraryEntry.objects.count() == 1


def test_a_full_library_says_so(save, monkeypatch):
    monkeypatch.setattr(library, "MOST_ENTRIES", 1)
    with pytest.raises(Incomplete, match="A library holds 1 answers"):
        save()


# Offered to a question


def test_a_question_offers_library_and_earlier_bids_with_their_age(
    buyer, save, tender, bid_a, vendor_a
):
    save("Q: How do you train agents?\nA: Six weeks.\nQ: Who owns you?\nA: Two founders.")
    make.fill(bid_a, tender, vendor_a)
    other = make.tender_of(buyer, reference="CC-other")
    bid = make.bid_in(other.rfp, vendor_a)
    with acting_for(vendor_a.owner) as owner:
        found = selectors.suggestions_for(owner, bid, other.questions["1.01"]).offers
        answers = {one.entry.answer: (one.source[:3], one.age) for one in found}
        assert answers["New agents train for six weeks."] == ("CC-", "0 days old")
        assert answers["Six weeks."] == ("", "Age not known")


def test_an_offer_goes_into_the_field_and_a_person_saves_it(save, tender, bid_a, vendor_a):
    save("Q: How do you train agents?\nA: Six weeks.")
    question = tender.questions["1.01"]
    client = sign_in(vendor_a.owner)
    url = reverse("bids:suggestions", args=[bid_a.pk, question.pk])
    assert "Six weeks." in client.get(url).content.decode()
    with acting_for(vendor_a.owner):
        key = LibraryEntry.objects.get().pk
    page = client.get(url, {"use": key}).content.decode()
    assert "Inserted, not saved" in page
    with acting_for(vendor_a.owner):
        assert selectors.draft_of(bid_a).values == {}
    done = client.post(url, {"v-1.01": "0", "a-1.01": "Seven weeks."})
    assert done.headers["Location"] == f"/bids/{bid_a.pk}/sections/1/#q1-01"
    late = client.post(url, {"v-1.01": "0", "a-1.01": "Late."})
    assert late.status_code == 412
    long = client.post(url, {"v-1.01": "1", "a-1.01": "word " * 41})
    assert long.status_code == 422
    with acting_for(vendor_a.owner):
        assert selectors.draft_of(bid_a).values == {"1.01": "Seven weeks."}


def test_the_library_is_searched_by_words(save, bid_a, vendor_a):
    save()
    client = sign_in(vendor_a.owner)
    url = reverse("bids:library", args=[bid_a.pk])
    page = client.get(url, {"q": "ownership"}).content.decode()
    assert "Two founders." in page
    assert "Six weeks." not in page


def test_the_library_costs_the_same_for_one_answer_and_for_three(save, bid_a, vendor_a):
    client, url = sign_in(vendor_a.owner), reverse("bids:library", args=[bid_a.pk])
    save("Q: One?\nA: One.")
    one = queries(client, url)
    save("Q: Two?\nA: Two.\nQ: Three?\nA: Three.")
    assert queries(client, url) == one
