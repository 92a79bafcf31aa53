"""Inviting vendors: one link, one address, one use; what the buyer learns and what it does not."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from apps.bids.models import Bid, Invitation
from apps.bids.services import inviting
from apps.bids.states import InvitationState
from apps.core import clock, keystore
from apps.core.errors import Incomplete, NotAllowed, NotFound, WrongState
from apps.core.models import AuditEvent, Mail
from apps.rfp.models import Rfp
from apps.workspace.models import Membership, User
from apps.workspace.services.people import digest_of
from apps.workspace.states import MemberRole
from tests.conftest import acting_for
from tests.factories import bids as make
from tests.factories.bids import queries

pytestmark = pytest.mark.django_db
VELORA = {
    "vendor_name": "Velora Connect",
    "contact": "Harriet Sloane",
    "email": "H.Sloane@velora.example",
}


@pytest.fixture
def invited(buyer, tender):
    with acting_for(buyer.lead):
        return inviting.invite(rfp=tender.rfp, actor=buyer.lead, **VELORA)


def link(token: str) -> str:
    return reverse("bids:invitation", args=[token])


def test_an_invitation_keeps_the_digest_of_its_token_and_mails_the_link_once(buyer, invited):
    invitation, token = invited
    with acting_for(buyer.lead):
        stored = Invitation.objects.get(pk=invitation.pk)
        mail = Mail.objects.get(recipient="h.sloane@velora.example")
    assert stored.token_digest == digest_of(token)
    assert len(token) == 43  # 256 bits
    assert f"/invitation/{token}/" in mail.text
    assert mail.subject == "Weir Valley Homes invites you to bid: Out of hours call centre support"
    assert stored.expires_at - stored.created_at < dt.timedelta(hours=72, seconds=1)


@pytest.mark.parametrize("role", ["evaluator", "moderator", "opener", "approver", "auditor"])
def test_only_the_lead_invites(buyer, tender, role):
    person = getattr(buyer, role)
    with acting_for(person), pytest.raises(NotAllowed):
        inviting.invite(rfp=tender.rfp, actor=person, **VELORA)


def test_the_same_address_is_invited_once(buyer, tender, invited):
    with acting_for(buyer.lead):
        with pytest.raises(Incomplete) as refused:
            inviting.invite(rfp=tender.rfp, actor=buyer.lead, **{**VELORA, "vendor_name": "Other"})
        assert refused.value.fields == {
            "email": "h.sloane@velora.example is invited already. Send that invitation again instead."
        }
        assert Invitation.objects.count() == 1


def test_vendors_are_invited_to_a_published_rfp_before_its_deadline(buyer, tender, after_grace):
    with acting_for(buyer.lead):
        draft = Rfp(state="draft", procurement=buyer.procurement)
        with pytest.raises(WrongState, match="Publish the RFP first"):
            inviting.invite(rfp=draft, actor=buyer.lead, **VELORA)
    after_grace()
    with acting_for(buyer.lead), pytest.raises(WrongState, match="The deadline passed on"):
        inviting.invite(rfp=tender.rfp, actor=buyer.lead, **VELORA)


def test_looking_at_a_link_does_not_use_it_up(client, invited):
    _invitation, token = invited
    for _look in range(3):
        answer = client.get(link(token))
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
    text = answer.content.decode()
    assert "Weir Valley Homes invites Velora Connect to bid." in text
    assert "Out of hours call centre support" in text


def test_accepting_makes_the_owner_the_bid_and_its_key_and_signs_in(client, invited):
    _invitation, token = invited
    answer = client.post(link(token), {"name": "Harriet Sloane"})
    user = User.objects.get(email="h.sloane@velora.example")
    with acting_for(user):
        membership = Membership.objects.get(user=user)
        bid = Bid.objects.get()
    assert membership.role == MemberRole.OWNER
    assert answer.headers["Location"] == reverse("bids:portal", args=[bid.pk])
    assert keystore.exists(f"draft-{bid.pk}")
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_link_works_once(client, invited):
    _invitation, token = invited
    client.post(link(token), {"name": "Harriet Sloane"})
    client.logout()
    again = client.post(link(token), {"name": "Harriet Sloane"})
    assert again.status_code == 409
    assert "Sign in with your address." in again.content.decode()
    shown = client.get(link(token)).content.decode()
    assert "The link has done its work." in shown
    assert "_auth_user_id" not in client.session


def test_an_expired_link_says_what_to_do(client, invited, set_clock):
    invitation, token = invited
    set_clock(invitation.expires_at + dt.timedelta(seconds=1))
    assert "This link has expired." in client.get(link(token)).content.decode()
    refused = client.post(link(token), {"name": "Harriet Sloane"})
    assert refused.status_code == 409
    assert "Ask the buyer to send it again." in refused.content.decode()


def test_after_the_deadline_and_after_a_cancellation_there_is_nothing_to_accept(
    buyer, client, tender, invited, set_clock
):
    set_clock(invited[0].expires_at - dt.timedelta(hours=1))
    with acting_for(buyer.lead):
        Rfp.objects.filter(pk=tender.rfp.pk).update(state="cancelled")
    assert "cancelled this tender" in client.get(link(invited[1])).content.decode()
    refused = client.post(link(invited[1]), {"name": "Harriet Sloane"})
    assert refused.status_code == 409
    assert "cancelled this tender" in refused.content.decode()


def test_an_invitation_ends_with_the_deadline(buyer, client, vendor_a, set_clock):
    soon = clock.now() + dt.timedelta(hours=1)
    tender = make.tender(buyer, closes_at=soon)
    with acting_for(buyer.lead):
        _invitation, token = inviting.invite(rfp=tender.rfp, actor=buyer.lead, **VELORA)
    set_clock(soon)
    assert "This invitation has ended." in client.get(link(token)).content.decode()
    for url in (link(token), reverse("bids:decline_by_link", args=[token])):
        refused = client.post(url, {"name": "Harriet Sloane", "reason": "Late."})
        assert refused.status_code == 409
        assert "Bids closed on" in refused.content.decode()


def test_a_renewed_link_replaces_the_one_before(buyer, client, invited):
    invitation, token = invited
    with acting_for(buyer.lead):
        newer = inviting.renew(invitation=invitation, actor=buyer.lead)
        assert Mail.objects.filter(recipient=invitation.email).count() == 2
    assert client.get(link(token)).status_code == 404
    assert client.get(link(newer)).status_code == 200


def test_a_wrong_token_finds_nothing(client, invited):
    for token in ("x" * 43, digest_of(invited[1]), invited[0].token_digest):
        assert client.get(link(token)).status_code == 404
        assert client.post(link(token), {"name": "N"}).status_code == 404


def test_a_link_is_no_second_factor(client, buyer, tender, invited):
    """A known person with a second factor is asked for it, link or not."""
    _invitation, token = invited
    person = User.objects.create_user(email="h.sloane@velora.example", name="Harriet Sloane")
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"}
    )
    answer = client.post(link(token), {"name": "Harriet Sloane"})
    assert answer.headers["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session


def test_whoever_is_signed_in_gains_nothing_by_somebody_elses_link(client_for, buyer, invited):
    _invitation, token = invited
    client = client_for(buyer.lead)
    client.post(link(token), {"name": "Harriet Sloane"})
    owner = User.objects.get(email="h.sloane@velora.example")
    assert client.session["_auth_user_id"] == str(owner.pk)
    with acting_for(owner):
        assert [m.user_id for m in Membership.objects.all()] == [owner.pk]


def test_a_name_is_asked_for(client, invited):
    answer = client.post(link(invited[1]), {"name": ""})
    assert answer.status_code == 422
    assert "Type your name." in answer.content.decode()
    assert not User.objects.filter(email="h.sloane@velora.example").exists()


def test_declining_gives_a_reason_and_can_be_taken_back(buyer, client, invited):
    invitation, token = invited
    url = reverse("bids:decline_by_link", args=[token])
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "No team in English."}).status_code == 302
    with acting_for(buyer.lead):
        declined = Invitation.objects.get(pk=invitation.pk)
    assert (declined.state, declined.reason_declined) == ("declined", "No team in English.")
    page = client.get(link(token)).content.decode()
    assert "You declined" in page
    assert "Out of hours" not in page
    assert client.post(link(token), {"name": "Harriet Sloane"}).status_code == 302
    with acting_for(buyer.lead):
        assert Invitation.objects.get(pk=invitation.pk).state == InvitationState.ACCEPTED


def test_a_submitted_bid_is_withdrawn_before_declining(tender, bid_a, vendor_a, client_for):
    make.fill(bid_a, tender, vendor_a)
    make.submit(bid_a, vendor_a)
    client = client_for(vendor_a.owner)
    url = reverse("bids:decline", args=[bid_a.pk])
    answer = client.post(url, {"reason": "Changed our mind."})
    assert answer.status_code == 409
    assert "Withdraw it first" in answer.content.decode()


def test_declining_after_accepting_needs_a_reason(bid_a, vendor_a, buyer, client_for):
    client, url = client_for(vendor_a.owner), reverse("bids:decline", args=[bid_a.pk])
    wrong = client.post(url, {"reason": ""})
    assert wrong.status_code == 422
    assert "Give the buyer a reason, in one sentence." in wrong.content.decode()
    assert client.post(url, {"reason": "No capacity."}).status_code == 302
    assert client.get(reverse("bids:portal", args=[bid_a.pk])).status_code == 404
    with acting_for(buyer.lead):
        assert Invitation.objects.get().reason_declined == "No capacity."


def test_a_respondent_declines_nothing(bid_a, vendor_a, client_for):
    client = client_for(vendor_a.respondent)
    url = reverse("bids:decline", args=[bid_a.pk])
    assert client.post(url, {"reason": "No."}).status_code == 403


def test_the_moves_of_an_invitation_stand_in_the_buyers_record(buyer, client, invited):
    client.post(link(invited[1]), {"name": "Harriet Sloane"})
    with acting_for(buyer.auditor):
        actions = AuditEvent.objects.filter(procurement_id=buyer.procurement.pk).exclude(
            action__startswith="rfp."
        )
        assert list(actions.order_by("seq").values_list("action", flat=True)) == [
            "bids.invite",
            "invitation.accept",
        ]


def test_a_name_alone_does_not_lead_into_an_earlier_vendors_organisation(
    buyer, tender, invited, vendor_a
):
    """Whoever invites could otherwise name a rival and use an address of their own."""
    with acting_for(buyer.lead):
        mine, _token = inviting.invite(
            rfp=tender.rfp,
            vendor_name="Velora Connect",
            contact="Somebody",
            email="somebody@elsewhere.example",
            actor=buyer.lead,
        )
    assert mine.vendor_id not in {vendor_a.organisation.pk, invited[0].vendor_id}


def test_a_vendor_invited_again_by_the_same_address_keeps_its_organisation(
    buyer, other_buyer, tender, invited
):
    second = make.tender_of(buyer, reference="CC-second")
    with acting_for(buyer.lead):
        again, _token = inviting.invite(rfp=second.rfp, actor=buyer.lead, **VELORA)
    elsewhere = make.tender(other_buyer)
    with acting_for(other_buyer.lead):
        apart, _token = inviting.invite(rfp=elsewhere.rfp, actor=other_buyer.lead, **VELORA)
    assert again.vendor_id == invited[0].vendor_id
    assert apart.vendor_id != invited[0].vendor_id


def test_an_owner_invites_colleagues_and_a_respondent_does_not(bid_a, vendor_a):
    with acting_for(vendor_a.respondent), pytest.raises(NotAllowed):
        inviting.invite_colleague(
            bid=bid_a, email="o@v.example", name="Owen", actor=vendor_a.respondent
        )
    with acting_for(vendor_a.owner):
        inviting.invite_colleague(
            bid=bid_a, email="o@v.example", name="Owen Pryce", actor=vendor_a.owner
        )
        assert Mail.objects.get(recipient="o@v.example").subject == "Join Velora Connect in cceval"


def test_a_colleague_is_invited_on_the_team_page(bid_a, vendor_a, client_for):
    client, url = client_for(vendor_a.owner), reverse("bids:invite_colleague", args=[bid_a.pk])
    wrong = client.post(url, {"name": "Owen Pryce", "email": "owen"})
    assert wrong.status_code == 422
    assert "Write a full address" in wrong.content.decode()
    done = client.post(url, {"name": "Owen Pryce", "email": "owen@velora.example"})
    assert done.headers["Location"] == reverse("bids:team", args=[bid_a.pk]) + "?invited=1"
    assert "The invitation is on its way." in client.get(done.headers["Location"]).content.decode()


def test_an_invitation_is_sent_again_on_the_page_until_it_is_accepted(
    buyer, client, client_for, invited
):
    invitation, token = invited
    lead = client_for(buyer.lead)
    url = reverse("bids:renew", args=[buyer.procurement.pk, invitation.pk])
    assert lead.post(url).status_code == 302
    with acting_for(buyer.lead):
        newest = Mail.objects.filter(recipient=invitation.email).order_by("-created_at").first()
    newer = newest.text.split("/invitation/")[1].split("/")[0]
    assert newer != token
    client.post(link(newer), {"name": "Harriet Sloane"})
    refused = lead.post(url)
    assert refused.status_code == 409
    assert "The vendor signs in with its address." in refused.content.decode()


def test_the_vendors_page_invites_and_shows_a_wrong_address_beside_the_field(
    buyer, tender, client_for
):
    client = client_for(buyer.lead)
    url = reverse("bids:invite", args=[buyer.procurement.pk])
    wrong = client.post(url, {**VELORA, "email": "harriet"})
    assert wrong.status_code == 422
    assert "Write a full address, for example name@company.example." in wrong.content.decode()
    assert "Velora Connect" in wrong.content.decode()
    assert client.post(url, VELORA).status_code == 302
    page = client.get(reverse("bids:vendors", args=[buyer.procurement.pk])).content.decode()
    assert "h.sloane@velora.example" in page


def test_another_buyers_invitation_does_not_exist(buyer, other_buyer, invited, client_for):
    make.tender(other_buyer)
    stranger = client_for(other_buyer.lead)
    for case in (buyer.procurement.pk, other_buyer.procurement.pk):
        url = reverse("bids:renew", args=[case, invited[0].pk])
        assert stranger.post(url).status_code == 404


def test_an_unknown_invitation_is_not_found(db):
    with pytest.raises(NotFound):
        inviting.accept(token="nothing")


def test_the_list_of_vendors_costs_the_same_for_one_and_three(buyer, tender, client_for):
    client, counts = client_for(buyer.lead), []
    url = reverse("bids:vendors", args=[buyer.procurement.pk])
    for number in range(3):
        with acting_for(buyer.lead):
            inviting.invite(
                rfp=tender.rfp,
                vendor_name=f"Vendor {number}",
                contact="Somebody",
                email=f"v{number}@vendor.example",
                actor=buyer.lead,
            )
        counts.append(queries(client, url))
    assert counts[0] == counts[2] <= 30
