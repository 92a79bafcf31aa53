"""Every kind of question in the portal: filled in as a form, saved, sealed and read by the buyer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.bids import selectors
from apps.bids.services import answering
from apps.core.errors import Incomplete
from apps.rfp.states import AnswerKind, EnvelopeKind
from tests.apps.bids.conftest import open_as
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db

MORE = (
    {
        "code": "1.06",
        "topic": "Transition",
        "text": "When would you take over?",
        "kind": AnswerKind.DATE_RANGE,
        "weight": "1",
        "required": False,
        "commitment": True,
    },
    {
        "code": "1.07",
        "topic": "Clients",
        "text": "Name clients like us.",
        "kind": AnswerKind.GROUP,
        "options": [
            {"name": "Client", "kind": "text_short"},
            {"name": "Work", "kind": "text_long"},
            {"name": "Channel", "kind": "single_choice", "options": ["Voice", "Chat"]},
        ],
        "limits": {"least": "2", "most": "3"},
        "weight": "1",
        "required": False,
        "allows_na": True,
    },
    {
        "code": "1.08",
        "topic": "Audit",
        "text": "Attach your SOC 2 report.",
        "kind": AnswerKind.FILE,
        "options": ["pdf"],
        "weight": "1",
        "required": True,
        "allows_na": True,
        "evidence_class": "soc2_type2",
        "evidence_expires": True,
    },
)


@pytest.fixture
def tender(buyer, monkeypatch):
    monkeypatch.setattr(make, "QUESTIONS", (*make.QUESTIONS, *MORE))
    return make.tender(buyer)


@pytest.fixture
def client(vendor_a):
    return sign_in(vendor_a.owner)


def text(answer):
    return " ".join(answer.content.decode().split())


def page(client, bid):
    return text(client.get(reverse("bids:section", args=[bid.pk, "1"])))


def post(client, bid, **typed):
    return client.post(reverse("bids:section", args=[bid.pk, "1"]), typed)


def draft(bid, vendor):
    with acting_for(vendor.owner):
        return selectors.draft_of(bid)


def attach(client, tender, bid, expires=""):
    question = tender.questions["1.08"]
    file = SimpleUploadedFile("soc2.pdf", make.PDF, content_type="application/pdf")
    url = reverse("bids:attach", args=[bid.pk, question.pk])
    return client.post(url, {"file": file, "expires": expires})


def test_the_form_has_a_field_for_every_part(client, bid_a):
    shown = page(client, bid_a)
    for name in ("a-1.06-from", "a-1.06-to", "a-1.07-0-0", "a-1.07-1-1", "na-1.07", "na-1.08"):
        assert f'name="{name}"' in shown, name
    assert '<option value="Chat">Chat</option>' in shown
    assert "Your answer becomes part of the contract." in shown
    assert "SOC 2 Type II" in shown
    assert 'name="expires"' in shown


def test_a_range_and_a_group_are_saved_from_the_form(client, bid_a, vendor_a):
    given = {
        "v-1.06": "0", "a-1.06-from": "2027-01-01", "a-1.06-to": "2027-02-01",
        "v-1.07": "0", "a-1.07-0-0": "Harbour Line", "a-1.07-0-1": "Night calls.",
        "a-1.07-0-2": "Voice", "a-1.07-1-0": "", "a-1.07-1-1": "", "a-1.07-1-2": "",
    }  # fmt: skip
    assert post(client, bid_a, **given).status_code == 302
    held = draft(bid_a, vendor_a)
    assert held.values["1.06"] == {"from": "2027-01-01", "to": "2027-02-01"}
    assert held.values["1.07"] == [
        {"Client": "Harbour Line", "Work": "Night calls.", "Channel": "Voice"}
    ]
    missing = {gap.code: gap.sentence for gap in held.gaps()}
    assert missing["1.07"] == "1.07 Clients: give at least 2 rows"
    shown = page(client, bid_a)
    assert 'value="2027-02-01"' in shown
    assert '<option value="Voice" selected>Voice</option>' in shown


def test_a_wrong_range_comes_back_as_it_was_typed(client, bid_a):
    given = {"v-1.06": "0", "a-1.06-from": "2027-03-01", "a-1.06-to": "2027-02-01"}
    answer = post(client, bid_a, **given)
    assert answer.status_code == 422
    assert "Let the dates end on the day they begin, or later." in text(answer)
    assert 'value="2027-03-01"' in text(answer)


def test_not_applicable_needs_its_reason_and_closes_the_gap(client, bid_a, vendor_a):
    answer = post(client, bid_a, **{"v-1.08": "0", "na-1.08": "1", "nr-1.08": " "})
    assert answer.status_code == 422
    assert "Say in one sentence why this does not apply to you." in text(answer)
    reason = "We are audited under ISO/IEC 27001 alone."
    assert (
        post(client, bid_a, **{"v-1.08": "0", "na-1.08": "1", "nr-1.08": reason}).status_code == 302
    )
    held = draft(bid_a, vendor_a)
    assert held.values["1.08"] == {"not_applicable": reason}
    assert "1.08" not in {gap.code for gap in held.gaps()}
    assert reason in page(client, bid_a)
    # unticked again, nothing stands
    post(client, bid_a, **{"v-1.08": "1", "nr-1.08": reason})
    assert "1.08" not in draft(bid_a, vendor_a).values


def test_a_file_and_not_applicable_exclude_each_other(client, tender, bid_a, vendor_a):
    with acting_for(vendor_a.owner) as owner:
        save = {"bid": bid_a, "question": tender.questions["1.08"], "actor": owner}
        away = {"not_applicable": "We have no report."}
        answering.save_answer(raw=away, version=0, **save)
        file = {"name": "a.pdf", "content": make.PDF, "expires": "2027-01-01"}
        with pytest.raises(Incomplete, match="Untick that first"):
            answering.attach(**file, **save)
        answering.save_answer(raw="", version=1, **save)
        answering.attach(**file, **save)
        with pytest.raises(Incomplete, match="Remove the files first"):
            answering.save_answer(raw=away, version=2, **save)
        with pytest.raises(Incomplete, match="takes no text"):
            answering.save_answer(raw="Some text", version=2, **save)


@pytest.mark.parametrize("expires", ["", "soon", "31.03.2027"])
def test_a_file_that_expires_comes_with_its_day(client, tender, bid_a, expires):
    answer = attach(client, tender, bid_a, expires)
    assert answer.status_code == 422
    assert "Give the day until which this file is valid" in text(answer)


def test_what_was_filled_in_is_sealed_and_read_by_the_buyer(
    client, buyer, tender, bid_a, vendor_a, after_grace
):
    assert attach(client, tender, bid_a, "2027-03-31").status_code == 302
    assert "valid until 2027-03-31" in page(client, bid_a)
    away = {"not_applicable": "We are new."}
    make.fill(
        bid_a,
        tender,
        vendor_a,
        **{"1.06": {"from": "2027-01-01", "to": "2027-02-01"}, "1.07": away},
    )
    make.submit(bid_a, vendor_a)
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    with acting_for(buyer.lead):
        given = selectors.opened_answers(buyer.lead, make.read(tender))[bid_a.pk]
        files = selectors.attachments_of(buyer.lead, make.read(tender))[bid_a.pk]
    assert given["1.07"] == away
    assert given["1.08"][0]["expires"] == "2027-03-31"
    assert files["1.08"][0].expires == "2027-03-31"
    url = reverse("bids:opened_bid", args=[buyer.procurement.pk, bid_a.pk])
    shown = text(sign_in(buyer.lead).get(url))
    assert "1 January 2027 to 1 February 2027" in shown
    assert "Not applicable: We are new." in shown
    assert "valid until 2027-03-31" in shown
