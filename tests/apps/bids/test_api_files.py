"""Files by API: evidence in pieces, the library from Excel, Word and text, passports out and in."""

import hashlib
import uuid
from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.bids.models import Evidence, EvidenceUpload, LibraryEntry, LibraryImport, PinnedKey
from apps.proof import canonical
from apps.proof import passports as proof
from apps.proof.keys import SigningKey
from tests.apps.bids.library.test_documents import document, table
from tests.apps.bids.test_api_team import Caller
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db
CONTENT = make.PDF + bytes(range(256)) * 4
CSV = (
    b"No,Question,Response,Owner\n1,Who owns you?,Two founders.,Mia\n2,Where are you?,In Leeds.,\n"
)
WORD = document(table(("Question", "Answer"), ("How do you train?", "For six weeks.")))


def digest(content):
    return hashlib.sha256(content).hexdigest()


ANNOUNCED = {
    "name": "audit.pdf",
    "size": len(CONTENT),
    "sha256": digest(CONTENT),
    "kind": "soc2_type2",
    "expires": "2030-01-31",
}


@pytest.fixture
def owner(bid_a, vendor_a):
    return Caller(sign_in(vendor_a.owner), bid_a)


@pytest.fixture
def colleague(bid_a, vendor_a):
    return Caller(sign_in(vendor_a.respondent), bid_a)


def put(caller, upload, start, end, content=CONTENT, **headers):
    piece = content[start:end]
    sent = {"Upload-Offset": str(start), "Upload-Digest": digest(piece), **headers}
    return caller.client.put(
        f"{caller.home}evidence/uploads/{upload}/",
        piece,
        content_type="application/octet-stream",
        headers=sent,
    )


def bring(caller, rest, name, content):
    file = SimpleUploadedFile(name, content)
    return caller.client.post(f"{caller.home}{rest}", {"file": file})


# Evidence in pieces


def test_a_file_comes_in_pieces_goes_on_after_a_dropped_line_and_is_attached(owner, tender):
    begun = owner("post", "evidence/uploads/", ANNOUNCED)
    assert begun.status_code == HTTPStatus.CREATED
    upload = begun.json()["id"]
    assert put(owner, upload, 0, 400).json()["received"] == 400
    assert put(owner, upload, 0, 400).json()["received"] == 400, "a repeated piece changes nothing"
    again = owner("post", "evidence/uploads/", ANNOUNCED).json()
    assert (again["id"], again["received"]) == (upload, 400)
    early = owner("post", f"evidence/uploads/{upload}/complete/", {})
    assert early.status_code == HTTPStatus.PRECONDITION_FAILED
    assert early.json()["current"] == {"received": 400}
    assert put(owner, upload, 400, len(CONTENT)).json()["received"] == len(CONTENT)
    whole = owner("post", f"evidence/uploads/{upload}/complete/", {})
    assert whole.status_code == HTTPStatus.CREATED
    held = whole.json()
    assert (held["name"], held["sha256"], held["kind"]) == (
        "audit.pdf",
        digest(CONTENT),
        "soc2_type2",
    )
    sent = owner("get", f"evidence/{held['id']}/file/")
    assert (sent.content, "attachment" in sent.headers["Content-Disposition"]) == (CONTENT, True)
    attached = owner("post", f"evidence/{held['id']}/questions/", {"questions": ["2.01"]})
    assert attached.json()["questions"] == ["2.01"]
    (file,) = owner.read("answers/2.01/files/")
    assert owner("get", f"files/{file['id']}/").content == CONTENT
    assert owner("delete", f"files/{file['id']}/").status_code == HTTPStatus.NO_CONTENT
    assert owner.read("answers/2.01/files/") == []
    assert owner.read("evidence/uploads/") == []


@pytest.mark.parametrize(
    ("start", "end", "headers", "status"),
    [
        (400, 500, {}, 412),
        (0, 400, {"Upload-Digest": "0" * 64}, 422),
        (0, 400, {"Upload-Offset": "-4"}, 422),
        (0, 0, {}, 422),
    ],
)
def test_a_piece_that_does_not_fit_is_refused_and_nothing_of_it_stays(
    owner, start, end, headers, status
):
    upload = owner("post", "evidence/uploads/", ANNOUNCED).json()["id"]
    refused = put(owner, upload, start, end, **headers)
    assert refused.status_code == status, refused.content
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert owner.read(f"evidence/uploads/{upload}/")["received"] == 0


