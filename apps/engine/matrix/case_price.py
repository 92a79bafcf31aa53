"""Reads the price block of a rank case."""

import re
from collections.abc import Sequence

import numpy as np

from apps.engine.errors import InvalidInput
from apps.engine.matrix.inputs import Floats, frozen
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.engine.matrix.prices.formula import PriceFormula
from apps.engine.matrix.rank_case import PriceBlock
from apps.engine.reading import Reader

CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def read(block: Reader | None, vendors: Sequence[str], leaf: str | None) -> PriceBlock | None:
    """Return how prices are scored; `leaf` is the criterion that their points belong to."""
    if block is None:
        return None
    block.only(
        "criterion", "formula", "params", "currency", "decimals", "prices", "days", "alternatives"
    )
    formula = PRICE_FORMULAE[block.key("formula").choice(PRICE_FORMULAE)]
    currency, decimals = block.key("currency"), block.optional("decimals")
    if not CURRENCY.fullmatch(currency.text()):
        raise currency.error("Give a currency as its three capital letters, for example EUR.")
    others = block.optional("alternatives")
    alternatives = others.items() if others else []
    return PriceBlock(
        criterion=leaf,
        formula=formula,
        params=params_of(block, formula),
        currency=currency.text(),
        decimals=decimals.integer(0, 12) if decimals else None,
        prices=_by_vendor(block.optional("prices"), vendors, empty=np.nan),
        days=_by_vendor(block.optional("days"), vendors, empty=0.0),
        alternatives=tuple(_alternative(item) for item in alternatives),
    )


def params_of(block: Reader, formula: PriceFormula) -> dict[str, float]:
    params = block.optional("params") or Reader({}, f"{block.path}.params")
    params.only(*(field.name for field in formula.fields))
    read = {}
    for field in formula.fields:
        given = params.optional(field.name)
        if given is not None:
            read[field.name] = float(field.read(given.raw, given.path))
        elif field.required:
            raise InvalidInput(f"Add this value: {field.help}", path=f"{params.path}.{field.name}")
    return read


def _alternative(item: Reader) -> tuple[PriceFormula, dict[str, float]]:
    item.only("formula", "params")
    formula = PRICE_FORMULAE[item.key("formula").choice(PRICE_FORMULAE)]
    return formula, params_of(item, formula)


def _by_vendor(reader: Reader | None, vendors: Sequence[str], *, empty: float) -> Floats | None:
    if reader is None:
        return None
    column = np.full(len(vendors), empty)
    for vendor, figure in reader.entries():
        if vendor not in vendors:
            raise figure.error("Name vendors of the list only.")
        if figure.raw is not None:
            column[vendors.index(vendor)] = float(figure.decimal(0))
    return frozen(column)
