"""What recorded intervals become: the workload's queues, and in words what was understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.errors import Incomplete
from apps.core.quarantine.values import Workbook
from apps.engine.errors import InvalidInput
from apps.engine.numbers import round_half_up, text
from apps.engine.pricing.recorded import Record, record_of, seasons_of
from apps.engine.pricing.workload import MONTHS_PER_YEAR
from apps.rfp.workbooks.counts import Counts, Series, read_counts
from apps.rfp.workbooks.stamps import Order, skipped

Plain = dict[str, Any]
SHOWN = 5  # places named in a remark; the rest is counted
HANDLE_DECIMALS, SHARE_DECIMALS = 1, 3
SECONDS_PER_MINUTE = 60


@dataclass(frozen=True)
class Recorded:
    """One queue: what the file has of it, and the engine's reading."""

    series: Series
    record: Record


@dataclass(frozen=True)
class Understood:
    """The workload a file proposes, and what a person should know before it is taken.

    `remarks` say how the file was read; `doubts` are what does not fit together in it.
    """

    content: Plain
    counts: Counts
    queues: tuple[Recorded, ...]
    remarks: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """What the person said beside the file. `queue` is a queue of the workload without its week."""

    zone: str
    order: Order
    first_month: int  # of the contract, 1 to 12
    queue: Mapping[str, Any]


def understand(book: Workbook, asked: Asked, held: Mapping[str, Any] | None) -> Understood:
    """Read a file of intervals; queues of the same name in `held` keep how they are answered."""
    counts = read_counts(
        book, zone=asked.zone, order=asked.order, name=str(asked.queue.get("name", ""))
    )
    queues = tuple(
        Recorded(one, _record(one, counts.interval_minutes))
        for one in sorted(counts.series, key=lambda one: one.name)
    )
    seasons = seasons_of([one.record for one in queues])
    content = _content(counts, queues, asked, held or {})
    if seasons:
        turned = [
            seasons[(asked.first_month - 1 + at) % MONTHS_PER_YEAR] for at in range(MONTHS_PER_YEAR)
        ]
        content["seasonality"] = [text(one) for one in turned]
    return Understood(
        content=content,
        counts=counts,
        queues=queues,
        remarks=tuple(_remarks(counts, queues, seasonal=bool(seasons))),
        doubts=tuple(_doubts(counts, queues, content)),
    )


def _record(one: Series, minutes: int) -> Record:
    try:
        return record_of(one.counts, interval_minutes=minutes)
    except InvalidInput as error:
        sentence = _("Queue “{name}”: {sentence}").format(name=one.name, sentence=error.sentence)
        raise Incomplete(sentence, fields={"file": sentence}) from None


def _content(
    counts: Counts, queues: Sequence[Recorded], asked: Asked, held: Mapping[str, Any]
) -> Plain:
    before = {queue["name"]: queue for queue in held.get("queues", ())}
    new = {one.series.name for one in queues}
    others = [queue for name, queue in before.items() if name not in new]
    if others and held.get("interval_minutes") != counts.interval_minutes:
        sentence = _(
            "The file counts by {new} minutes, the other queues of the workload by {old}. Bring"
            " counts by {old} minutes."
        ).format(new=counts.interval_minutes, old=held.get("interval_minutes"))
        raise Incomplete(sentence, fields={"file": sentence})
    kept = {name: value for name, value in held.items() if name != "seasonality"}
    return {
        "growth_per_year": "0",
        **kept,
        "interval_minutes": counts.interval_minutes,
        "queues": others + [_queue(one, before.get(one.series.name), asked) for one in queues],
    }


def _queue(one: Recorded, before: Mapping[str, Any] | None, asked: Asked) -> Plain:
    """Return a queue: its week and handle time from the file, how it is answered as it was."""
    queue = {name: value for name, value in (before or asked.queue).items() if name != "open"}
    queue |= {"name": one.series.name, "week": [[text(n) for n in day] for day in one.record.week]}
    for name, value in (("channel", one.series.channel), ("language", one.series.language)):
        if value:
            queue[name] = value
    found = one.series.handle_time
    if found is not None:
        queue["aht_s"] = text(round_half_up(found, HANDLE_DECIMALS))
    elif not queue.get("aht_s"):
        sentence = _("The file has no handle time. Give the mean here.")
        raise Incomplete(sentence, fields={"aht_s": sentence})
    return queue


