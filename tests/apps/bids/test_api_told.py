"""The rest of a vendor's journey by API: what is asked, changes, data, history, receipts, colleagues."""

from http import HTTPStatus
from types import SimpleNamespace

import pytest
from django.urls import reverse

from apps.bids.models import Acknowledgement, Confirmation, Invitation
from apps.bids.services import teaming
from apps.core.models import Mail
from apps.proof.recovery import read_code
from apps.rfp.states import EnvelopeKind
from tests.apps.bids.conftest import open_as
from tests.apps.bids.test_acknowledging import amend
from tests.apps.bids.test_api_team import Caller
from tests.apps.bids.test_clarifying import answer as reply
from tests.apps.bids.test_clarifying import ask
from tests.apps.bids.test_data_pack import CSV, add, release
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make
from tests.factories import offers
from tests.factories.rfp import make_rfp

JSON = "application/json"
PRICED = "3"  # the section of the price envelope


@pytest.fixture
def filled(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a)
    return bid_a


@pytest.fixture
def owner(filled, vendor_a):
    return Caller(sign_in(vendor_a.owner), filled)


@pytest.fixture
def blind(filled, vendor_a):
    """A respondent whom nobody let see the price."""
    return Caller(sign_in(vendor_a.respondent), filled)


def asked_in(found):
    return {one["code"]: [each["code"] for each in one["questions"]] for one in found["sections"]}


def test_what_is_asked_is_told_with_weights_texts_and_rubrics(owner, tender):
    found = owner.read("about/")
    assert found["digest"] == tender.rfp.digest
    assert asked_in(found)["1"][0] == "1.01"
    first = found["sections"][0]["questions"][0]
    assert first["text"] == tender.questions["1.01"].text
    assert {"weight", "kind", "required", "rubric"} <= first.keys()
    assert not {"auto", "condition", "knockout"} & first.keys(), "how answers are marked is ours"


def test_questions_on_the_price_are_for_whom_the_owner_shows_it(owner, blind):
    assert asked_in(owner.read("about/"))[PRICED]
    assert asked_in(blind.read("about/"))[PRICED] == []


def test_an_addendum_is_read_and_acknowledged(buyer, vendor_a):
    with acting_for(buyer.lead) as lead:
        rfp = make.read(SimpleNamespace(rfp=make_rfp(buyer.procurement, lead, published=True)))
    caller = Caller(sign_in(vendor_a.owner), make.bid_in(rfp, vendor_a))
    assert caller.read("changes/") == {"version": 1, "notices": []}
    amend(buyer, rfp)
    found = caller.read("changes/")
    (notice,) = found["notices"]
    assert (found["version"], notice["reason"], notice["may_acknowledge"]) == (2, "Clearer.", True)
    assert notice["changes"][0]["after"] == "Describe the first sixty days."
    one = f"changes/{notice['id']}/"
    for _again in range(2):
        assert caller("put", f"{one}acknowledgement/", {}).json() == {"unacknowledged": 0}
    refused = caller("put", f"{one}confirmation/", {})
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "Only a submitted bid is confirmed" in refused.json()["detail"]
    with acting_for(vendor_a.owner):
        assert (Acknowledgement.objects.count(), Confirmation.objects.count()) == (1, 0)


def test_answers_to_all_are_marked_as_read(buyer, owner, filled, vendor_a):
    reply(buyer, ask(filled, vendor_a))
    assert [one["unread"] for one in owner.read("questions/")["answers"]] == [True]
    assert owner("put", "questions/read/", {}).json() == {"unread": 0}
    assert [one["unread"] for one in owner.read("questions/")["answers"]] == [False]


def test_the_data_pack_is_listed_and_fetched_once_it_is_released(buyer, tender, owner):
    file = add(buyer, tender)
    assert owner.read("data/")["versions"] == []
    assert owner("get", f"data/{file.pk}/").status_code == HTTPStatus.NOT_FOUND
    release(buyer, tender)
    (version,) = owner.read("data/")["versions"]
    (found,) = version["files"]
    assert owner("get", f"data/{found['id']}/").content == CSV


def test_an_earlier_version_comes_back_unless_a_colleague_was_faster(
    owner, tender, filled, vendor_a
):
    kept = owner.read("answers/1.02/history/")
    stands = kept[0]["version"]
    owner("put", "answers/1.02/", {"answer": "No", "version": stands})
    late = owner("post", "answers/1.02/history/", {"version": stands, "instead_of": stands})
    assert late.status_code == HTTPStatus.PRECONDITION_FAILED
    back = owner("post", "answers/1.02/history/", {"version": stands, "instead_of": stands + 1})
    assert back.json() == {"version": stands + 2}
    assert owner.read("answers/1.02/history/")[0]["answer"] == kept[0]["answer"]


def test_the_price_is_nowhere_for_a_respondent_whom_the_owner_did_not_name(owner, blind):
    for rest in ("answers/3.01/history/", "answers/3.01/files/"):
        assert owner("get", rest).status_code == HTTPStatus.OK
        assert blind("get", rest).status_code == HTTPStatus.NOT_FOUND
    given = {"version": 1, "instead_of": 1}
    assert blind("post", "answers/3.01/history/", given).status_code == HTTPStatus.NOT_FOUND


