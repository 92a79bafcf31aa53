"""What the dashboard asks of whom, and when it asks nothing."""

from apps.matrix import selectors
from apps.matrix.services import ranking
from apps.workspace.models import Procurement
from tests.conftest import acting_for
from tests.factories import matrix as make

ROLES = ("lead", "evaluator", "moderator", "opener", "approver", "executive", "auditor")


def asked(stage) -> dict[str, list[str]]:
    """The titles of every role's entries, without roles that have none."""
    found = {}
    for role in ROLES:
        person = getattr(stage.buyer, role)
        with acting_for(person):
            procurement = Procurement.objects.get(pk=stage.procurement.pk)
            titles = [todo.title for todo in selectors.todos(person, procurement)]
        if titles:
            found[role] = titles
    return found


def test_each_step_of_the_evaluation_asks_one_person(opened, buyer):
    assert asked(opened) == {"lead": ["Begin scoring"]}
    make.begun(opened)
    assert asked(opened) == {"evaluator": ["6 scores left"]}
    make.scored(opened)
    assert asked(opened) == {
        "evaluator": ["Finish your sections"],
        "moderator": ["Open the consensus"],
    }
    make.in_consensus(opened)
    assert asked(opened) == {"moderator": ["6 scores to agree"]}
    make.agreed(opened)
    assert asked(opened) == {"moderator": ["Lock the scores"]}
    make.locked(opened)
    assert "moderator" not in asked(opened)
    assert asked(opened).get("lead", []) == []
    make.priced(opened)
    assert asked(opened) == {"lead": ["Freeze the ranking with prices"]}
    with acting_for(buyer.lead) as lead:
        ranking.freeze(scoring_round=opened.round_for(lead), actor=lead)
    assert asked(opened) == {}


def test_before_the_opening_nothing_is_asked(buyer, procurement):
    with acting_for(buyer.lead) as lead:
        assert selectors.todos(lead, procurement) == []
