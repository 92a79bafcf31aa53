"""The ceremony as the panel sees it: whose keys there are, which are turned, what was refused."""

import datetime as dt
import uuid
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.bids.models import Ceremony
from apps.bids.states import CeremonyState
from apps.core import clock
from apps.core.access import can
from apps.core.models import AuditEvent
from apps.proof import canonical
from apps.rfp.models import Rfp
from apps.rfp.selectors import keys_of, opening_sentence
from apps.rfp.states import KeyKind
from apps.workspace.models import User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

# The views on which a key is turned, by the name under which their refusals are recorded.
TURNING = ("bids:open_quality", "bids:open_prices", "matrix:open_offers", "api-bids-opening")
CHECKS: "Mapping[str, StrOrPromise]" = MappingProxyType(
    {
        "code": gettext_lazy("a code with a slip in it"),
        "envelope": gettext_lazy("an envelope that does not verify"),
        "holder": gettext_lazy("the key of another opener"),
        "key": gettext_lazy("a key of no envelope here"),
        "kind": gettext_lazy("the key of another envelope"),
        "order": gettext_lazy("before its turn"),
        "repeated": gettext_lazy("a key turned already"),
        "state": gettext_lazy("nothing to open"),
        "stored key": gettext_lazy("a stored key that was changed"),
        "time": gettext_lazy("too early"),
        "waiting key": gettext_lazy("a waiting key that was changed"),
    }
)
SHOWN = 5


@dataclass(frozen=True)
class KeyState:
    """One key of the ceremony; `turned_by` and `at` once it is turned."""

    name: str
    spare: bool
    turned_by: str = ""
    at: dt.datetime | None = None


@dataclass(frozen=True)
class Refused:
    """A refused turn: who, when, which check failed."""

    who: str
    at: dt.datetime
    why: str


@dataclass(frozen=True)
class CeremonyView:
    kind: KeyKind
    sentence: str
    needed: int
    keys: tuple[KeyState, ...]
    ends_at: dt.datetime | None  # of the ceremony under way
    may_turn: bool  # an opener who has not turned a key in it
    refused: tuple[Refused, ...]
    demo: bool
    over: bool = False  # its envelopes are open

    @property
    def turned(self) -> int:
        return sum(one.at is not None for one in self.keys)


def ceremony_of(user: User, rfp: Rfp, kind: KeyKind) -> CeremonyView:
    """Return the ceremony of one kind of envelope: under way, over, or not begun."""
    keys = keys_of(rfp, kind)
    last = (
        Ceremony.objects.filter(rfp=rfp, kind=kind)
        .exclude(state=CeremonyState.ENDED)
        .order_by("-created_at", "-pk")
        .first()
    )
    running = last is not None and last.state == CeremonyState.GATHERING
    if last is not None and running and last.ends_at <= clock.database_now():
        last, running = None, False
    turns = {one.key_id: one for one in last.turns.select_related("turned_by")} if last else {}
    states = [
        KeyState(
            name=_("Spare key") if one.spare else one.holder.name,
            spare=one.spare,
            turned_by=turns[one.pk].turned_by.name if one.pk in turns else "",
            at=turns[one.pk].created_at if one.pk in turns else None,
        )
        for one in keys
    ]
    return CeremonyView(
        kind=kind,
        sentence=opening_sentence(rfp.keys_needed, len(keys)),
        needed=rfp.keys_needed,
        keys=tuple(states),
        ends_at=last.ends_at if last and running else None,
        may_turn=can(user, "bids.open", rfp)
        and user.pk not in {one.turned_by_id for one in turns.values()},
        refused=_refused(rfp.procurement_id),
        demo=settings.ENVIRONMENT == "demo",
        over=last is not None and last.state == CeremonyState.OPENED,
    )


def _refused(procurement_id: uuid.UUID) -> tuple[Refused, ...]:
    held = AuditEvent.objects.filter(
        procurement_id=procurement_id,
        refused=True,
        action__in=[f"refused.{name}" for name in TURNING],
    ).select_related("actor")
    return tuple(
        Refused(
            who=one.actor.name if one.actor else "",
            at=one.at,
            why=check_of(one),
        )
        for one in held.order_by("-seq")[:SHOWN]
    )


def check_of(event: AuditEvent) -> str:
    """Say in words which check a refused turn failed; without one it was not for this person."""
    details = canonical.decode(event.payload.encode())["details"]
    check = details.get("check", "")
    return str(CHECKS.get(check, "")) if check else _("not an opener")
