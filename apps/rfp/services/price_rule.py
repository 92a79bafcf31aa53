"""Read the price of record as it is given: the model, the volume, the extra costs, the rate."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.engine.errors import InvalidInput
from apps.engine.pricing.models import PRICING_MODELS
from apps.engine.pricing.read_terms import read_terms
from apps.engine.reading import Reader
from apps.rfp.selectors.price_rule import ADDERS, AS_BID, BASE
from apps.rfp.services.drafting import refuse, text_of

PARTS = frozenset({"model", "scenario", "adders", "discount"})
LOWEST, HIGHEST = Decimal("-0.9"), Decimal(2)  # share by which a scenario changes the volumes
SCENARIO = 60


def read(raw: Any) -> dict[str, Any]:
    """Return the rule as it is kept; an empty one takes it back. Incomplete names the part."""
    if raw in (None, {}):
        return {}
    if not isinstance(raw, Mapping) or set(raw) != PARTS:
        sentence = _("Give the model, the scenario, the adders and the discount, all four.")
        raise refuse("price_of_record", sentence)
    wrong: dict[str, str] = {}
    kept: dict[str, Any] = {}
    readers = {"model": _model, "scenario": _scenario, "adders": _adders, "discount": _discount}
    for name, reader in readers.items():
        try:
            kept[name] = reader(raw[name])
        except Incomplete as refused:
            wrong |= refused.fields
    if wrong:
        raise Incomplete(_("The price of record needs another look."), fields=wrong)
    return kept


def _model(raw: Any) -> str:
    if raw != AS_BID and raw not in PRICING_MODELS:
        raise refuse("record_model", _("Choose the pricing model that earns the points."))
    return str(raw)


def _figure(raw: Any, field: str, low: Decimal, high: Decimal, sentence: str) -> Decimal:
    try:
        given = Reader({"figure": raw}, "").key("figure").decimal(low, high)
    except InvalidInput:
        raise refuse(field, sentence) from None
    return given


def _scenario(raw: Any) -> dict[str, str]:
    if not isinstance(raw, Mapping) or set(raw) != {"name", "change"}:
        raise refuse("record_change", _("Give the scenario a name and a change of volume."))
    sentence = _("Give the change of volume from -90% to +200%.")
    change = _figure(raw["change"], "record_change", LOWEST, HIGHEST, sentence)
    if not change:
        return {"name": BASE, "change": "0"}
    needed = _("Name the scenario, for example High season.")
    name = text_of(raw["name"], "record_scenario", SCENARIO, needed=needed)
    return {"name": name, "change": format(change.normalize(), "f")}


def _adders(raw: Any) -> list[str]:
    if not isinstance(raw, list | tuple) or not set(raw) <= set(ADDERS):
        raise refuse("record_adders", _("Choose the extra costs of the list."))
    return [name for name in ADDERS if name in raw]


def _discount(raw: Any) -> dict[str, str]:
    """Let the engine read it: a comparison is refused later for nothing that was published."""
    if not isinstance(raw, Mapping):
        raise refuse("record_rate", _("Give the discount rate a year."))
    try:
        read_terms(Reader({"currency": "EUR", "months": 12, "discount": dict(raw)}, ""))
    except InvalidInput as error:
        name = {"inflation": "record_inflation", "basis": "record_basis"}
        field = name.get((error.path or "").rpartition(".")[2], "record_rate")
        raise refuse(field, error.sentence) from None
    return {name: str(value) for name, value in raw.items()}
