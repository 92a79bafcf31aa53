"""Who has not declared gets nothing of a bid, a score, a rank or a file, and computes with none."""

import html

import pytest
from django.urls import reverse

from apps.core.errors import NotAllowed
from apps.matrix.models import Ranking
from apps.matrix.services import consensus
from apps.workspace.models import PanelMember
from apps.workspace.rules import forget_roles
from apps.workspace.states import Interest
from tests.apps.matrix.test_leaks import api_addresses, page_addresses
from tests.conftest import acting_for
from tests.factories import matrix as make

ROLES = ("lead", "evaluator", "moderator", "opener", "approver", "executive", "auditor")
# Of an answer, of an evaluator's reason, of the panel's.
CANARIES = ("We hire in waves.", "Meets anchor", "Agreed: meets")


def undeclare(person, interest=Interest.UNDECLARED):
    with acting_for(person):
        PanelMember.objects.filter(user=person).update(interest=interest, declared_at=None)
    forget_roles(person)


def addresses(stage):
    case = [stage.procurement.pk]
    with acting_for(stage.buyer.lead):
        bids = [bid.pk for bid in stage.bids]
    return [
        *page_addresses(stage),
        *api_addresses(stage),
        *(reverse("bids:opened_bid", args=[*case, bid]) for bid in bids),
        reverse("bids:answers_workbook", args=case),
        reverse("bids:opening", args=case),
        reverse("bids:stages", args=case),
        reverse("pricing:comparison", args=case),
        reverse("reports:library", args=case),
    ]


def everything(client, stage):
    answers = [client.get(url) for url in addresses(stage)]
    assert all(answer.status_code < 500 for answer in answers)
    return "\n".join(html.unescape(one.content.decode(errors="replace")) for one in answers)


@pytest.mark.parametrize("interest", [Interest.UNDECLARED, Interest.CONFLICT])
@pytest.mark.parametrize("role", ROLES)
def test_after_the_lock_nothing_is_read_without_both_declarations(
    locked, buyer, client_for, role, interest
):
    person = getattr(buyer, role)
    undeclare(person, interest)
    read = everything(client_for(person), locked)
    assert [one for one in CANARIES if one in read] == []


def test_the_same_pages_hold_all_of_it_for_who_has_declared(locked, buyer, client_for):
    read = everything(client_for(buyer.lead), locked)
    assert [one for one in CANARIES if one not in read] == []


def test_the_workbook_and_a_file_are_shut(locked, buyer, client_for):
    case = [locked.procurement.pk]
    with acting_for(buyer.lead):
        letter = locked.bid(0).letter
    undeclare(buyer.auditor)
    client = client_for(buyer.auditor)
    assert client.get(reverse("bids:answers_workbook", args=case)).status_code == 403
    file = reverse("matrix:evidence", args=[*case, "2.02", letter, "0" * 64])
    assert client.get(file).status_code == 404


def test_a_moderator_who_has_not_declared_locks_no_empty_round(agreeing, buyer):
    make.agreed(agreeing)
    undeclare(buyer.moderator)
    with acting_for(buyer.moderator) as moderator, pytest.raises(NotAllowed):
        consensus.lock(scoring_round=agreeing.round_for(moderator), actor=moderator)
    with acting_for(buyer.lead):
        assert not Ranking.objects.exists()
