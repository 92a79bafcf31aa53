"""The walk through the tree as it stands, and the decision that was taken."""

import uuid
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.decision.models import Decision
from apps.decision.selectors.evidence import evidence_for, tree_of
from apps.decision.states import DecisionState
from apps.engine import cases
from apps.workspace.models import Procurement, User
from apps.workspace.rules import panel_roles
from apps.workspace.selectors import procurement_for
from apps.workspace.states import Phase, Role
from apps.workspace.types import Todo


def walk_for(user: User, procurement: Procurement) -> cases.Record:
    """Walk the shipped tree with the evidence there is; what is missing is named, not guessed."""
    return cases.run("walk", {"tree": tree_of(), "evidence": evidence_for(user, procurement)})


def outcomes() -> Sequence[tuple[str, str]]:
    """Return what a tree may recommend: (slug, name), each once."""
    leaves = tree_of()["leaves"].values()
    return tuple({leaf["recommend"]: leaf["name"] for leaf in leaves}.items())


def _of(procurement: Procurement) -> Decision | None:
    return (
        Decision.objects.filter(procurement=procurement)
        .select_related("procurement", "proposed_by", "approved_by")
        .order_by("-number")
        .first()
    )


def latest_decision(user: User, procurement: Procurement) -> Decision | None:
    """Return the newest decision, for those on the panel."""
    return _of(procurement) if panel_roles(user, procurement) else None


def latest_for(user: User, *, procurement_id: uuid.UUID) -> Decision:
    found = _of(procurement_for(user, procurement_id=procurement_id))
    if found is None:
        raise NotFound(_("No decision has been proposed yet."))
    return found


def decision_for(user: User, *, procurement_id: uuid.UUID, decision_id: uuid.UUID) -> Decision:
    """Return one decision of a procurement the person sees."""
    procurement = procurement_for(user, procurement_id=procurement_id)
    found = (
        Decision.objects.filter(procurement=procurement, pk=decision_id)
        .select_related("procurement", "proposed_by", "approved_by")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such decision."))
    return found


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Ask the lead to propose once the evidence is there, and the approver to approve."""
    roles = panel_roles(user, procurement)
    decision = _of(procurement)
    url = reverse("decision:walk", args=[procurement.pk])
    if decision and decision.state == DecisionState.PROPOSED and Role.APPROVER in roles:
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
    ready = procurement.phase == Phase.COMMERCIAL and "ranking.leader" in evidence_for(
        user, procurement
    )
    if Role.LEAD in roles and ready and decision is None:
        return [
            Todo(
                title=_("Propose the decision"),
                text=_("Ranking and prices are frozen. Walk the tree, then propose."),
                url=url,
                action=_("Open the tree"),
                icon="network",
            )
        ]
    return []
