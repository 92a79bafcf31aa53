"""The pages of what changed midway ask as much for one row as for three."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.matrix.models import Assignment
from apps.workspace.models import PanelMember
from apps.workspace.states import Role
from tests.apps.matrix.test_reopening import ask, drop
from tests.apps.matrix.test_substitutes import dismiss
from tests.conftest import acting_for, sign_in


def asked(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as held:
        assert client.get(url).status_code == 200
    return len(held)


def test_requests_to_reopen(locked, buyer):
    client = sign_in(buyer.lead)
    url = reverse("matrix:reopenings", args=[locked.procurement.pk])
    drop(locked, ask(locked), buyer.lead)
    one = asked(client, url)
    for _again in range(2):
        drop(locked, ask(locked), buyer.lead)
    assert asked(client, url) == one


def test_evaluators_who_left(begun, buyer):
    client = sign_in(buyer.lead)
    url = reverse("matrix:substitutes", args=[begun.procurement.pk])
    dismiss(begun, buyer.evaluator2)
    one = asked(client, url)
    others = (buyer.executive, buyer.approver)
    with acting_for(buyer.lead) as lead:
        held = begun.round_for(lead)
        section = begun.questions["1.01"].section
        Assignment.objects.bulk_create(
            Assignment(
                organisation_id=held.organisation_id,
                scoring_round=held,
                section=section,
                evaluator=person,
            )
            for person in others
        )
        PanelMember.objects.bulk_create(
            PanelMember(
                organisation_id=held.organisation_id,
                procurement=begun.procurement,
                user=person,
                role=Role.EVALUATOR,
                active=False,
            )
            for person in others
        )
    assert asked(client, url) == one
