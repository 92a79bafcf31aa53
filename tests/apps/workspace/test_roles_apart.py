"""Roles that should not meet in one person: refused by the preset, or excepted and printed."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from apps.core.errors import Incomplete
from apps.core.models import AuditEvent
from apps.reports.selectors.commitment import roles_of
from apps.rfp import selectors as rfps
from apps.rfp.selectors.presets import APART
from apps.rfp.services import authoring
from apps.rfp.states import Preset
from apps.workspace import selectors
from apps.workspace.models import PanelMember, Procurement, RoleException
from apps.workspace.services import panel
from apps.workspace.states import WHY_APART, Phase, Role, pair_name
from tests.conftest import acting_for, sign_in
from tests.factories.rfp import make_rfp

pytestmark = pytest.mark.django_db
REASON = "Two people run the whole purchase; the auditor watches the opening."


@pytest.fixture
def draft(buyer):
    with acting_for(buyer.lead) as lead:
        rfp = make_rfp(buyer.procurement, lead)
        panel.keep_apart(procurement=buyer.procurement, pairs=APART[rfp.preset], actor=lead)
        return rfp


def appoint(buyer, person, role, because=""):
    with acting_for(buyer.lead) as lead:
        case = Procurement.objects.get(pk=buyer.procurement.pk)
        return panel.appoint(procurement=case, user=person, role=role, actor=lead, because=because)


def met(buyer):
    with acting_for(buyer.lead):
        case = Procurement.objects.get(pk=buyer.procurement.pk)
        return [
            (one.person, pair_name(one.pair), one.open) for one in selectors.panel_meetings(case)
        ]


def test_each_preset_refuses_what_the_one_below_refuses_and_more():
    essential, assured, public = (set(APART[one]) for one in Preset)
    assert essential < assured < public == set(WHY_APART)


@pytest.mark.parametrize(
    ("preset", "person", "role", "refused"),
    [
        (Preset.ESSENTIAL, "lead", Role.APPROVER, True),
        (Preset.ESSENTIAL, "evaluator", Role.APPROVER, True),
        (Preset.ESSENTIAL, "lead", Role.OPENER, False),
        (Preset.ASSURED, "lead", Role.OPENER, True),
        (Preset.ASSURED, "evaluator", Role.OPENER, False),
        (Preset.ASSURED, "auditor", Role.EVALUATOR, True),
        (Preset.PUBLIC, "evaluator", Role.OPENER, True),
        (Preset.PUBLIC, "evaluator", Role.MODERATOR, False),
    ],
)
def test_the_preset_says_which_roles_one_person_may_not_hold(buyer, preset, person, role, refused):
    with acting_for(buyer.lead) as lead:
        panel.keep_apart(procurement=buyer.procurement, pairs=APART[preset], actor=lead)
    someone = getattr(buyer, person)
    if not refused:
        appoint(buyer, someone, role)
        return
    with pytest.raises(Incomplete, match="every report prints it") as error:
        appoint(buyer, someone, role)
    assert someone.name in error.value.fields["because"]
    with acting_for(buyer.lead):
        assert not PanelMember.objects.filter(user=someone, role=role).exists()


def test_an_exception_has_a_reason_stands_in_the_record_and_on_every_report(buyer, draft):
    appoint(buyer, buyer.lead, Role.OPENER, REASON)
    assert met(buyer) == [(buyer.lead, "lead+opener", False)]
    with acting_for(buyer.lead):
        assert AuditEvent.objects.filter(action="panel.except").count() == 1
        (row,) = roles_of(draft)
    assert buyer.lead.name in row["value"]
    assert REASON in row["value"]


def test_what_a_preset_allows_is_printed_as_well(buyer, draft):
    appoint(buyer, buyer.evaluator, Role.OPENER)
    with acting_for(buyer.lead):
        (row,) = roles_of(draft)
    assert "Who scores would hold a key to the prices." in row["value"]
    assert "The preset of this tender allows it." in row["value"]


def test_roles_that_met_before_the_preset_was_raised_block_publication_until_settled(buyer, draft):
    appoint(buyer, buyer.evaluator, Role.OPENER)
    with acting_for(buyer.lead) as lead:
        authoring.set_preset(rfp=draft, preset=Preset.PUBLIC, procedure="open", actor=lead)

        def blocked():
            return [one for one in rfps.completeness(draft) if one.code == "roles-apart"]

        draft.refresh_from_db()
        (said,) = blocked()
        assert buyer.evaluator.name in said.sentence
        with pytest.raises(Incomplete):
            panel.except_meetings(procurement=draft.procurement, reason="  ", actor=lead)
        panel.except_meetings(procurement=draft.procurement, reason=REASON, actor=lead)
        assert not blocked()


def test_who_has_scored_does_not_approve_after_a_dismissal(buyer, draft):
    with acting_for(buyer.lead) as lead:
        scorer = PanelMember.objects.get(user=buyer.evaluator, role=Role.EVALUATOR)
        Procurement.objects.filter(pk=buyer.procurement.pk).update(phase=Phase.COMMERCIAL)
        panel.dismiss(member=scorer, actor=lead)
    with pytest.raises(Incomplete, match="Who scores would approve"):
        appoint(buyer, buyer.evaluator, Role.APPROVER)
    appoint(buyer, buyer.evaluator, Role.APPROVER, REASON)
    assert (buyer.evaluator, "approver+evaluator", False) in met(buyer)


def test_a_dismissal_before_anybody_was_asked_settles_it(buyer, draft):
    with acting_for(buyer.lead) as lead:
        scorer = PanelMember.objects.get(user=buyer.evaluator, role=Role.EVALUATOR)
        panel.dismiss(member=scorer, actor=lead)
    appoint(buyer, buyer.evaluator, Role.APPROVER)
    assert met(buyer) == []


def test_the_page_says_what_meets_and_takes_the_reason(buyer, draft):
    client, place = sign_in(buyer.lead), [buyer.procurement.pk]
    wish = {"user": buyer.lead.pk, "role": "opener"}
    refused = client.post(reverse("workspace:appoint", args=place), wish)
    assert refused.status_code == 422
    assert "Who runs the tender would hold a key to its bids." in refused.content.decode()
    assert 'name="because"' in refused.content.decode()
    client.post(reverse("workspace:appoint", args=place), {**wish, "because": REASON})
    page = client.get(reverse("workspace:panel", args=place)).content.decode()
    assert REASON in page


def test_the_page_takes_one_reason_for_what_met_before(buyer, draft):
    appoint(buyer, buyer.evaluator, Role.OPENER)
    with acting_for(buyer.lead) as lead:
        panel.keep_apart(procurement=buyer.procurement, pairs=APART[Preset.PUBLIC], actor=lead)
    client, place = sign_in(buyer.lead), [buyer.procurement.pk]
    url = reverse("workspace:except_meetings", args=place)
    assert client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": REASON}).status_code == 302
    assert met(buyer) == [(buyer.evaluator, "evaluator+opener", False)]


def test_a_reason_is_never_rewritten(buyer, draft):
    appoint(buyer, buyer.lead, Role.OPENER, REASON)
    with acting_for(buyer.lead):
        for change in (
            lambda: RoleException.objects.update(reason="x"),
            lambda: RoleException.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_by_api_the_reason_comes_along(buyer, draft):
    client = sign_in(buyer.lead)
    url = reverse("api-panel", args=[buyer.procurement.pk])
    wish = {"email": buyer.lead.email, "role": "opener"}
    refused = client.post(url, wish, content_type="application/json")
    assert (refused.status_code, "because" in refused.json()["fields"]) == (422, True)
    taken = client.post(url, {**wish, "because": REASON}, content_type="application/json")
    assert taken.status_code == 201
