"""A person of two vendors follows a link: they act for the organisation that owns its object."""

import re

import pytest
from django.urls import reverse

from apps.core.models import AuditEvent
from apps.workspace.models import Membership
from apps.workspace.selectors import CHOSEN
from apps.workspace.states import MemberRole
from tests.apps.bids.conftest import sign_in
from tests.conftest import add_member, make_buyer, make_user, tenancy

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultant(vendor_a, vendor_b):
    """Somebody who writes bids for both vendors."""
    user = make_user("Mara Novak")
    for vendor in (vendor_a, vendor_b):
        add_member(vendor.organisation, user, MemberRole.OWNER)
    return user


def choosing(user, organisation):
    client = sign_in(user)
    session = client.session
    session[CHOSEN] = str(organisation.pk)
    session.save()
    return client


@pytest.mark.parametrize("name", ["portal", "about", "price", "team"])
def test_a_link_opens_whichever_organisation_was_chosen(
    consultant, bid_a, bid_b, vendor_a, vendor_b, name
):
    for chosen in (vendor_a, vendor_b):
        client = choosing(consultant, chosen.organisation)
        for bid, vendor in ((bid_a, vendor_a), (bid_b, vendor_b)):
            answer = client.get(reverse(f"bids:{name}", args=[bid.pk]))
            assert answer.status_code == 200
            assert answer.wsgi_request.organisation == vendor.organisation
    api = choosing(consultant, vendor_a.organisation).get(f"/api/v1/bids/{bid_b.pk}/")
    assert api.status_code == 200


def test_an_act_is_recorded_for_the_organisation_that_owns_the_bid(
    consultant, bid_b, vendor_a, vendor_b
):
    client = choosing(consultant, vendor_a.organisation)
    assert client.post(reverse("bids:withdraw", args=[bid_b.pk])).status_code == 409
    with tenancy.acting_as(organisation=vendor_a.organisation.pk):
        assert not AuditEvent.objects.filter(actor=consultant).exists()
    with tenancy.acting_as(organisation=vendor_b.organisation.pk):
        assert AuditEvent.objects.filter(actor=consultant).exists()


def test_what_belongs_to_no_organisation_of_theirs_stays_a_404(
    consultant, tender, buyer, bid_a, vendor_a
):
    other = make_buyer("Harbour Mutual").procurement
    client = choosing(consultant, vendor_a.organisation)
    invited, never = buyer.procurement.pk, other.pk
    for path in (f"/p/{invited}/", f"/p/{never}/", f"/p/{invited}/bids/{bid_a.pk}/"):
        assert client.get(path).status_code == 404, path
    words = [
        re.sub(r"<[^>]*>", "", client.get(f"/p/{one}/").content.decode())
        for one in (invited, never)
    ]
    assert words[0] == words[1]


def test_who_left_an_organisation_is_out_of_its_bids(consultant, bid_b, vendor_a, vendor_b):
    client = choosing(consultant, vendor_a.organisation)
    with tenancy.acting_as(organisation=vendor_b.organisation.pk):
        Membership.objects.filter(user=consultant).update(active=False)
    assert client.get(reverse("bids:portal", args=[bid_b.pk])).status_code == 404


def test_a_buyers_member_who_also_bids_elsewhere_reaches_the_buyers_pages(
    buyer, tender, bid_a, vendor_a, vendor_b
):
    """The vendor is invited and its session reads the procurement; the page is the buyer's."""
    add_member(vendor_a.organisation, buyer.auditor, MemberRole.RESPONDENT)
    client = choosing(buyer.auditor, vendor_a.organisation)
    assert client.get(f"/p/{buyer.procurement.pk}/").status_code == 200
