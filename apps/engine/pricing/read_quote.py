"""Reads quotes from plain data; the rates of a model are read by the model itself."""

from decimal import Decimal

from apps.engine.errors import InvalidInput
from apps.engine.money import CODE
from apps.engine.pricing.models import PRICING_MODELS
from apps.engine.pricing.quote import (
    HIGHEST_ATTRITION,
    BuyerCosts,
    ChargedFor,
    Exchange,
    Expectation,
    Indexation,
    IndexKind,
    OneOff,
    Quote,
    Ramp,
    Terms,
    Training,
)
from apps.engine.pricing.read_workload import figure, words
from apps.engine.pricing.staffing import ShrinkageBase
from apps.engine.pricing.workload import Workload
from apps.engine.reading import Reader

ZERO, ONE = Decimal(0), Decimal(1)
LEAST_SHARE = Decimal("0.01")
LEAST_RATE = Decimal("0.000000001")
BELOW_ONE = Decimal("0.9999")
NAMES = (
    "id", "vendor", "model", "rates", "in_house", "currency", "fx", "aht_s", "shrinkage",
    "contract_hours_per_week", "schedule_inefficiency", "first_contact_resolution",
    "promised_fte", "floor_cost_per_paid_hour", "ramp", "attrition_per_year", "training",
    "one_offs", "exit", "indexation", "buyer_costs", "performance",
)  # fmt: skip


def currency(reader: Reader | None, default: str = "") -> str:
    if reader is None:
        return default
    if not CODE.fullmatch(reader.text()):
        raise reader.error("Give a currency as its three capital letters, for example EUR.")
    return reader.text()


def maybe(
    reader: Reader, name: str, least: Decimal | int = 0, most: Decimal | int | None = None
) -> Decimal | None:
    child = reader.optional(name)
    return None if child is None else child.decimal(least, most)


def read_quote(reader: Reader, workload: Workload, terms: Terms) -> Quote:
    reader.only(*NAMES)
    model = PRICING_MODELS[reader.key("model").choice(PRICING_MODELS)]
    rates = reader.key("rates")
    base, parts = read_shrinkage(reader.key("shrinkage"))
    in_house, training = reader.optional("in_house"), reader.optional("training")
    try:
        quote = Quote(
            id=reader.key("id").text().strip(),
            vendor=reader.key("vendor").text().strip(),
            model=model,
            rates=model.read_rates(rates.raw, rates.path),
            currency=currency(reader.optional("currency"), terms.currency),
            shrinkage_base=base,
            shrinkage_parts=parts,
            in_house=False if in_house is None else in_house.flag(),
            fx=_exchange(reader.optional("fx")),
            aht_s=_handle_times(reader.optional("aht_s"), workload),
            contract_hours_per_week=figure(
                reader, "contract_hours_per_week", Decimal(40), ONE, Decimal(80)
            ),
            inefficiency=figure(reader, "schedule_inefficiency", ONE, ONE, Decimal(2)),
            first_contact_resolution=maybe(reader, "first_contact_resolution", 0, 1),
            promised_fte=maybe(reader, "promised_fte"),
            floor_cost_per_paid_hour=maybe(reader, "floor_cost_per_paid_hour", LEAST_RATE),
            ramp=_ramp(reader.optional("ramp")),
            attrition_per_year=figure(reader, "attrition_per_year", ZERO, 0, HIGHEST_ATTRITION),
            training=None if training is None else _training(training),
            one_offs=_one_offs(reader.optional("one_offs"), terms),
            exit=_exit(reader.optional("exit"), terms),
            indexation=_indexation(reader.optional("indexation")),
            buyer_costs=_buyer_costs(reader.optional("buyer_costs")),
            performance=_performance(reader.optional("performance")),
        )
        quote.convertible_to(terms.currency)
    except InvalidInput as error:
        raise error.at(reader.path) from None
    return quote


