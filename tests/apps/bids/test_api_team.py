"""The portal by API: the same people may do the same, and a price is shown no more than on a page."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.bids.models import Comment, Evidence, LibraryEntry
from apps.bids.services import assuming, commenting, evidence, library, teaming
from apps.bids.states import SignOffPart
from apps.bids.types.evidence import About
from apps.bids.types.library import Entry
from apps.core.errors import NotAllowed
from apps.proof import hashes
from apps.rfp.models import Undertaking
from apps.rfp.states import UndertakingKind
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db
JSON = "application/json"
NOBODY = str(uuid.UUID(int=7))
ROW = {"kind": "assumption", "place": "Clause 4", "wording": "Volumes stay within a tenth."}
EFFECT = {"amount": "1234.56", "unit": "month"}
ENTRY = {"question": "How do you train agents?", "answer": "For six weeks."}
TEXT = "We keep the data pack secret."


@pytest.fixture
def undertaking(monkeypatch):
    real = make._questions

    def questions(rfp):
        Undertaking.objects.create(
            organisation_id=rfp.organisation_id, rfp=rfp, kind=UndertakingKind.NDA, text=TEXT
        )
        return real(rfp)

    monkeypatch.setattr(make, "_questions", questions)


@pytest.fixture
def bid(undertaking, tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    return bid_a


@pytest.fixture
def owner(bid, vendor_a):
    return Caller(sign_in(vendor_a.owner), bid)


@pytest.fixture
def blind(bid, vendor_a):
    """A respondent whom nobody let see the price."""
    return Caller(sign_in(vendor_a.respondent), bid)


class Caller:
    """Asks for addresses below one bid; `given` is sent as JSON."""

    def __init__(self, client, bid):
        self.client, self.home = client, f"/api/v1/bids/{bid.pk}/"

    def __call__(self, method, rest, given=None):
        sent = {} if given is None else {"data": given, "content_type": JSON}
        return getattr(self.client, method)(f"{self.home}{rest}", **sent)

    def read(self, rest):
        answer = self("get", rest)
        assert answer.status_code == 200, answer.content
        return answer.json()


def test_an_owner_shares_the_work_and_everybody_reads_who_does_what(owner, blind, vendor_a):
    me, other = str(vendor_a.owner.pk), str(vendor_a.respondent.pk)
    shared = owner("put", "team/sections/", {"sections": {"1": other, "3": me}}).json()
    assert {one["code"]: one["person"] for one in shared["sections"]} == {
        "1": other,
        "2": None,
        "3": me,
    }
    assert owner("put", "team/sign-offs/", {"quality": [other], "price": [me]}).status_code == 200
    seen = blind.read("team/")
    assert [one["code"] for one in seen["sections"]] == ["1", "2"]
    assert {one["id"]: (one["reads_price"], one["signs"]) for one in seen["people"]} == {
        me: (True, ["price"]),
        other: (False, ["quality"]),
    }
    named = owner("put", "team/price-readers/", {"people": [other]}).json()
    assert all(one["reads_price"] for one in named["people"])
    assert [one["code"] for one in blind.read("team/")["sections"]] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("rest", "given"),
    [
        ("team/sections/", {"sections": {"1": None}}),
        ("team/price-readers/", {"people": []}),
        ("team/sign-offs/", {"quality": [], "price": []}),
    ],
)
def test_only_an_owner_shares_the_work(blind, vendor_a, bid, rest, given):
    assert blind("put", rest, given).status_code == 403
    with acting_for(vendor_a.respondent) as who, pytest.raises(NotAllowed):
        teaming.delegate(bid=bid, people={}, actor=who)


@pytest.mark.parametrize(
    ("method", "rest", "given"),
    [
        ("put", "team/sections/", {"sections": {"1": NOBODY}}),
        ("put", "team/sections/", {"sections": {"9": None}}),
        ("put", "team/sections/", {"sections": ["1"]}),
        ("put", "team/price-readers/", {"people": [NOBODY]}),
        ("put", "team/price-readers/", {"people": "all"}),
        ("put", "team/sign-offs/", {"legal": []}),
        ("post", "answers/1.01/comments/", {"text": "  "}),
        ("post", "answers/1.01/comments/", {"text": "x", "mentioned": [NOBODY]}),
        ("post", "answers/1.01/comments/", {"text": "x" * 2001}),
        ("post", "sign-offs/", {"part": "legal", "fingerprint": "0" * 64}),
        ("post", "assumptions/", {**ROW, "amount": "1,2,3", "unit": "month"}),
        ("post", "assumptions/", {**ROW, "kind": "deviation"}),
        ("post", "assumptions/", {**ROW, "rate": "1"}),
        ("put", "answers/1.01/confidential/", {"reason": ""}),
        ("post", "library/", {"question": "How?"}),
        ("post", "library/", {**ENTRY, "answer": "x" * 20_001}),
    ],
)
def test_input_of_the_wrong_shape_gets_a_sentence_and_saves_nothing(owner, method, rest, given):
    answer = owner(method, rest, given)
    assert answer.status_code == 422, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_comments_are_written_and_read_and_the_audience_is_named(owner, blind, vendor_a):
    other = vendor_a.respondent
    said = {"text": "Is this still six weeks?", "mentioned": [str(other.pk)]}
    made = owner("post", "answers/1.01/comments/", said)
    assert (made.status_code, made.json()["mentioned"]) == (201, [other.name])
    page = blind.read("answers/1.01/comments/")
    assert [one["text"] for one in page["comments"]] == [said["text"]]
    assert [one["name"] for one in page["audience"]] == [vendor_a.owner.name]


def test_who_sees_no_price_finds_nothing_of_it(owner, blind, bid, vendor_a):
    owner("post", "answers/3.01/comments/", {"text": "Is 0.91 too low?"})
    made = owner("post", "assumptions/", {**ROW, **EFFECT}).json()
    assert made["amount"] == EFFECT["amount"]
    owner("put", "team/sign-offs/", {"quality": [], "price": [str(vendor_a.owner.pk)]})
    for method, rest, given in (
        ("get", "answers/3.01/comments/", None),
        ("post", "answers/3.01/comments/", {"text": "Hello"}),
        ("put", "answers/3.01/confidential/", {"reason": "Trade secret"}),
        ("delete", "answers/3.01/confidential/", None),
        ("get", "answers/3.01/library/", None),
    ):
        assert blind(method, rest, given).status_code == 404, rest
    rows = blind.read("assumptions/")["rows"]
    assert [("amount" in one, one["wording"]) for one in rows] == [(False, ROW["wording"])]
    assert "amount" not in blind.read(f"assumptions/{made['id']}/")
    assert blind.read("sign-offs/") == []
    assert "1234.56" not in blind("get", "assumptions/").content.decode()
    refused = blind("post", "assumptions/", {**ROW, **EFFECT})
    assert (refused.status_code, [*refused.json()["fields"]]) == (422, ["amount"])


def test_a_change_without_the_price_leaves_its_effect(owner, blind):
    made = owner("post", "assumptions/", {**ROW, **EFFECT}).json()
    one = f"assumptions/{made['id']}/"
    changed = blind("put", one, {**ROW, "wording": "Volumes stay the same.", "version": 1})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert owner.read(one)["amount"] == EFFECT["amount"]
    late = blind("put", one, {**ROW, "version": 1})
    assert late.status_code == 412
    assert "effect" not in late.json()["current"]
    assert owner("delete", one).status_code == 204
    assert owner("get", one).status_code == 404


def test_a_sign_off_names_what_was_read(owner, blind, bid, vendor_a):
    me = str(vendor_a.owner.pk)
    owner("put", "team/sign-offs/", {"quality": [me], "price": []})
    (line,) = owner.read("sign-offs/")
    given = {"part": "quality", "fingerprint": line["fingerprint"]}
    assert blind("post", "sign-offs/", given).status_code == 403
    assert owner("post", "sign-offs/", {**given, "fingerprint": "0" * 64}).status_code == 412
    assert [one["given"] for one in owner("post", "sign-offs/", given).json()] == [True]
    changed = {"answer": "New agents train for seven weeks.", "version": 1}
    assert owner("put", "answers/1.01/", changed).status_code == 200
    assert [one["given"] for one in owner.read("sign-offs/")] == [False]


def test_an_owner_agrees_to_the_text_that_was_read(owner, blind):
    (asked,) = owner.read("undertakings/")
    assert (asked["text"], asked["digest"]) == (TEXT, hashes.of_bytes(TEXT.encode()))
    one, given = f"undertakings/{asked['id']}/", {"digest": asked["digest"]}
    assert blind("put", one, given).status_code == 403
    assert owner("put", one, {"digest": "0" * 64}).status_code == 412
    for _twice in range(2):
        assert [line["agreed_by"] != "" for line in owner("put", one, given).json()] == [True]
    assert owner("put", f"undertakings/{NOBODY}/", given).status_code == 404


def test_evidence_is_described_attached_and_dropped(owner, bid, vendor_a):
    with acting_for(vendor_a.owner) as who:
        held = evidence.keep(
            bid=bid, name="iso.pdf", content=make.PDF + b"2", about=About(), actor=who
        )
    one = f"evidence/{held.pk}/"
    about = {"kind": "iso_27001", "issued": "2026-01-01", "expires": "2029-01-01"}
    assert owner("put", one, about).json()["expires"] == "2029-01-01"
    assert owner("put", one, {**about, "expires": "soon"}).status_code == 422
    assert owner("post", f"{one}questions/", {"questions": ["1.02"]}).status_code == 422
    assert owner("post", f"{one}questions/", {"questions": ["2.01"]}).json()["questions"] == [
        "2.01"
    ]
    assert owner("delete", one).status_code == 204
    assert owner("get", one).status_code == 404


def test_the_library_is_filled_searched_changed_and_emptied(owner):
    assert owner("post", "library/", ENTRY).json() == {"added": 1}
    again = owner("post", "library/", ENTRY)
    assert (again.status_code, again.json()) == (200, {"added": 0})
    (found,) = owner.read("library/?q=training%20of%20agents")["results"]
    one = f"library/{found['id']}/"
    assert owner("put", one, {**ENTRY, "answer": "For seven weeks."}).status_code == 200
    assert owner.read(one)["answer"] == "For seven weeks."
    offers = owner.read("answers/1.01/library/")
    assert "For seven weeks." in [each["answer"] for each in offers]
    assert owner("delete", one).status_code == 204
    assert owner("get", one).status_code == 404


PLACES = ("team/", "sign-offs/", "undertakings/", "assumptions/", "evidence/", "library/")


def test_none_of_it_exists_for_another_vendor_or_the_buyer(bid, buyer, vendor_b, bid_b):
    for person in (vendor_b.owner, buyer.lead, buyer.auditor):
        caller = Caller(sign_in(person), bid)
        for rest in (*PLACES, "answers/1.01/comments/", "answers/1.01/library/"):
            assert caller("get", rest).status_code == 404, rest
        assert caller("post", "assumptions/", ROW).status_code == 404
        assert caller("post", "library/", ENTRY).status_code == 404
        assert caller("put", "team/price-readers/", {"people": []}).status_code == 404


def test_lists_cost_the_same_queries_for_one_row_and_for_three(owner, bid, tender, vendor_a):
    def more(number):
        with acting_for(vendor_a.owner) as who:
            assuming.add(bid=bid, raw={**ROW, "wording": f"Wording {number}"}, actor=who)
            content, name = make.PDF + str(number).encode(), f"{number}.pdf"
            evidence.keep(bid=bid, name=name, content=content, about=About(), actor=who)
            library.add(bid=bid, entries=[Entry(f"How {number}?", "So.")], actor=who)
            question = tender.questions["1.01"]
            commenting.comment(
                bid=bid, question=question, text=f"Said {number}", mentioned=[], actor=who
            )
            asked = {SignOffPart.QUALITY: [who.pk], SignOffPart.PRICE: [who.pk][: number - 1]}
            teaming.ask_for_sign_offs(bid=bid, duties=asked, actor=who)

    def cost(rest):
        owner.read(rest)
        with CaptureQueriesContext(connection) as captured:
            owner.read(rest)
        return len(captured)

    places = (*(one for one in PLACES if one != "sign-offs/"), "answers/1.01/comments/")
    more(1)
    once = {rest: cost(rest) for rest in places}
    more(2)
    more(3)
    assert {rest: cost(rest) for rest in places} == once
    with acting_for(vendor_a.owner):
        assert Comment.objects.count() == LibraryEntry.objects.count() == 3
        assert Evidence.objects.count() >= 3
