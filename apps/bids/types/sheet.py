"""The price sheet: one pricing model with its rates, and the staffing the price is built on.

A sheet is a quote of the engine's price case (docs/engine/case-price.md) without what the buyer
adds: who it is from, exchange rates, the buyer's own costs. The fields declared here and those of
the pricing models build form, API and help; the engine itself decides whether a sheet can be priced.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn, TypeAlias

from django.utils.translation import gettext as _

from apps.bids.types import cost_floor
from apps.bids.types.plausibility import Plausibility, plausibility
from apps.core.errors import Incomplete
from apps.engine import cases
from apps.engine.errors import InvalidInput
from apps.engine.fields import AnyField, Choice, Field, Table, Text, Unit
from apps.engine.pricing.models import PRICING_MODELS

Sheet: TypeAlias = dict[str, Any]

ZERO, ONE = Decimal(0), Decimal(1)
QUOTE = "quotes[0]."
ONLY_QUOTE = "bid"


@dataclass(frozen=True)
class Group:
    """Fields that stand together; `name` is their object in the sheet, empty at its top level."""

    name: str
    title: str
    fields: tuple[AnyField, ...]
    required: bool = False


STAFFING = Group(
    "",
    "Staffing",
    (
        Field("promised_fte", Unit.RATIO, ZERO, None, "Agents you will staff, as full-time equivalents.", required=False),
        Field("contract_hours_per_week", Unit.HOURS, ONE, Decimal(80), "Paid hours of one full-time agent in a week. 40 unless given.", required=False),
        Field("schedule_inefficiency", Unit.RATIO, ONE, Decimal(2), "Hours paid for one hour needed: shifts never fit demand exactly. 1 unless given.", required=False),
        Field("first_contact_resolution", Unit.SHARE, ZERO, ONE, "Share of contacts resolved at once.", required=False),
        Field("attrition_per_year", Unit.SHARE, ZERO, Decimal(5), "Agents who leave in a year, as a share of the team.", required=False),
    ),
)  # fmt: skip
SHRINKAGE = Group(
    "shrinkage",
    "Shrinkage",
    (
        Choice("base", ("additive", "sequential"), "Additive: each part is a share of all paid time. Sequential: each is a share of the time that remains."),
        Table(
            "parts",
            (
                Text("name", "For example leave, sickness, training, breaks."),
                Field("share", Unit.SHARE, ZERO, Decimal("0.9999"), "Share of paid time."),
            ),
            "Paid time in which agents cannot take contacts.",
            most=30,
        ),
    ),
    required=True,
)  # fmt: skip
RAMP = Group(
    "ramp",
    "Learning curve",
    (
        Field("start", Unit.SHARE, Decimal("0.01"), ONE, "Productivity on the first day, compared with an experienced team."),
        Field("months", Unit.MONTHS, Decimal("0.01"), Decimal(60), "Time constant: after so many months 63% of the gap is closed."),
    ),
)  # fmt: skip
TRAINING = Group(
    "training",
    "Training you charge for",
    (
        Field("hours_per_hire", Unit.HOURS, ZERO, Decimal(2000), "Training of one new agent."),
        Field("rate", Unit.MONEY, ZERO, None, "Price of one training hour."),
        Choice("charged_for", ("growth", "attrition", "all"), "For whom you charge it: the first team and its growth, replacements of leavers, or both."),
    ),
)  # fmt: skip
INDEXATION = Group(
    "indexation",
    "Price changes over the term",
    (
        Choice("kind", ("none", "fixed", "index"), "None, a fixed rise each year, or the published index."),
        Field("rate", Unit.SHARE, Decimal("-0.9999"), Decimal(10), "Fixed: the rise a year. Index: the cap.", required=False),
    ),
)  # fmt: skip
EXIT = Group(
    "exit",
    "Exit",
    (Field("amount", Unit.MONEY, ZERO, None, "What you charge once at the end of the contract."),),
)
ONE_OFFS = Group(
    "",
    "One-off charges",
    (
        Table(
            "one_offs",
            (
                Text("name", "What it is for."),
                Field("amount", Unit.MONEY, None, None, "Charged once."),
                Field("month", Unit.COUNT, ONE, Decimal(120), "Month of the contract in which it is charged, 1 for the first."),
            ),
            "Transition, interfaces, equipment.",
            required=False,
            most=50,
        ),
    ),
)  # fmt: skip
COST_FLOOR = Group(cost_floor.NAME, "Your cost floor", cost_floor.FIELDS, required=True)
AROUND = (SHRINKAGE, STAFFING, RAMP, TRAINING, ONE_OFFS, INDEXATION, EXIT)


def handle_times(queues: Sequence[str]) -> Group:
    """One handle time per queue of the workload; left empty, the RFP's own counts."""
    help_text = "Average handle time you plan with. The RFP's own unless given."
    fields = tuple(
        Field(name, Unit.SECONDS, ONE, Decimal(86_400), help_text, required=False)
        for name in queues
    )
    return Group("aht_s", "Handle time", fields)


