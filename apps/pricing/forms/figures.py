"""The figures of the assumptions: where each stands, how people write it, how the engine reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from apps.rfp.answers import figures

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

HUNDRED = Decimal(100)
PARTS: Mapping[str, "StrOrPromise"] = {
    "low": _("lowest"),
    "likely": _("most likely"),
    "high": _("highest"),
}
SPREADS = ("volume", "aht", "index")
SHAPES = frozenset({"pert", "triangular"})  # the others are set through the API


@dataclass(frozen=True)
class Figure:
    """One number of the assumptions: its field, its place, and whether people write it in percent."""

    name: str
    path: tuple[str, ...]
    label: "StrOrPromise"
    percent: bool = True
    hint: "StrOrPromise" = ""
    required: bool = False
    default: str = ""

    @property
    def dotted(self) -> str:
        return ".".join(self.path)


RATES = (
    Figure("discount_rate", ("terms", "discount", "rate"), _("Discount rate a year"), required=True),
    Figure("inflation", ("terms", "discount", "inflation"), _("Inflation a year"), hint=_("Only with a real rate")),
    Figure("indexation", ("terms", "indexation"), _("Index a year"), hint=_("Indexed prices rise by it"), required=True, default="0"),
)  # fmt: skip
RANGE = (
    Figure("range_low", ("terms", "volume_range", "low"), _("Lowest volume searched"), required=True, default="0.5"),
    Figure("range_high", ("terms", "volume_range", "high"), _("Highest volume searched"), required=True, default="1.5"),
)  # fmt: skip
VALUE = Figure(
    "capability_value",
    ("terms", "capability_value"),
    _("Value of capability over the term"),
    percent=False,
    hint=_("Counts in the return beside the saving"),
)
OWN = (
    ("governance", ("buyer_costs", "governance_per_month"), _("Governance a month")),
    ("months", ("buyer_costs", "double_running_months"), _("Months of double running")),
    ("internal", ("buyer_costs", "internal_cost_per_month"), _("Own cost in each of them")),
    ("floor", ("floor_cost_per_paid_hour",), _("Lowest cost of a paid agent hour")),
)


def by_kpi_name(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return assumptions with each bid's KPIs as an object: name → low, likely, high."""
    bids = {
        bid: {
            **added,
            "performance": {
                row["kpi"]: {part: row[part] for part in PARTS}
                for row in added.get("performance") or ()
            },
        }
        for bid, added in plain["bids"].items()
    }
    return {**plain, "bids": bids}


def by_kpi_place(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Undo `by_kpi_name`; what a bid has nothing of is left out."""
    bids: dict[str, Any] = {}
    for bid, added in plain["bids"].items():
        rows = [{"kpi": kpi, **parts} for kpi, parts in added.get("performance", {}).items()]
        kept = {name: value for name, value in added.items() if name != "performance"}
        bids[bid] = kept | ({"performance": rows} if rows else {})
    return {**plain, "bids": bids}


def value_at(content: Any, path: Sequence[str]) -> Any:
    for name in path:
        content = content.get(name) if isinstance(content, Mapping) else None
    return content


def put_at(content: dict[str, Any], path: Sequence[str], value: str) -> None:
    for name in path[:-1]:
        content = content.setdefault(name, {})
    content[path[-1]] = value


def without_places(content: Any, path: tuple[str, ...], ours: set[tuple[str, ...]]) -> Any:
    """Copy plain data without the places in `ours`, and without what is empty then."""
    if not isinstance(content, Mapping):
        return content
    return {
        name: kept
        for name, inner in content.items()
        if (*path, name) not in ours
        and (kept := without_places(inner, (*path, name), ours)) not in ({}, None)
    }


def plain_text(figure: Decimal) -> str:
    text = format(figure, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def typed_of(value: Any, figure: Figure) -> str:
    """Return a figure as people write it; an amount keeps the digits it was written with."""
    text = str(figure.default if value is None else value)
    return plain_text(Decimal(text) * HUNDRED) if text and figure.percent else text


def figure_of(typed: str, figure: Figure) -> str:
    """Return the engine's decimal string; a percentage becomes a share, exactly."""
    if not typed.strip():
        return ""
    text = figures.read(typed)
    return plain_text(Decimal(text) / HUNDRED) if figure.percent else text


def nearest_field(path: str, places: Mapping[str, str]) -> str | None:
    """Return the field at a place, else the first one inside it or around it."""
    if path in places:
        return places[path]
    inside = (name for place, name in places.items() if place.startswith(f"{path}."))
    around = (name for place, name in places.items() if path.startswith(f"{place}."))
    return next(inside, None) or next(around, None)
