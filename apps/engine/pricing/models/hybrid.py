"""Hybrid: several models, each over its share of the same workload."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np

from apps.engine.errors import InvalidInput
from apps.engine.fields import Field, Parts, PartValues, Text, Unit, read_values
from apps.engine.pricing.cost import CostBreakdown, CostLine, Fact, Months, PricingModel, Risk
from apps.engine.pricing.erlang_b import Floats
from apps.engine.pricing.models.managed_service import MANAGED_SERVICE
from apps.engine.pricing.models.outcome_based import OUTCOME_BASED
from apps.engine.pricing.models.per_contact import PER_CONTACT
from apps.engine.pricing.models.per_fte import PER_FTE
from apps.engine.pricing.models.per_minute import PER_MINUTE
from apps.engine.reading import Reader
from apps.engine.registry import Registry

PART_MODELS: Registry[PricingModel] = Registry(
    "pricing model", PER_FTE, PER_MINUTE, PER_CONTACT, OUTCOME_BASED, MANAGED_SERVICE
)


@dataclass(frozen=True, kw_only=True)
class HybridPart:
    """One model over a share of one queue, or of every queue where none is named."""

    model: PricingModel
    rates: Any
    share: Decimal
    queue: str = ""


@dataclass(frozen=True, kw_only=True)
class Rates:
    parts: tuple[HybridPart, ...]

    def __post_init__(self) -> None:
        if not self.parts or any(not 0 < part.share <= 1 for part in self.parts):
            raise InvalidInput("Give each part a share above 0 and up to 1.")
        if not any(part.queue for part in self.parts) and sum(p.share for p in self.parts) != 1:
            raise InvalidInput("Let the shares of the parts add up to 1.")

    def shares(self, queues: tuple[str, ...]) -> tuple[Mapping[str, Decimal], ...]:
        """Return each part's share of each queue; every queue has to be covered exactly once."""
        unknown = {part.queue for part in self.parts} - {"", *queues}
        if unknown:
            raise InvalidInput(f"Name a queue of the workload; {min(unknown)} is none.")
        shares = tuple(
            {name: part.share for name in queues if part.queue in ("", name)} for part in self.parts
        )
        for name in queues:
            if sum(share.get(name, Decimal(0)) for share in shares) != 1:
                raise InvalidInput(f"Let the shares of the parts add up to 1 for queue {name}.")
        return shares


FIELDS = (
    Parts(
        "parts",
        tuple(PART_MODELS),
        (
            Field("share", Unit.SHARE, Decimal("0.0001"), Decimal(1), "Share of the contacts."),
            Text("queue", "Queue it is a share of; empty for all.", required=False),
        ),
        "Models, each over its own share of the workload.",
    ),
)


def read_rates(raw: object, path: str = "rates") -> Rates:
    values = read_values(FIELDS, Reader(raw, path))
    try:
        return Rates(parts=tuple(_read_part(part) for part in values.parts("parts")))
    except InvalidInput as error:
        raise error.at(f"{path}.parts") from None


def _read_part(part: PartValues) -> HybridPart:
    model = PART_MODELS[part.model]
    return HybridPart(
        model=model,
        rates=model.read_rates(part.rates.raw, part.rates.path),
        share=part.figures.number("share"),
        queue=part.figures.text("queue", ""),
    )


def _split(months: Months, rates: Rates) -> list[tuple[HybridPart, Months]]:
    shares = rates.shares(tuple(queue.name for queue in months.queues))
    return [(p, months.part(share)) for p, share in zip(rates.parts, shares, strict=True)]


def cost(months: Months, rates: Rates) -> CostBreakdown:
    lines: list[CostLine] = []
    facts: list[Fact] = []
    for place, (part, own) in enumerate(_split(months, rates), start=1):
        priced = part.model.cost(own, part.rates)
        lines += [_named(line, f"{place} {part.model.slug}") for line in priced.lines]
        facts += priced.facts
    return CostBreakdown(tuple(lines), tuple(facts))


def _named(line: CostLine, part: str) -> CostLine:
    subject = f"{part} {line.subject}".strip()
    return replace(line, subject=subject)


def breaks(months: Months, rates: Rates) -> Floats:
    found = [part.model.breaks(own, part.rates) for part, own in _split(months, rates)]
    return np.unique(np.concatenate(found))


HYBRID = PricingModel(
    slug="hybrid",
    name="Hybrid",
    fields=FIELDS,
    read_rates=read_rates,
    cost=cost,
    breaks=breaks,
    volume_risk=Risk.SHARED,
    best_for=("stable_base_with_peaks", "different_channels"),
    watch=("boundaries_between_parts",),
)
