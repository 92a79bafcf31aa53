"""The walk through the tree as it stands, and the decision that was taken."""

import uuid
from collections.abc import Mapping, Sequence
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
from apps.workspace.models import Procurement, User
from apps.workspace.rules import panel_roles
from apps.workspace.selectors import procurement_for
from apps.workspace.states import Phase, Role
from apps.workspace.types import Todo

UNSOURCED = ("question", "source")


def walk_for(user: User, procurement: Procurement, tree: str = TREE) -> cases.Record:
    """Walk a shipped tree with the evidence there is; what is missing is named, not guessed."""
    return cases.run("walk", {"tree": tree_of(tree), "evidence": evidence_for(user, procurement)})


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


def decisions_of(procurement: Procurement) -> QuerySet[Decision]:
    """Return every decision of a procurement, the newest first."""
    return (
        Decision.objects.filter(procurement=procurement)
        .select_related("procurement", "proposed_by", "approved_by", "sent_back_by")
        .order_by("-number")
    )


def latest_decision(user: User, procurement: Procurement) -> Decision | None:
    """Return the newest decision, for those who may read it."""
    if not can(user, "decision.view", procurement):
        return None
    return decisions_of(procurement).first()


def latest_for(user: User, *, procurement_id: uuid.UUID) -> Decision:
    found = decisions_of(procurement_for(user, procurement_id=procurement_id)).first()
    if found is None:
        raise NotFound(_("No decision has been proposed yet."))
    return found


def decision_for(user: User, *, procurement_id: uuid.UUID, decision_id: uuid.UUID) -> Decision:
    """Return one decision of a procurement the person sees."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    found = decisions_of(procurement).filter(pk=decision_id).first()
    if found is None:
        raise NotFound(_("There is no such decision."))
    return found


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Ask the lead to propose once the evidence is there, and another person to approve."""
    roles = panel_roles(user, procurement)
    if procurement.phase != Phase.COMMERCIAL or not roles & {Role.LEAD, Role.APPROVER}:
        return []
    decision = decisions_of(procurement).first()
    url = reverse("decision:walk", args=[procurement.pk])
    if decision and decision.state == DecisionState.PROPOSED:
        return _judging(user, decision, url) if Role.APPROVER in roles else []
    if Role.LEAD not in roles:
        return []
    return _proposing(user, procurement, decision, url)


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
    user: User, procurement: Procurement, decision: Decision | None, url: str
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
    if standing(user, procurement)[0] is None:
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
