"""The case `staff`: agents, hours and FTE of a typical week. Schema: docs/engine/case-staff.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext

import numpy as np

from apps.engine.numbers import ceil_div, text
from apps.engine.pricing import erlang, staffing
from apps.engine.pricing.case_output import UNIT_DECIMALS, hours, shares
from apps.engine.pricing.cost import Fact
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.read_quote import read_shrinkage
from apps.engine.pricing.read_workload import figure, read_workload
from apps.engine.pricing.workload import Queue, Target, Workload
from apps.engine.reading import Json, Outcome, Reader, located

VERSION = "1"
PRECISION = 40
ONE = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class People:
    """How hours become paid hours and FTE, a week at a time."""

    parts: tuple[Decimal, ...]
    base: staffing.ShrinkageBase
    contract_hours: Decimal
    inefficiency: Decimal

    def staff(self, agents: Floats, interval_s: int) -> staffing.Staffing:
        return staffing.fte(
            agents,
            interval_s=interval_s,
            parts=self.parts,
            base=self.base,
            contract_hours=self.contract_hours,
            inefficiency=self.inefficiency,
        )


def run(case: Mapping[str, Json]) -> Outcome:
    """Staff every interval of a workload; raise InvalidInput with the path of the wrong field."""
    with localcontext(Context(prec=PRECISION)):  # whatever the caller's context may be
        return _run(case)


def _run(case: Mapping[str, Json]) -> Outcome:
    reader = Reader(case).only(
        "workload", "shrinkage", "contract_hours_per_week", "schedule_inefficiency"
    )
    workload = read_workload(reader.key("workload"))
    people = _people(reader)
    with located("workload"):
        weeks = [_agents(queue, workload) for queue in workload.queues]
    together = people.staff(np.sum(weeks, axis=0), workload.interval_s)
    facts: list[Fact] = []
    queues: list[Json] = [
        _queue(queue, agents, workload, people, facts)
        for queue, agents in zip(workload.queues, weeks, strict=True)
    ]
    return Outcome(
        result={
            "intervals": workload.intervals,
            "queues": queues,
            "week": {
                **_hours(together),
                "fte": hours(together.fte),
                "heads": together.heads,
                "shrinkage": shares(staffing.shrinkage(people.parts, base=people.base)),
            },
        },
        method={
            "name": "staff",
            "version": VERSION,
            "staffing": "erlang_c_in_every_interval",
            "shrinkage_base": people.base.value,
            "rounding": "once_at_the_end",
        },
        warnings=tuple(facts),
    )


def _people(reader: Reader) -> People:
    base, parts = read_shrinkage(reader.key("shrinkage"))
    people = People(
        parts=tuple(share for _, share in parts),
        base=base,
        contract_hours=figure(reader, "contract_hours_per_week", Decimal(40), 1, 80),
        inefficiency=figure(reader, "schedule_inefficiency", ONE, 1, 2),
    )
    with located("shrinkage"):
        staffing.shrinkage(people.parts, base=people.base)
    return people


def _agents(queue: Queue, workload: Workload) -> Floats:
    return staffing.required(queue, interval_s=workload.interval_s)


def _queue(
    queue: Queue, agents: Floats, workload: Workload, people: People, facts: list[Fact]
) -> dict[str, Json]:
    load = staffing.offered_load(queue, interval_s=workload.interval_s, volume=1.0, handle=1.0)
    staff = people.staff(agents, workload.interval_s)
    found: dict[str, Json] = {
        "name": queue.name,
        "contacts": hours(queue.weekly_contacts),
        "load": [text(value, UNIT_DECIMALS) for value in load],
        "agents": [text(value, UNIT_DECIMALS) for value in agents],
        "agents_peak": text(float(agents.max()), UNIT_DECIMALS),
        **_hours(staff),
        "fte": hours(staff.fte),
        "occupancy": shares(load.sum() / queue.concurrency / agents.sum()),
        "fte_of_one_seat": _one_seat(queue, workload, people),
        "erlang_c": None,
        "erlang_a": None,
        "flat_roster": None,
    }
    if queue.target is not None:
        found["erlang_c"] = _served(queue, agents, workload, erlang.Model.ERLANG_C)
        found["flat_roster"] = _flat(queue, agents, workload, queue.target, facts)
        if queue.patience_s is not None:
            found["erlang_a"] = _with_patience(
                queue, agents, workload, queue.target, float(queue.patience_s)
            )
    return found


def _hours(staff: staffing.Staffing) -> dict[str, Json]:
    return {
        "logged_in_hours": hours(staff.logged_in_hours),
        "paid_hours": hours(staff.paid_hours),
    }


def _one_seat(queue: Queue, workload: Workload, people: People) -> str:
    """FTE that keep one seat manned while the queue is open: 24/7 at 40 h and 30 % is 6.0."""
    seat = people.staff(np.array(queue.open, dtype=float), workload.interval_s)
    return hours(seat.fte)


def _served(
    queue: Queue, agents: Floats, workload: Workload, model: erlang.Model
) -> dict[str, Json]:
    served = staffing.served(queue, agents, interval_s=workload.interval_s, model=model)
    return {
        "service_level": shares(float(staffing.weighted(queue, served.service_level))),
        "abandonment": shares(float(staffing.weighted(queue, served.abandonment))),
        "mean_wait_s": text(float(staffing.weighted(queue, served.asa_s)), 3),
        "service_levels": [shares(value) for value in served.service_level],
        "occupancies": [shares(value) for value in served.occupancy],
    }


def _with_patience(
    queue: Queue, agents: Floats, workload: Workload, target: Target, patience_s: float
) -> dict[str, Json]:
    """Erlang A of the same agents, and the fewer agents that it would ask for."""
    load = staffing.offered_load(queue, interval_s=workload.interval_s, volume=1.0, handle=1.0)
    fewer = erlang.agents(
        load,
        aht_s=float(queue.aht_s),
        sl=float(target.share),
        target_s=float(target.seconds),
        max_occupancy=float(queue.max_occupancy),
        model=erlang.Model.ERLANG_A,
        patience_s=patience_s,
        sl_definition=target.definition,
    )
    seated = np.maximum(erlang.ceil_whole(fewer / queue.concurrency), queue.seats)
    lost = _served(queue, seated, workload, erlang.Model.ERLANG_A)["abandonment"]
    return {
        **_served(queue, agents, workload, erlang.Model.ERLANG_A),
        "definition": target.definition.value,
        "agents": [text(value, UNIT_DECIMALS) for value in seated],
        "agents_peak": text(float(seated.max()), UNIT_DECIMALS),
        "abandonment_with_these": lost,
    }


def _flat(
    queue: Queue, agents: Floats, workload: Workload, target: Target, facts: list[Fact]
) -> dict[str, Json]:
    """What the shortcut gives: the mean open interval staffed once, and that all day long."""
    opened = np.array(queue.open)
    load = staffing.offered_load(queue, interval_s=workload.interval_s, volume=1.0, handle=1.0)
    mean = erlang.agents(
        load[opened].mean(),
        aht_s=float(queue.aht_s),
        sl=float(target.share),
        target_s=float(target.seconds),
        max_occupancy=float(queue.max_occupancy),
    )
    seats = ceil_div(int(mean), queue.concurrency)
    roster = np.where(opened, float(seats), 0.0)
    served = staffing.served(queue, roster, interval_s=workload.interval_s)
    level = float(staffing.weighted(queue, served.service_level))
    if level < float(target.share):
        facts.append(
            {
                "code": "flat_roster_misses_target",
                "queue": queue.name,
                "target": shares(target.share),
                "reached": shares(level),
            }
        )
    return {
        "agents": seats,
        "service_level": shares(level),
        "hours_against_need": shares(roster.sum() / agents.sum()),
    }
