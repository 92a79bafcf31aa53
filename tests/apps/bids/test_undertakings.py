"""Bid or no bid, and what vendors agree to before they see more."""

import re

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.bids import selectors
from apps.bids.models import Agreement
from apps.bids.services import agreeing, inviting
from apps.core.errors import Conflict, WrongState
from apps.proof import hashes
from apps.rfp.models import PackFile, Rfp, Undertaking
from apps.rfp.selectors import undertakings_of
from apps.rfp.selectors.freezing import content_of
from apps.rfp.services import releasing
from apps.rfp.services.undertakings import set_undertakings
from apps.rfp.states import RfpState, UndertakingKind
from tests.apps.bids.test_portal_pages import text
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db
NDA = "We keep the data pack secret for five years."
INTENT = "We intend to bid."


@pytest.fixture
def asked(buyer, monkeypatch):
    """A tender that asks for two undertakings and has a data pack."""
    real = make._questions

    def questions(rfp):
        for kind, words in ((UndertakingKind.NDA, NDA), (UndertakingKind.INTENT, INTENT)):
            Undertaking.objects.create(
                organisation_id=rfp.organisation_id, rfp=rfp, kind=kind, text=words
            )
        return real(rfp)

    monkeypatch.setattr(make, "_questions", questions)
    found = make.tender(buyer)
    with acting_for(buyer.lead) as lead:
        rfp = make.read(found)
        releasing.add(rfp=rfp, name="volumes.pdf", content=make.PDF, actor=lead)
        releasing.release(rfp=rfp, note="First volumes.", actor=lead)
    return found


@pytest.fixture
def bid(asked, vendor_a):
    return make.bid_in(asked.rfp, vendor_a)


def agree(bid, who, kind=UndertakingKind.NDA, digest=""):
    with acting_for(who):
        one = Undertaking.objects.get(kind=kind)
        given = digest or hashes.of_bytes(one.text.encode())
        agreeing.agree(bid=bid, undertaking=one, text_digest=given, actor=who)


def test_the_data_pack_waits_for_the_agreement_to_keep_it_secret(bid, asked, vendor_a):
    client = sign_in(vendor_a.owner)
    data = reverse("bids:data", args=[bid.pk])
    with acting_for(vendor_a.owner):
        assert PackFile.objects.count() == 0, "the database shows no file either"
    agree(bid, vendor_a.owner)
    with acting_for(vendor_a.owner):
        file = PackFile.objects.get().pk
    url = reverse("bids:data_file", args=[bid.pk, file])
    assert "volumes.pdf" in text(client.get(data))
    assert client.get(url).content == make.PDF


def test_before_the_agreement_neither_page_nor_file_is_shown(bid, asked, buyer, vendor_a):
    with acting_for(buyer.lead):
        file = PackFile.objects.get().pk
    for person in (vendor_a.owner, vendor_a.respondent):
        client = sign_in(person)
        page = text(client.get(reverse("bids:data", args=[bid.pk])))
        assert "volumes.pdf" not in page
        assert "First volumes." not in page
        assert "Under the non-disclosure agreement" in page
        assert client.get(reverse("bids:data_file", args=[bid.pk, file])).status_code == 404


def test_another_vendors_agreement_opens_nothing(bid, asked, vendor_a, vendor_b):
    agree(make.bid_in(asked.rfp, vendor_b), vendor_b.owner)
    with acting_for(vendor_a.owner):
        assert (PackFile.objects.count(), Agreement.objects.count()) == (0, 0)


def test_the_owner_agrees_on_the_page_and_the_buyer_sees_who_and_when(bid, buyer, vendor_a):
    url, client = reverse("bids:undertakings", args=[bid.pk]), sign_in(vendor_a.owner)
    assert "To agree to" in text(client.get(reverse("bids:portal", args=[bid.pk])))
    page = text(client.get(url))
    assert NDA in page
    for action, digest in re.findall(
        r'action="(/bids/[^"]+)" class="mt-4">.*?name="digest" value="(\w+)"', page
    ):
        assert client.post(action, {"digest": digest}).status_code == 302
    page = text(client.get(url))
    assert page.count("Agreed") == 2
    vendors = reverse("bids:vendors", args=[buyer.procurement.pk])
    seen = text(sign_in(buyer.lead).get(vendors))
    assert f"Non-disclosure agreement: {vendor_a.owner.name}" in seen
    assert f"Intent to bid: {vendor_a.owner.name}" in seen


def test_a_respondent_agrees_to_nothing_and_nobody_to_another_text(bid, vendor_a, vendor_b):
    with acting_for(vendor_a.owner):
        one = Undertaking.objects.get(kind=UndertakingKind.NDA)
    url = reverse("bids:agree", args=[bid.pk, one.pk])
    assert sign_in(vendor_a.respondent).post(url).status_code == 403
    assert sign_in(vendor_b.owner).post(url).status_code == 404
    assert sign_in(vendor_a.owner).post(url, {"digest": "0" * 64}).status_code == 412
    with pytest.raises(Conflict, match="not the one you read"):
        agree(bid, vendor_a.owner, digest="0" * 64)


