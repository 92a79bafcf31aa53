"""Saving in the vendor's portal in HTTP: as one form without a script, as the script calls it, and files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.bids import selectors
from tests.apps.bids.test_portal_pages import autosave, section, text, values
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(vendor_a):
    return sign_in(vendor_a.owner)


# Saving without a script


FILLED = {
    "v-1.01": "0",
    "a-1.01": "New agents train for six weeks.",
    "v-1.02": "0",
    "a-1.02": "Yes",
    "v-1.04": "0",
    "a-1.04": ["Identity", "Right to work"],
    "v-1.05": "0",
    "a-1.05-0-0": "",
    "a-1.05-0-1": "",
    "a-1.05-1-0": "2025",
    "a-1.05-1-1": "1200000",
}


def test_a_section_is_saved_as_one_form(client, bid_a, vendor_a):
    answer = client.post(section(bid_a), FILLED)
    assert answer.headers["Location"] == f"{section(bid_a)}?saved=1"
    assert values(bid_a, vendor_a) == {
        "1.01": "New agents train for six weeks.",
        "1.02": "Yes",
        "1.04": ["Identity", "Right to work"],
        "1.05": [{"Year": "2025", "Revenue": "1200000"}],
    }
    page = text(client.get(section(bid_a)))
    assert "How many agents work at night?" in page
    assert 'value="1200000"' in page


def test_saving_again_without_a_change_makes_no_version(client, tender, bid_a, vendor_a):
    for _again in range(2):
        client.post(section(bid_a), FILLED)
    with acting_for(vendor_a.owner):
        assert len(selectors.history_of(bid_a, tender.questions["1.01"])) == 1


def test_a_wrong_answer_stands_beside_its_question_as_it_was_typed_and_the_rest_is_saved(
    client, bid_a, vendor_a
):
    answer = client.post(section(bid_a), {**FILLED, "a-1.05-1-1": "1.2 million"})
    page = text(answer)
    assert answer.status_code == 200
    assert "<title>Error: Company" in page
    assert 'href="#q1-05"' in page
    assert "Row 1, Revenue: Write a number with digits only" in page
    assert 'value="1.2 million"' in page
    assert sorted(values(bid_a, vendor_a)) == ["1.01", "1.02", "1.04"]


def test_when_nothing_could_be_saved_the_answer_is_422(client, bid_a, vendor_a):
    answer = client.post(section(bid_a), {"v-1.01": "0", "a-1.01": "word " * 41})
    assert answer.status_code == 422
    assert "Shorten the answer to 40 words; it has 41." in text(answer)
    assert values(bid_a, vendor_a) == {}


def test_two_colleagues_without_a_script_see_both_texts(client, bid_a, vendor_a):
    client.post(section(bid_a), {"v-1.01": "0", "a-1.01": "First."})
    colleague = sign_in(vendor_a.respondent)
    colleague.post(section(bid_a), {"v-1.01": "1", "a-1.01": "By the colleague."})
    late = client.post(section(bid_a), {"v-1.01": "1", "a-1.01": "Mine."})
    page = text(late)
    assert "changed this answer while you were writing" in page
    assert "By the colleague." in page
    assert "> Mine.</textarea>" in page
    assert 'name="v-1.01" value="2"' in page
    client.post(section(bid_a), {"v-1.01": "2", "a-1.01": "Mine."})
    assert values(bid_a, vendor_a) == {"1.01": "Mine."}


def test_what_people_type_is_never_read_as_markup(client, bid_a):
    client.post(section(bid_a), {"v-1.01": "0", "a-1.01": "<script>alert(1)</script>"})
    page = client.get(section(bid_a)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_broken_version_field_counts_as_none(client, bid_a, vendor_a):
    for version in ("", "x", "-1", "9" * 40, "٣"):
        answer = client.post(section(bid_a), {"v-1.01": version, "a-1.01": "First."})
        assert answer.status_code == 302, version
    assert values(bid_a, vendor_a) == {"1.01": "First."}


# Saving by the script


def test_the_script_saves_one_answer_by_version(client, tender, bid_a, vendor_a):
    first = autosave(client, tender, bid_a, "1.01", {"a-1.01": "First."}, 0)
    assert (first.status_code, first.json()["version"]) == (200, 1)
    assert autosave(client, tender, bid_a, "1.01", {"a-1.01": "Second."}, 1).json()["version"] == 2
    assert values(bid_a, vendor_a) == {"1.01": "Second."}


def test_the_script_is_told_who_was_faster(client, tender, bid_a):
    autosave(client, tender, bid_a, "1.01", {"a-1.01": "First."}, 0)
    conflict = autosave(client, tender, bid_a, "1.01", {"a-1.01": "Mine."}, 0)
    assert conflict.status_code == 412
    body = conflict.json()
    assert conflict.headers["Content-Type"] == "application/problem+json"
    assert (body["current"]["version"], body["current"]["shown"]) == (1, "First.")


def test_the_script_is_told_what_is_wrong(client, tender, bid_a, vendor_a):
    wrong = autosave(client, tender, bid_a, "1.02", {"a-1.02": "Perhaps"}, 0)
    assert (wrong.status_code, wrong.json()["detail"]) == (422, "Choose one of: Yes, No.")
    assert values(bid_a, vendor_a) == {}


def test_the_script_is_told_when_an_answer_changes_what_is_asked(client, tender, bid_a):
    answer = autosave(client, tender, bid_a, "1.02", {"a-1.02": "Yes"}, 0)
    assert answer.json()["asked"] == ["1.01", "1.02", "1.03", "1.04", "1.05"]
    assert "asked" not in autosave(client, tender, bid_a, "1.01", {"a-1.01": "A."}, 0).json()


def test_a_question_of_another_rfp_is_not_found(client, bid_a, other_buyer):
    other = make.tender(other_buyer)
    url = reverse("bids:answer", args=[bid_a.pk, other.questions["1.01"].pk])
    assert client.post(url, {"a-1.01": "x"}).status_code == 404


def test_an_earlier_version_is_restored_from_the_history(client, tender, bid_a, vendor_a):
    for version, words in enumerate(("First.", "Second.")):
        autosave(client, tender, bid_a, "1.01", {"a-1.01": words}, version)
    question = tender.questions["1.01"].pk
    page = text(client.get(reverse("bids:history", args=[bid_a.pk, question])))
    assert page.index("Second.") < page.index("First.")
    url = reverse("bids:restore", args=[bid_a.pk, question])
    assert client.post(url, {"version": "1"}).headers["Location"].endswith("#q1-01")
    assert values(bid_a, vendor_a) == {"1.01": "First."}
    assert client.post(url, {"version": "77"}).status_code == 409


# Evidence


def upload(client, tender, bid, code, file):
    url = reverse("bids:attach", args=[bid.pk, tender.questions[code].pk])
    return client.post(url, {"file": file} if file else {})


def test_a_file_is_attached_downloaded_and_removed(client, tender, bid_a, vendor_a):
    file = SimpleUploadedFile("certificate.pdf", make.PDF)
    assert upload(client, tender, bid_a, "2.01", file).headers["Location"].endswith("#q2-01")
    with acting_for(vendor_a.owner):
        held = bid_a.attachments.get()
    url = reverse("bids:file", args=[bid_a.pk, held.pk])
    back = client.get(url)
    assert back.content == make.PDF
    assert back.headers["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert back.headers["Content-Type"] == "application/octet-stream"
    assert back.headers["X-Content-Type-Options"] == "nosniff"
    assert client.post(reverse("bids:remove", args=[bid_a.pk, held.pk])).status_code == 302
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "Choose a file first."),
        (SimpleUploadedFile("plan.pdf", b""), "The file is empty. Choose another one."),
        (SimpleUploadedFile("plan.pdf", b"MZ"), "The file is not what its name says."),
        (SimpleUploadedFile("plan.svg", b"<svg/>"), "Files of this kind are not taken."),
        (SimpleUploadedFile("plan.docx", b"PK\x03\x04"), "Attach one of these kinds of file: pdf"),
    ],
)
def test_a_refused_file_has_its_sentence_beside_the_question(
    client, tender, bid_a, vendor_a, file, sentence
):
    answer = upload(client, tender, bid_a, "2.01", file)
    assert answer.status_code == 422
    assert sentence in text(answer)
    with acting_for(vendor_a.owner):
        assert bid_a.attachments.count() == 0


def test_a_file_over_the_limit_is_refused_while_it_arrives(client, tender, bid_a, settings):
    settings.UPLOAD_LIMIT = 2**20
    file = SimpleUploadedFile("plan.pdf", b"%PDF-" + bytes(2**20))
    answer = upload(client, tender, bid_a, "2.01", file)
    assert answer.status_code == 413
    assert "larger than 1 MB" in text(answer)
