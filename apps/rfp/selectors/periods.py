"""Minimum periods of a public procedure: how many days, from which article, and which day is earliest.

Days are calendar days. The day of publication does not count; a period ends with the last hour of
its last day, or of the next working day where that is a Saturday or Sunday (Regulation (EEC,
Euratom) No 1182/71, Article 3). Public holidays are not known here.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from apps.rfp.models import Rfp, Round
from apps.rfp.states import Procedure

TENDER, REQUEST, STANDSTILL = "tender", "request", "standstill"
LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        REQUEST: gettext_lazy("Days to ask to take part"),
        TENDER: gettext_lazy("Days between publication and deadline"),
        STANDSTILL: gettext_lazy("Days of standstill between notice of the award and contract"),
    }
)
SATURDAY: Final = 5


@dataclass(frozen=True)
class Minimum:
    """A period of a procedure: its least number of days as the law has it, and where."""

    days: int
    source: Promise


_OPEN = gettext_lazy("Directive 2014/24/EU, Article 27(1)")
_RESTRICTED_ASK = gettext_lazy("Directive 2014/24/EU, Article 28(1)")
_RESTRICTED = gettext_lazy("Directive 2014/24/EU, Article 28(2)")
_NEGOTIATED = gettext_lazy("Directive 2014/24/EU, Article 29(1)")
_WAIT = Minimum(
    10,
    gettext_lazy(
        "Directive 89/665/EEC, Article 2a(2), as amended by Directive 2007/66/EC: 10 days where the"
        " notice goes by electronic means, else 15"
    ),
)
MINIMA: Mapping[str, Mapping[str, Minimum]] = MappingProxyType(
    {
        Procedure.OPEN: {TENDER: Minimum(35, _OPEN), STANDSTILL: _WAIT},
        Procedure.RESTRICTED: {
            REQUEST: Minimum(30, _RESTRICTED_ASK),
            TENDER: Minimum(30, _RESTRICTED),
            STANDSTILL: _WAIT,
        },
        Procedure.NEGOTIATED: {
            REQUEST: Minimum(30, _NEGOTIATED),
            TENDER: Minimum(30, _NEGOTIATED),
            STANDSTILL: _WAIT,
        },
    }
)


@dataclass(frozen=True)
class Period:
    """A period as this RFP has it: the legal minimum, or the buyer's own days with a reason."""

    name: str
    label: str
    days: int
    minimum: int
    source: str
    reason: str

    @property
    def own(self) -> bool:
        return bool(self.reason)


def periods_of(rfp: Rfp, procedure: str | None = None) -> tuple[Period, ...]:
    """Return the periods of the RFP's procedure; none where no procedure is chosen."""
    known = MINIMA.get(rfp.procedure if procedure is None else procedure, {})
    return tuple(
        Period(
            name=name,
            label=str(LABELS[name]),
            days=rfp.periods.get(name, {}).get("days", one.days),
            minimum=one.days,
            source=str(one.source),
            reason=rfp.periods.get(name, {}).get("reason", ""),
        )
        for name, one in known.items()
    )


@dataclass(frozen=True)
class Asking:
    """When vendors could ask to take part: from the day the notice was sent to a last day."""

    notice_on: dt.date
    until: dt.date

    @property
    def days(self) -> int:
        """Return the days given; the day of the notice does not count, the last one does."""
        return max((self.until - self.notice_on).days, 0)


def asking_of(rfp: Rfp) -> Asking | None:
    """Return when vendors could ask to take part; None where nobody has said so."""
    held = rfp.periods.get(REQUEST, {})
    if not held.get("notice_on") or not held.get("until"):
        return None
    return Asking(dt.date.fromisoformat(held["notice_on"]), dt.date.fromisoformat(held["until"]))


def days_between(now: dt.datetime, held: Round) -> int:
    """Return the whole days between publication and deadline, by the calendar of the deadline."""
    zone = ZoneInfo(held.zone)
    gap = held.closes_at.astimezone(zone).date() - now.astimezone(zone).date()
    return max(gap.days - 1, 0)


def earliest(now: dt.datetime, days: int, zone: str) -> dt.date:
    """Return the first day on which a deadline may lie after a period of so many days."""
    return last_day(now.astimezone(ZoneInfo(zone)).date(), days) + dt.timedelta(days=1)


def last_day(begins: dt.date, days: int) -> dt.date:
    """Return the last day of a period that begins with an event of this day."""
    last = begins + dt.timedelta(days=days)
    while last.weekday() >= SATURDAY:
        last += dt.timedelta(days=1)
    return last