def test_an_agreement_is_given_once_and_never_changed(bid, vendor_a):
    for _click in range(2):
        agree(bid, vendor_a.owner)
    with acting_for(vendor_a.owner):
        assert Agreement.objects.count() == 1
        with pytest.raises(DatabaseError), transaction.atomic():
            Agreement.objects.update(text_digest="0" * 64)


def test_the_texts_are_frozen_with_the_rfp_and_part_of_its_content(asked, buyer):
    with acting_for(buyer.lead) as lead:
        rfp = make.read(asked)
        assert content_of(rfp)["undertakings"] == {"intent": INTENT, "nda": NDA}
        with pytest.raises(WrongState, match="content is frozen"):
            set_undertakings(rfp=rfp, texts={UndertakingKind.NDA: "Another."}, actor=lead)
        with pytest.raises(DatabaseError), transaction.atomic():
            Undertaking.objects.update(text="Another.")


def test_the_lead_writes_and_clears_the_texts_of_a_draft(buyer):
    with acting_for(buyer.lead) as lead:
        Rfp.objects.create(
            organisation=buyer.organisation,
            procurement=buyer.procurement,
            questionnaire="bpo_voice_support",
            state=RfpState.DRAFT,
        )
    url, client = reverse("rfp:undertakings", args=[buyer.procurement.pk]), sign_in(lead)
    assert client.post(url, {"nda": NDA, "intent": INTENT}).status_code == 302
    assert client.post(url, {"nda": f" {NDA}\r\n", "intent": ""}).status_code == 302
    with acting_for(lead):
        rfp = Rfp.objects.get()
        assert [(one.kind, one.text) for one in undertakings_of(rfp)] == [("nda", NDA)]
    assert client.post(url, {"nda": "x" * 20_001}).status_code == 422
    assert sign_in(buyer.auditor).post(url, {"nda": ""}).status_code == 403
    assert NDA in text(sign_in(buyer.auditor).get(url))


# Bid or no bid


@pytest.fixture
def invited(asked, buyer):
    with acting_for(buyer.lead) as lead:
        return inviting.invite(
            rfp=make.read(asked),
            vendor_name="Castellan CX",
            contact="Piotr Wrona",
            email="piotr@castellan.example",
            actor=lead,
        )


def test_whether_to_bid_is_one_click_from_the_invitation(invited, client):
    _invitation, token = invited
    url = reverse("bids:decide", args=[token])
    assert f'href="{url}"' in client.get(reverse("bids:invitation", args=[token])).content.decode()
    page = text(client.get(url))
    for words in (
        "60% quality, 40% price",
        "Every hour has to be staffed.",
        "36 months",
        "8 questions, about",
        "1,000 contacts a week",
        "Non-disclosure agreement",
        "Bids close",
    ):
        assert words in page, words


def test_the_self_check_is_in_no_form_and_has_no_name(invited, client, bid, vendor_a):
    """Nothing of it can be sent: neither by a press of Enter nor by a script of ours."""
    _invitation, token = invited
    for page in (
        client.get(reverse("bids:decide", args=[token])),
        sign_in(vendor_a.owner).get(reverse("bids:about", args=[bid.pk])),
    ):
        shown = page.content.decode()
        boxes = re.findall(r"<input[^>]*id=\"ko-\d+\"[^>]*>", shown)
        assert boxes
        assert [one for one in boxes if "name=" in one or "form=" in one] == []
        before = shown[: shown.index('id="ko-1"')]
        assert before.count("<form") == before.count("</form>")


def test_a_wrong_link_and_a_declined_invitation_show_nothing(invited, client):
    _invitation, token = invited
    assert client.get(reverse("bids:decide", args=["x" * 43])).status_code == 404
    client.post(reverse("bids:decline_by_link", args=[token]), {"reason": "No team."})
    assert client.get(reverse("bids:decide", args=[token])).status_code == 404


def test_another_buyers_people_see_no_agreement(bid, vendor_a, other_buyer, buyer):
    agree(bid, vendor_a.owner)
    with acting_for(other_buyer.lead):
        assert (Agreement.objects.count(), Undertaking.objects.count()) == (0, 0)
    with acting_for(buyer.evaluator):
        assert Agreement.objects.count() == 1
    with acting_for(vendor_a.owner):
        assert [one.by for one in selectors.asked_of(bid)] == ["", vendor_a.owner.name]


@pytest.mark.parametrize(
    ("least", "said"),
    [
        (12_000, "12,000 contacts a month: the buyer commits to them"),
        (None, "None: the buyer commits to no volume, the workload is an estimate"),
    ],
)
def test_a_vendor_reads_the_minimum_volume_before_it_decides(
    buyer, vendor_a, monkeypatch, least, said
):
    real = make._questions

    def questions(rfp):
        Rfp.objects.filter(pk=rfp.pk).update(least_contacts=least)
        return real(rfp)

    monkeypatch.setattr(make, "_questions", questions)
    bid = make.bid_in(make.tender(buyer).rfp, vendor_a)
    page = sign_in(vendor_a.owner).get(reverse("bids:about", args=[bid.pk]))
    assert said in page.content.decode()