def test_receipts_of_final_offers_are_for_whom_the_price_is_shown(offers_asked):
    found = offers_asked
    offers.offer(found, 0, "0.77")
    people, bid = found.vendors[0], found.bids[0]
    whole, without = (
        Caller(sign_in(one), bid).read("receipts/") for one in (people.owner, people.respondent)
    )
    assert [one["final_offer"] for one in whole] == [True, False]
    assert [one["final_offer"] for one in without] == [False]
    answer = sign_in(people.owner).get(whole[0]["receipt"])
    assert answer.status_code == HTTPStatus.OK


def test_a_final_offer_by_api_hands_out_the_code_that_opens_it_again(offers_asked):
    """Without it the key would be nobody's, and the vendor's own offer closed to the vendor."""
    bid, vendor = offers_asked.bids[0], offers_asked.vendors[0]
    caller = Caller(sign_in(vendor.owner), bid)
    sheet = {"sheet": offers.sheet("0.77"), "version": 0}
    assert caller("put", "final-offer/", sheet).status_code == HTTPStatus.OK
    unread = caller("post", "final-offer/submit/", {"version": 7})
    assert unread.status_code == HTTPStatus.PRECONDITION_FAILED
    made = caller("post", "final-offer/submit/", {"version": 1}).json()
    assert read_code(made["recovery_code"])
    home = reverse("bids:unlock", args=[bid.pk])
    opened = caller.client.post(home, {"code": made["recovery_code"], "to": "final_offer"})
    page = caller.client.get(opened.url)
    assert 'value="0.77"' in page.content.decode()
    other = Caller(sign_in(offers_asked.vendors[1].owner), offers_asked.bids[1])
    other("put", "final-offer/", sheet)
    chosen = made["recovery_code"]
    again = other("post", "final-offer/submit/", {"recovery_code": chosen}).json()
    assert again["recovery_code"] == chosen


def test_a_draft_whose_code_is_lost_is_begun_again(owner, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert owner("post", "submit/", {}).status_code == HTTPStatus.CREATED
    assert owner.read("")["sealed"]
    with django_capture_on_commit_callbacks(execute=True):
        assert owner("post", "start-again/", {}).json() == {"state": "draft"}
    assert owner.read("")["answers"]["1.02"]["answer"] is None


def test_an_owner_declines_with_a_reason_and_invites_colleagues(owner, blind, buyer, vendor_a):
    given = {"name": "Ada New", "email": "ada@velora.example"}
    assert blind("post", "team/invitations/", given).status_code == HTTPStatus.FORBIDDEN
    assert owner("post", "team/invitations/", given).status_code == HTTPStatus.CREATED
    with acting_for(vendor_a.owner):
        assert Mail.objects.filter(recipient="ada@velora.example").count() == 1
    assert blind("post", "decline/", {"reason": "No."}).status_code == HTTPStatus.FORBIDDEN
    assert owner("post", "decline/", {"reason": " "}).status_code == (
        HTTPStatus.UNPROCESSABLE_ENTITY
    )
    assert owner("post", "decline/", {"reason": "No team in Welsh."}).status_code == HTTPStatus.OK
    with acting_for(buyer.lead):
        held = Invitation.objects.get(vendor=vendor_a.organisation)
        assert (held.state, held.reason_declined) == ("declined", "No team in Welsh.")


PLACES = (
    "about/",
    "changes/",
    "data/",
    "receipts/",
    "answers/1.01/history/",
    "answers/1.01/files/",
)


def test_none_of_it_exists_for_another_vendor_or_the_buyer(filled, buyer, tender, vendor_b, bid_b):
    for person in (vendor_b.owner, buyer.lead, buyer.auditor):
        stranger = Caller(sign_in(person), filled)
        for rest in PLACES:
            assert stranger("get", rest).status_code == HTTPStatus.NOT_FOUND, rest
        for rest in ("decline/", "team/invitations/", "answers/1.01/history/"):
            assert stranger("post", rest, {}).status_code == HTTPStatus.NOT_FOUND, rest
        assert stranger("put", "questions/read/", {}).status_code == HTTPStatus.NOT_FOUND


def test_once_opened_a_vendor_reads_its_history_by_nobodys_help(
    django_capture_on_commit_callbacks, filled, buyer, tender, vendor_a, after_grace
):
    """The key went with the submission: what is not opened is not told, and nothing breaks."""
    with django_capture_on_commit_callbacks(execute=True):
        make.submit(filled, vendor_a)
    caller = Caller(sign_in(vendor_a.owner), filled)
    sealed = caller("get", "answers/1.01/history/")
    assert sealed.status_code == HTTPStatus.CONFLICT
    assert sealed.json()["detail"]
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    assert caller("get", "about/").status_code == HTTPStatus.OK
    assert len(caller.read("receipts/")) == 1


def test_whom_the_owner_names_reads_the_price_questions(owner, blind, filled, vendor_a):
    with acting_for(vendor_a.owner) as user:
        teaming.name_price_readers(bid=filled, people=[vendor_a.respondent.pk], actor=user)
    assert asked_in(blind.read("about/"))[PRICED]