def test_a_piece_over_the_limit_is_413_before_it_is_read(owner):
    size = (1 << 20) + 1
    announced = {**ANNOUNCED, "size": size}
    upload = owner("post", "evidence/uploads/", announced).json()["id"]
    refused = put(owner, upload, 0, size, content=bytes(size))
    assert refused.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert "pieces of at most 1 MB" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({**ANNOUNCED, "name": "plan.exe"}, "file"),
        ({**ANNOUNCED, "sha256": "no"}, "file"),
        ({**ANNOUNCED, "size": 0}, "file"),
        ({**ANNOUNCED, "expires": "soon"}, "expires"),
        ({**ANNOUNCED, "colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_kept_is_not_begun(owner, vendor_a, given, field):
    refused = owner("post", "evidence/uploads/", given)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert field in refused.json()["fields"]
    with acting_for(vendor_a.owner):
        assert not EvidenceUpload.objects.exists()


def test_a_file_of_the_wrong_kind_is_found_out_when_it_is_whole(owner, vendor_a):
    content = b"MZ" + bytes(100)
    announced = {**ANNOUNCED, "size": len(content), "sha256": digest(content)}
    upload = owner("post", "evidence/uploads/", announced).json()["id"]
    put(owner, upload, 0, len(content), content=content)
    refused = owner("post", f"evidence/uploads/{upload}/complete/", {})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "not what its name says" in refused.json()["detail"]
    assert owner("delete", f"evidence/uploads/{upload}/").status_code == HTTPStatus.NO_CONTENT
    with acting_for(vendor_a.owner):
        assert (Evidence.objects.count(), EvidenceUpload.objects.count()) == (0, 0)


# The library


@pytest.mark.parametrize(
    ("name", "content", "answers"),
    [
        ("answers.csv", CSV, ["Two founders.", "In Leeds."]),
        ("answers.docx", WORD, ["For six weeks."]),
    ],
    ids=["csv", "docx"],
)
def test_earlier_answers_are_brought_shown_and_saved_from_a_file(
    owner, vendor_a, name, content, answers
):
    brought = bring(owner, "library/imports/", name, content)
    assert brought.status_code == HTTPStatus.CREATED, brought.content
    shown = brought.json()
    assert [one["answer"] for one in shown["new"]] == answers
    with acting_for(vendor_a.owner):
        assert not LibraryEntry.objects.exists(), "nothing is saved before it was seen"
    one = f"library/imports/{shown['id']}/"
    assert owner.read(one)["layout"] == shown["layout"]
    saved = owner("post", one, shown["layout"])
    assert saved.json() == {"added": len(answers)}
    assert owner("get", one).status_code == HTTPStatus.NOT_FOUND
    assert {each["answer"] for each in owner.read("library/")["results"]} == set(answers)


def test_other_columns_are_looked_at_before_they_are_saved(owner):
    shown = bring(owner, "library/imports/", "answers.csv", CSV).json()
    one = f"library/imports/{shown['id']}/"
    other = owner.read(f"{one}?sheet=1&first_row=2&question=3&answer=2")
    assert [each["question"] for each in other["new"]] == ["Two founders.", "In Leeds."]
    for wrong in ({"sheet": 2}, {"answer": 9}, {"first_row": 0}, {"question": "B"}, {"colour": 1}):
        refused = owner("post", one, {**shown["layout"], **wrong})
        assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, wrong
        assert list(refused.json()["fields"]) == list(wrong)
    assert owner("delete", one).status_code == HTTPStatus.NO_CONTENT
    assert owner.read("library/imports/") == []


def test_pasted_text_is_brought_as_json(owner):
    text = {"text": "Q: Who owns you?\nA: Two founders."}
    shown = owner("post", "library/imports/", text).json()
    assert [(one["question"], one["answer"]) for one in shown["new"]] == [
        ("Who owns you?", "Two founders.")
    ]
    assert [one["name"] for one in owner.read("library/imports/")] == ["Pasted text"]
    refused = owner("post", "library/imports/", {"text": "Nothing is asked here."})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "No question was found" in refused.json()["fields"]["text"]


@pytest.mark.parametrize(
    ("rest", "name", "content"),
    [
        ("library/imports/", "answers.docm", b"PK"),
        ("library/imports/", "answers.xlsx", b"no workbook"),
        ("passport/imports/", "passport.zip", b"no package"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(owner, vendor_a, rest, name, content):
    refused = bring(owner, rest, name, content)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, refused.content
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["detail"]
    none = owner.client.post(f"{owner.home}{rest}", {"other": "1"})
    assert none.json()["fields"]["file"].startswith("Send a form with one file")
    with acting_for(vendor_a.owner):
        assert not LibraryImport.objects.exists()


# The passport


@pytest.fixture
def packed(owner):
    owner("post", "library/", {"question": "How do you train?", "answer": "For six weeks."})
    sent = owner("post", "passport/", {"library": True})
    assert sent.headers["Content-Type"] == "application/zip"
    return sent.content


def test_a_passport_of_another_installation_is_looked_at_and_taken_in(packed, bid_b, vendor_b):
    statement, files = proof.unpack(packed)
    elsewhere = proof.issue(canonical.decode(statement)["body"], files, SigningKey.generate())
    other = Caller(sign_in(vendor_b.owner), bid_b)
    shown = bring(other, "passport/imports/", "p.zip", elsewhere).json()
    assert (shown["trusted"], [one["answer"] for one in shown["new"]]) == (
        False,
        ["For six weeks."],
    )
    one = f"passport/imports/{shown['id']}/"
    unseen = other("post", one, {"seen": "0" * 64})
    assert unseen.status_code == HTTPStatus.CONFLICT
    taken = other("post", one, {"seen": shown["key"], "pin": "Our office in Porto"})
    assert taken.json() == {"added": 1, "files": 0}
    assert other.read("passport/")["trusted"] == [
        {"key": shown["key"], "name": "Our office in Porto"}
    ]
    assert other("delete", f"passport/keys/{shown['key']}/").status_code == HTTPStatus.NO_CONTENT
    with acting_for(vendor_b.owner):
        assert not PinnedKey.objects.exists()
        assert LibraryEntry.objects.count() == 1


def test_a_tampered_passport_is_refused_by_its_check(packed, owner):
    at = len(packed) // 2
    tampered = packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :]
    refused = bring(owner, "passport/imports/", "p.zip", tampered)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "This passport is refused" in refused.json()["detail"]


def test_a_passport_is_no_table_and_a_table_no_passport(packed, owner):
    passport = bring(owner, "passport/imports/", "p.zip", packed).json()["id"]
    brought = bring(owner, "library/imports/", "answers.csv", CSV).json()["id"]
    assert owner("get", f"library/imports/{passport}/").status_code == HTTPStatus.NOT_FOUND
    assert owner("get", f"passport/imports/{brought}/").status_code == HTTPStatus.NOT_FOUND


# Whose it is


def test_only_an_owner_takes_a_passport_away(colleague):
    assert colleague("post", "passport/", {"library": True}).status_code == HTTPStatus.FORBIDDEN


def test_what_one_person_brings_is_not_a_colleagues(owner, colleague):
    upload = owner("post", "evidence/uploads/", ANNOUNCED).json()["id"]
    brought = bring(owner, "library/imports/", "answers.csv", CSV).json()["id"]
    assert colleague.read("evidence/uploads/") == []
    assert colleague.read("library/imports/") == []
    assert put(colleague, upload, 0, 400).status_code == HTTPStatus.NOT_FOUND
    for rest in (f"evidence/uploads/{upload}/", f"library/imports/{brought}/"):
        assert colleague("get", rest).status_code == HTTPStatus.NOT_FOUND
        assert colleague("delete", rest).status_code == HTTPStatus.NOT_FOUND
    assert owner.read(f"evidence/uploads/{upload}/")["received"] == 0


def test_none_of_it_exists_for_another_vendor_or_the_buyer(owner, packed, bid_a, buyer, vendor_b):
    upload = owner("post", "evidence/uploads/", ANNOUNCED).json()["id"]
    brought = bring(owner, "library/imports/", "answers.csv", CSV).json()["id"]
    passport = bring(owner, "passport/imports/", "p.zip", packed).json()["id"]
    reads = (
        *("evidence/uploads/", f"evidence/uploads/{upload}/", "library/imports/", "passport/"),
        *(f"library/imports/{brought}/", f"passport/imports/{passport}/"),
        f"evidence/{uuid.UUID(int=1)}/file/",
    )
    for person in (vendor_b.owner, buyer.lead):
        stranger = Caller(sign_in(person), bid_a)
        for rest in reads:
            assert stranger("get", rest).status_code == HTTPStatus.NOT_FOUND, rest
        assert put(stranger, upload, 0, 400).status_code == HTTPStatus.NOT_FOUND
        assert stranger("post", "evidence/uploads/", ANNOUNCED).status_code == HTTPStatus.NOT_FOUND
        for rest in ("library/imports/", "passport/imports/"):
            assert bring(stranger, rest, "a.csv", CSV).status_code == HTTPStatus.NOT_FOUND, rest


def test_lists_cost_the_same_queries_for_one_row_and_for_three(owner):
    def more(number):
        given = {**ANNOUNCED, "sha256": digest(str(number).encode())}
        assert owner("post", "evidence/uploads/", given).status_code == HTTPStatus.CREATED
        text = {"text": f"Q: How is {number}?\nA: So."}
        assert owner("post", "library/imports/", text).status_code == HTTPStatus.CREATED

    def cost(rest):
        owner.read(rest)
        with CaptureQueriesContext(connection) as captured:
            rows = owner.read(rest)
        return len(captured), len(rows)

    places = ("evidence/uploads/", "library/imports/")
    more(1)
    once = [cost(rest)[0] for rest in places]
    more(2)
    more(3)
    assert [cost(rest) for rest in places] == [(one, 3) for one in once]