def groups(basis: "Basis") -> tuple[Group, ...]:
    """Everything around the rates, in the order of the page; the worksheet where it is asked for."""
    times = handle_times(basis.queues)
    found = (SHRINKAGE, STAFFING, times, RAMP, TRAINING, ONE_OFFS, INDEXATION, EXIT)
    return (*found, COST_FLOOR) if basis.asks_cost_floor else found


NAMES = frozenset({"model", "rates", "aht_s"}) | {
    name
    for group in AROUND
    for name in ([group.name] if group.name else [field.name for field in group.fields])
}


@dataclass(frozen=True)
class Priced:
    """What a sheet costs on the RFP's workload over the whole term, before any indexation."""

    total: Decimal
    per_contact: Decimal
    fte: Decimal
    plausibility: Plausibility


@dataclass(frozen=True)
class Basis:
    """What a sheet is read against: the RFP's models, currency, term and workload case.

    `asks_cost_floor`: whether the RFP asks for the vendor's own worksheet of its lowest cost.
    """

    models: tuple[str, ...]
    currency: str
    months: int
    workload: Mapping[str, Any]
    asks_cost_floor: bool = False

    @property
    def queues(self) -> tuple[str, ...]:
        return tuple(str(queue["name"]) for queue in self.workload["queues"])


def parse(raw: object, basis: Basis) -> Sheet:
    """Return a sheet that the engine can price; Incomplete names the wrong place by its path."""
    sheet = pruned(raw)
    if not isinstance(sheet, dict) or not sheet.get("model"):
        _refuse("model", _("Choose the pricing model of your offer."))
    if sheet["model"] not in basis.models:
        names = ", ".join(PRICING_MODELS[slug].name for slug in basis.models)
        _refuse(
            "model",
            _("The buyer asks for one of these pricing models: {names}.").format(names=names),
        )
    known = NAMES | {cost_floor.NAME} if basis.asks_cost_floor else NAMES
    for name in sheet:
        if name not in known:
            _refuse(str(name), _("Remove this name; a price sheet does not have it."))
    if basis.asks_cost_floor and cost_floor.NAME not in sheet:
        _refuse(f"{cost_floor.NAME}.wage", _("The buyer asks for your cost floor. Fill it in."))
    priced(sheet, basis)
    return sheet


def priced(sheet: Sheet, basis: Basis) -> Priced:
    """Price a sheet as the buyer's comparison will, undiscounted and without indexation."""
    try:
        case: dict[str, Any] = {
            "workload": dict(basis.workload),
            "terms": {
                "currency": basis.currency,
                "months": basis.months,
                "discount": {"rate": "0", "basis": "nominal"},
            },
            "quotes": [{"id": ONLY_QUOTE, "vendor": ONLY_QUOTE, **cost_floor.for_engine(sheet)}],
        }
        record = cases.run("price", case)
    except InvalidInput as error:
        path = (error.path or "rates").removeprefix(QUOTE)
        raise Incomplete(error.sentence, fields={path: error.sentence}) from None
    quote: Any = record.to_plain()["result"]["quotes"][0]
    return Priced(
        total=Decimal(quote["total"]),
        per_contact=Decimal(quote["cost_per_contact"]),
        fte=Decimal(quote["staffing"]["fte"]),
        plausibility=plausibility(quote["realism"]),
    )


def pruned(value: object) -> Any:
    """Return the value without what was left empty: blank texts, empty rows, empty groups."""
    if isinstance(value, Mapping):
        kept = {name: pruned(inner) for name, inner in value.items()}
        return {name: inner for name, inner in kept.items() if inner not in (None, "", {}, [])}
    if isinstance(value, list | tuple):
        return [inner for inner in map(pruned, value) if inner not in (None, "", {}, [])]
    return value.strip() if isinstance(value, str) else value


def _refuse(path: str, sentence: str) -> NoReturn:
    raise Incomplete(sentence, fields={path: sentence})