def read_shrinkage(reader: Reader) -> tuple[ShrinkageBase, tuple[tuple[str, Decimal], ...]]:
    reader.only("base", "parts")
    base = ShrinkageBase(reader.convention("base", [member.value for member in ShrinkageBase]))
    parts = [part.only("name", "share") for part in reader.key("parts").items(most=30)]
    return base, tuple(
        (part.key("name").text(), part.key("share").decimal(0, BELOW_ONE)) for part in parts
    )


def _exchange(reader: Reader | None) -> Exchange | None:
    if reader is None:
        return None
    reader.only("rate", "yearly", "volatility")
    yearly = reader.optional("yearly")
    return Exchange(
        rate=reader.key("rate").decimal(LEAST_RATE),
        yearly=()
        if yearly is None
        else tuple(rate.decimal(LEAST_RATE) for rate in yearly.items(least=1, most=10)),
        volatility=figure(reader, "volatility", ZERO, 0, 2),
    )


def _handle_times(reader: Reader | None, workload: Workload) -> tuple[tuple[str, Decimal], ...]:
    if reader is None:
        return ()
    reader.only(*(queue.name for queue in workload.queues))
    return tuple((name, seconds.decimal(1, 86_400)) for name, seconds in reader.entries())


def _ramp(reader: Reader | None) -> Ramp:
    if reader is None:
        return Ramp()
    if reader.optional("table") is not None:
        table = reader.only("table").key("table").items(least=1, most=36)
        return Ramp(table=tuple(share.decimal(LEAST_SHARE, 1) for share in table))
    reader.only("start", "months")
    return Ramp(
        start=reader.key("start").decimal(LEAST_SHARE, 1),
        months=reader.key("months").decimal(LEAST_SHARE, 60),
    )


def _training(reader: Reader) -> Training:
    reader.only("hours_per_hire", "rate", "charged_for")
    return Training(
        hours_per_hire=reader.key("hours_per_hire").decimal(0, 2000),
        rate=reader.key("rate").decimal(0),
        charged_for=ChargedFor(
            reader.convention("charged_for", [member.value for member in ChargedFor])
        ),
    )


def _one_offs(reader: Reader | None, terms: Terms) -> tuple[OneOff, ...]:
    if reader is None:
        return ()
    return tuple(
        OneOff(
            name=item.only("name", "amount", "month").key("name").text(),
            amount=item.key("amount").decimal(),
            month=item.key("month").integer(1, terms.months),
        )
        for item in reader.items(most=50)
    )


def _exit(reader: Reader | None, terms: Terms) -> OneOff | None:
    if reader is None:
        return None
    month = reader.only("amount", "month").optional("month")
    return OneOff(
        name="",
        amount=reader.key("amount").decimal(),
        month=terms.months if month is None else month.integer(1, terms.months),
    )


def _indexation(reader: Reader | None) -> Indexation:
    if reader is None:
        return Indexation()
    reader.only("kind", "rate")
    kind = IndexKind(reader.convention("kind", [member.value for member in IndexKind]))
    return Indexation(kind=kind, rate=maybe(reader, "rate", BELOW_ONE * -1, 10))


def _buyer_costs(reader: Reader | None) -> BuyerCosts:
    if reader is None:
        return BuyerCosts()
    reader.only("governance_per_month", "double_running_months", "internal_cost_per_month")
    return BuyerCosts(
        governance_per_month=figure(reader, "governance_per_month", ZERO),
        double_running_months=figure(reader, "double_running_months", ZERO, 0, 60),
        internal_cost_per_month=figure(reader, "internal_cost_per_month", ZERO),
    )


def _performance(reader: Reader | None) -> tuple[Expectation, ...]:
    if reader is None:
        return ()
    return tuple(_expectation(item) for item in reader.items(most=12))


def _expectation(reader: Reader) -> Expectation:
    reader.only("kpi", "low", "likely", "high")
    try:
        return Expectation(
            kpi=words(reader, "kpi") or reader.key("kpi").text(),
            low=reader.key("low").decimal(),
            likely=reader.key("likely").decimal(),
            high=reader.key("high").decimal(),
        )
    except InvalidInput as error:
        raise error.at(reader.path) from None
