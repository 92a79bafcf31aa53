"""The walk through the tree as it stands, and the decision that was taken."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.access import can
from apps.core.errors import NotFound
from apps.decision.models import Decision
from apps.decision.selectors.evidence import TREE, evidence_for, standing, tree_of
from apps.decision.states import DecisionState
from apps.engine import cases
from apps.rfp.models import Lot
from apps.rfp.selectors import is_decided, lots_in, of_lot
from apps.workspace.models import Procurement, User
from apps.workspace.rules import panel_roles
from apps.workspace.selectors import procurement_for
from apps.workspace.states import Phase, Role
from apps.workspace.types import Todo

UNSOURCED = ("question", "source")


def walk_for(
    user: User, procurement: Procurement, tree: str = TREE, *, lot: Lot | None = None
) -> cases.Record:
    """Walk a shipped tree with the evidence there is; what is missing is named, not guessed."""
    evidence = evidence_for(user, procurement, lot)
    return cases.run("walk", {"tree": tree_of(tree), "evidence": evidence})


def same_walk(one: cases.Record, other: cases.Record) -> bool:
    """Whether two walks took the same path on the same values of the same records."""
    return _essence(one) == _essence(other)


def _essence(record: cases.Record) -> tuple[object, ...]:
    result: Any = record.to_plain()["result"]
    path = [{k: v for k, v in step.items() if k not in UNSOURCED} for step in result["path"]]
    return result["recommendation"], result["leaf"], path, result["figures"]


def outcomes(tree: str = TREE) -> Sequence[tuple[str, str]]:
    """Return what a tree may recommend: (slug, name), each once."""
    leaves: Mapping[str, Any] = tree_of(tree)["leaves"]
    return tuple({leaf["recommend"]: leaf["name"] for leaf in leaves.values()}.items())


def decisions_of(procurement: Procurement, lot: Lot | None = None) -> QuerySet[Decision]:
    """Return every decision of a procurement, or of one of its lots, the newest first."""
    return (
        Decision.objects.filter(procurement=procurement, lot=lot)
        .select_related("procurement", "lot", "proposed_by", "approved_by", "sent_back_by")
        .order_by("-number")
    )


def latest_decision(
    user: User, procurement: Procurement, lot: Lot | None = None
) -> Decision | None:
    """Return the newest decision, of a lot where there are lots, for those who may read it."""
    if not can(user, "decision.view", procurement):
        return None
    return decisions_of(procurement, lot).first()


def latest_for(user: User, *, procurement_id: uuid.UUID, lot: Lot | None = None) -> Decision:
    procurement = procurement_for(user, procurement_id=procurement_id)
    found = decisions_of(procurement, lot).first()
    if found is None:
        raise NotFound(_("No decision has been proposed yet."))
    return found


def decision_for(user: User, *, procurement_id: uuid.UUID, decision_id: uuid.UUID) -> Decision:
    """Return one decision of a procurement the person sees."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    held = Decision.objects.filter(procurement=procurement, pk=decision_id)
    found = held.select_related(
        "procurement", "lot", "proposed_by", "approved_by", "sent_back_by"
    ).first()
    if found is None:
        raise NotFound(_("There is no such decision."))
    return found


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Ask the lead to propose once the evidence is there, and another person to approve."""
    roles = panel_roles(user, procurement)
    if procurement.phase != Phase.COMMERCIAL or not roles & {Role.LEAD, Role.APPROVER}:
        return []
    return [
        of_lot(todo, lot)
        for lot in lots_in(procurement) or (None,)
        if not is_decided(lot)
        for todo in _todos(user, procurement, lot, roles)
    ]


def _todos(
    user: User, procurement: Procurement, lot: Lot | None, roles: Collection[str]
) -> list[Todo]:
    decision = decisions_of(procurement, lot).first()
    url = reverse("decision:walk", args=[procurement.pk])
    if decision and decision.state == DecisionState.PROPOSED:
        return _judging(user, decision, url) if Role.APPROVER in roles else []
    if Role.LEAD not in roles:
        return []
    return _proposing(user, procurement, decision, url, lot)


def _judging(user: User, decision: Decision, url: str) -> list[Todo]:
    if decision.proposed_by_id == user.pk:
        return []  # another approver judges it
    return [
        Todo(
            title=_("A decision waits for your approval"),
            text=_("Proposed by {name}.").format(name=decision.proposed_by.name),
            url=url,
            action=_("Read and decide"),
            icon="network",
            tone="warn",
        )
    ]


def _proposing(
    user: User, procurement: Procurement, decision: Decision | None, url: str, lot: Lot | None
) -> list[Todo]:
    if decision and decision.sent_back_by:
        return [
            Todo(
                title=_("The decision came back"),
                text=_("{name}: {reason}").format(
                    name=decision.sent_back_by.name, reason=decision.sent_back_reason
                ),
                url=url,
                action=_("Propose again"),
                icon="network",
                tone="warn",
            )
        ]
    if standing(user, procurement, lot)[0] is None:
        return []
    return [
        Todo(
            title=_("Propose the decision"),
            text=_("Ranking and prices are frozen. Walk the tree, then propose."),
            url=url,
            action=_("Open the tree"),
            icon="network",
        )
    ]
