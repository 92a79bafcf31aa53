"""States as data: a table of moves, and `move`, the only writer of a state."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction
from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.errors import WrongState

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Workflow:
    """Moves of one model's state field: name of the move → (states it may start from, state after).

    `sentences` say, per move, what to do when it comes at the wrong moment.
    """

    name: str
    field: str
    moves: Mapping[str, tuple[tuple[str, ...], str]]
    sentences: "Mapping[str, StrOrPromise]"

    def allows(self, subject: models.Model, move: str) -> bool:
        return str(getattr(subject, self.field)) in self.moves[move][0]


def require(subject: models.Model, workflow: Workflow, name: str) -> None:
    """Refuse with the move's sentence when `subject` is not in a state it may start from."""
    if workflow.allows(subject, name):
        return
    state = getattr(subject, workflow.field)
    label = state.label if hasattr(state, "label") else state
    raise WrongState(
        str(workflow.sentences.get(name, ""))
        or _("This is not possible now: {state}.").format(state=label)
    )


@transaction.atomic
def move(
    subject: models.Model,
    workflow: Workflow,
    name: str,
    *,
    actor: AbstractBaseUser | None,
    payload: Mapping[str, audit.Plain] | None = None,
    also: Mapping[str, Any] | None = None,
) -> None:
    """Lock the row, check the move, save the state, record the event: `workflow.move`.

    `also` are columns that a constraint ties to the state, written in the same UPDATE.
    """
    locked = type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    move_held(locked, workflow, name, actor=actor, payload=payload, also=also)
    setattr(subject, workflow.field, getattr(locked, workflow.field))
    if also:
        subject.refresh_from_db(fields=list(also))


def move_held(
    locked: models.Model,
    workflow: Workflow,
    name: str,
    *,
    actor: AbstractBaseUser | None,
    payload: Mapping[str, audit.Plain] | None = None,
    also: Mapping[str, Any] | None = None,
) -> None:
    """Do the same with a row that the caller's transaction has locked and read already."""
    require(locked, workflow, name)
    before, after = str(getattr(locked, workflow.field)), workflow.moves[name][1]
    held = type(locked)._default_manager.filter(pk=locked.pk)
    held.update(**{workflow.field: after, **(also or {})})
    setattr(locked, workflow.field, after)
    audit.record(
        action=f"{workflow.name}.{name}",
        actor=actor,
        subject=locked,
        procurement_id=getattr(locked, "procurement_id", None),
        payload={"from": before, "to": after, **(payload or {})},
    )
