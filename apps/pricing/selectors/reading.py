"""A record's figures with their units and names: the only place that reads the plain result."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from apps.engine.cases import Record
from apps.engine.money import Money
from apps.pricing.selectors import words
from apps.pricing.types import Quote

Names = Mapping[str, str]  # bid id → letter
Excluded = Mapping[str, tuple[str, ...]]  # bid id → reasons of the knock-outs it did not pass


class Result:
    """The result of a price record; amounts come out as money of its currency."""

    def __init__(self, record: Record, *, letters: Names, excluded: Excluded) -> None:
        plain: Any = record.to_plain()
        self.record = record
        self.plain: dict[str, Any] = plain["result"]
        self.case: dict[str, Any] = plain["case"]
        self.warnings: list[dict[str, Any]] = plain["warnings"]
        self.seed: int = plain["seed"] or 0
        self.currency: str = self.plain["currency"]
        self.months: int = self.case["terms"]["months"]
        self._letters, self._excluded = letters, excluded
        own = self.plain["baseline"] or {"quote": "", "quotes": []}
        self.baseline: str = own["quote"]
        self._savings = {row["id"]: row for row in own["quotes"]}
        self.by_id = {row["id"]: self._quote(row) for row in self.plain["quotes"]}

    def money(self, amount: str) -> Money:
        return Money.of(amount, self.currency)

    def quotes(self) -> tuple[Quote, ...]:
        """Return the quotes cheapest first, as the record orders them."""
        return tuple(self.by_id[one] for one in self.plain["order"])

    def of(self, ids: Iterable[str]) -> tuple[Quote, ...]:
        return tuple(self.by_id[one] for one in ids)

    def fact(self, code: str) -> dict[str, Any] | None:
        return next((fact for fact in self.plain["facts"] if fact["code"] == code), None)

    def warnings_of(self, quote: Quote) -> list[dict[str, Any]]:
        return [fact for fact in self.warnings if fact.get("quote") == quote.id]

    def _quote(self, row: Mapping[str, Any]) -> Quote:
        saving, realism = self._savings.get(row["id"]), row["realism"]
        own = row["id"] == self.baseline
        return Quote(
            id=row["id"],
            name=row["vendor"],
            letter=self._letters.get(row["id"], ""),
            model=row["model"],
            in_house=own,
            place=row["place"],
            total=self.money(row["total"]),
            present_value=self.money(row["present_value"]),
            per_contact=self._maybe(row["cost_per_contact"]),
            per_resolved=self._maybe(row["cost_per_resolved_contact"]),
            per_minute=self._maybe(row["cost_per_minute"]),
            paid=_agents(realism["agents_paid_for"]),
            needed=_agents(realism["agents_needed"]),
            price_pays=_agents(realism["agents_price_pays_for"]),
            promised=_agents(realism["agents_promised"]),
            fte=Decimal(row["staffing"]["fte"]),
            parts={part: self.money(amount) for part, amount in row["parts"].items()},
            saving=self.money(saving["saving"]) if saving else None,
            saving_share=Decimal(saving["saving_share"])
            if saving and saving["saving_share"]
            else None,
            excluded=self._excluded.get(row["id"], ()),
            model_name=str(words.MODELS[row["model"]]),
            agents=_both(realism["agents_paid_for"], realism["agents_needed"], own),
        )

    def _maybe(self, amount: str | None) -> Money | None:
        return None if amount is None else self.money(amount)


def _both(paid: str | None, needed: str | None, own: bool) -> str:  # noqa: FBT001 -- a flag of the row
    """Write agents paid for and needed; the own centre pays for what it needs."""
    texts = [words.agents_in_column(_agents(one)) for one in (paid, needed)]
    return texts[1] if own else " / ".join(texts)


def _agents(fte: str | None) -> Decimal | None:
    return None if fte is None else Decimal(fte)
