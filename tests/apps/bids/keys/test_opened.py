"""After the opening a vendor reads its own bid as it was opened, and final offers begin from it."""

import pytest
from django.urls import reverse

from apps.bids import selectors
from apps.bids.selectors.library import answers_given
from apps.bids.selectors.own_opened import own_opened
from apps.rfp.states import EnvelopeKind
from apps.workspace.models import Procurement
from apps.workspace.states import Phase
from tests.apps.bids.conftest import open_as
from tests.conftest import acting_for, sign_in
from tests.factories import bids as make

pytestmark = pytest.mark.django_db
TEXT, PRICED = "New agents train for six weeks. amber", "Volumes as in the RFP. amber"


def see(client, name, bid, *more):
    return client.get(reverse(f"bids:{name}", args=[bid.pk, *more]), follow=True).content.decode()


@pytest.fixture
def opened(submitted, buyer, tender, after_grace):
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    return submitted


def open_prices(buyer, tender):
    with acting_for(buyer.opener):
        Procurement.objects.filter(pk=buyer.procurement.pk).update(phase=Phase.COMMERCIAL)
    open_as(buyer, tender, EnvelopeKind.COMMERCIAL)


def test_quality_is_read_from_what_was_opened_and_the_price_once_it_was(
    opened, other, buyer, tender, vendor_a
):
    page = see(other, "check", opened)
    assert TEXT in page
    assert "evidenceamber.pdf" in page
    assert PRICED not in page
    assert "missing" not in page
    portal = see(other, "portal", opened)
    assert "The price envelope is still sealed." in portal
    open_prices(buyer, tender)
    page = see(other, "check", opened)
    assert PRICED in page
    assert "0.91" in page
    colleague = sign_in(vendor_a.respondent)
    assert TEXT in see(colleague, "check", opened)
    assert PRICED not in see(colleague, "check", opened)
    with acting_for(vendor_a.respondent):
        assert own_opened(opened).commercial is None
        assert selectors.draft_of(opened).price is None
    assert TEXT in see(colleague, "section", opened, "1")


def test_a_file_is_handed_out_from_what_was_opened(opened, other, tender, vendor_a):
    with acting_for(vendor_a.owner):
        held = selectors.draft_of(opened).files[tender.questions["2.01"].pk][0]
    answer = other.get(reverse("bids:file", args=[opened.pk, held.id]))
    assert answer.content == make.PDF + b"amber"


def test_before_the_opening_no_file_is_handed_out_without_the_key(
    submitted, other, laptop, vendor_a
):
    with acting_for(vendor_a.owner):
        attached = submitted.attachments.first()
    url = reverse("bids:file", args=[submitted.pk, attached.pk])
    assert other.get(url).status_code == 302
    assert laptop.get(url).content == make.PDF + b"amber"


def test_the_library_is_fed_with_the_key_or_after_the_opening(
    submitted, buyer, tender, vendor_a, after_grace
):
    with acting_for(vendor_a.owner):
        assert answers_given([submitted]) == []
    after_grace()
    open_as(buyer, tender, EnvelopeKind.TECHNICAL)
    with acting_for(vendor_a.owner):
        assert [one.entry.answer for one in answers_given([submitted])] == [TEXT]


def test_the_mark_of_a_file_is_of_a_draft_alone(tender, filled, laptop, vendor_a, settled):
    """Which file proves what is part of the bid: no row says it once the bid is submitted."""
    with acting_for(vendor_a.owner):
        assert filled.attachments.exclude(evidence=None).count() == 2
    page = laptop.get(reverse("bids:check", args=[filled.pk])).content.decode()
    assert "Keep 1 file of this bid in our evidence store" in page
    with settled():
        laptop.post(reverse("bids:submit", args=[filled.pk]), {"keep_files": "1"})
    with acting_for(vendor_a.owner):
        assert not filled.attachments.exclude(evidence=None).exists()
    assert "evidenceamber.pdf" in see(laptop, "evidence", filled)
    with settled():
        laptop.post(reverse("bids:reopen", args=[filled.pk]))
    with acting_for(vendor_a.owner):
        assert filled.attachments.exclude(evidence=None).count() == 2