def _remarks(counts: Counts, queues: Sequence[Recorded], *, seasonal: bool) -> list[str]:
    found = []
    if counts.columns.unused:
        names = ", ".join(f"“{one}”" for one in counts.columns.unused[:SHOWN])
        found.append(_("Not used: column {names}.").format(names=names))
    if counts.doubled:
        sentence = _("The clock went back on {days}: its repeated hour counts as two observations.")
        found.append(sentence.format(days=", ".join(counts.doubled[:SHOWN])))
    if counts.part_rows:
        found.append(
            ngettext(
                "{count} row says that less than its interval was recorded (row {row}). Its count"
                " is taken as it stands, not scaled up.",
                "{count} rows say that less than their interval was recorded (first row {row})."
                " Their counts are taken as they stand, not scaled up.",
                counts.part_rows,
            ).format(count=counts.part_rows, row=counts.first_part)
        )
    for one in queues:
        found += _gaps(one, counts.zone)
    if not seasonal:
        found.append(
            _(
                "Seasons need at least ten days in each of the twelve months of the calendar; the"
                " file has fewer, so every month counts as the typical week."
            )
        )
    return found


def _gaps(one: Recorded, zone: str) -> list[str]:
    name, record, found = one.series.name, one.record, []
    if one.series.blank:
        sentence = _("{name}: {count} empty counts (first row {row}) are missing, not zero.")
        found.append(sentence.format(name=name, count=one.series.blank, row=one.series.first_blank))
    if record.partial:
        days = ", ".join(str(day) for day in sorted(record.partial)[:SHOWN])
        sentence = _("{name}: {count} days were recorded in part and are left out: {days}.")
        found.append(sentence.format(name=name, count=len(record.partial), days=days))
    minutes = record.interval_minutes
    missing = [at for at in record.missing if not skipped(at[0], at[1] * minutes, zone)]
    if missing:
        day, place = missing[0]
        at = f"{day} {place * minutes // 60:02}:{place * minutes % 60:02}"
        sentence = _(
            "{name}: {count} intervals are missing, the first {at}. The mean is taken over the"
            " days that have them."
        )
        found.append(sentence.format(name=name, count=len(missing), at=at))
    return found


def _doubts(counts: Counts, queues: Sequence[Recorded], content: Plain) -> list[str]:
    found = []
    answered = {queue["name"]: queue for queue in content["queues"]}
    for one in queues:
        found += _surge(one)
        found += _staffing(one, answered[one.series.name], counts.interval_minutes)
    return found


def _surge(one: Recorded) -> list[str]:
    """Say how far the busiest days stand above the week, which a mean hides."""
    surge = one.record.surge
    if not surge.expected or surge.contacts < surge.expected * Decimal("1.5"):
        return []
    times = round_half_up(surge.contacts / surge.expected, 1)
    sentence = _(
        "{name}: from {first} to {last} there were {times} times the contacts of a typical week."
        " The typical week does not hold such a surge; ask vendors how they would staff it."
    )
    return [sentence.format(name=one.series.name, first=surge.first, last=surge.last, times=times)]


def _staffing(one: Recorded, queue: Mapping[str, Any], minutes: int) -> list[str]:
    """Compare the agents that were there with the work in hand (Little's law)."""
    agents = one.series.agents
    if not agents:
        return []
    handle_time = Decimal(str(queue["aht_s"]))
    share = handle_time / (minutes * SECONDS_PER_MINUTE * int(queue.get("concurrency") or 1))
    over = [count for count, staffed in agents.items() if count.contacts * share > staffed]
    load = sum((count.contacts * share for count in agents), Decimal(0))
    staffed = sum(agents.values(), Decimal(0))
    found = []
    if staffed:
        sentence = _(
            "{name}: with {seconds} s a contact there was work for {load} agents on average, and"
            " {agents} were there: they were busy {share} of the time."
        )
        found.append(
            sentence.format(
                name=one.series.name,
                seconds=handle_time,
                load=round_half_up(load / len(agents), 1),
                agents=round_half_up(staffed / len(agents), 1),
                share=f"{round_half_up(load / staffed, SHARE_DECIMALS):.1%}",
            )
        )
    if over:
        first = over[0]
        at = f"{first.day} {first.place * minutes // 60:02}:{first.place * minutes % 60:02}"
        sentence = _(
            "{name}: in {count} intervals, first {at}, the contacts would have kept more agents"
            " busy than were there. Check the handle time and the count of agents."
        )
        found.append(sentence.format(name=one.series.name, count=len(over), at=at))
    return found
