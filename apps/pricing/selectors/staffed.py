"""The typical week in agents: what the workload asks for, before any vendor's own handle time."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.templatetags import formats
from apps.engine import cases
from apps.engine.errors import InvalidInput
from apps.pricing.types import Cell, Day, Staffed
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors import workload_of

# Agents at work are asked for, not people on the payroll: shrinkage plays no part here.
NONE_AWAY: dict[str, Any] = {"base": "additive", "parts": []}
HOURS = 24
DAYS = 7
TONES = 5


def staffed_of(rfp: Rfp | None, lot: Lot | None = None) -> tuple[Staffed, ...]:
    """Return one week for each queue, hour by hour; nothing before there is a workload."""
    workload = workload_of(rfp, lot) if rfp else None
    if workload is None:
        return ()
    try:
        record = cases.run("staff", {"workload": workload.content, "shrinkage": NONE_AWAY})
    except InvalidInput:
        return ()  # a draft's workload may not be staffable yet; its own page says why
    found: Any = record.to_plain()["result"]
    asked = {queue["name"]: queue for queue in workload.content["queues"]}
    return tuple(_queue(row, asked[row["name"]]) for row in found["queues"])


def _queue(row: dict[str, Any], asked: dict[str, Any]) -> Staffed:
    agents = [int(Decimal(one)) for one in row.get("agents") or ()]
    peak = max(agents, default=0)
    return Staffed(
        name=row["name"],
        contacts=Decimal(row["contacts"]),
        handle_time=Decimal(asked["aht_s"]),
        peak=peak,
        target=_target(asked),
        days=tuple(_days(agents, peak)),
    )


def _days(agents: list[int], peak: int) -> list[Day]:
    if not agents:
        return []
    size = len(agents) // (DAYS * HOURS)
    hours = [max(agents[at : at + size]) for at in range(0, len(agents), size)]
    names = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
    return [
        Day(
            name,
            tuple(Cell(one, _tone(one, peak)) for one in hours[day * HOURS : (day + 1) * HOURS]),
        )
        for day, name in enumerate(names)
    ]


def _tone(agents: int, peak: int) -> int:
    return 0 if not agents else min(TONES, 1 + agents * (TONES - 1) // peak)


def _target(asked: dict[str, Any]) -> str:
    level = asked.get("service_level")
    if not level:
        return _("work that can wait")
    return _("{share} within {seconds} seconds").format(
        share=formats.percentage(level["share"]), seconds=level["seconds"]
    )
