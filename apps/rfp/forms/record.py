"""The price of record as people write it: percent in fields, shares in the rule."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.rfp.models import Rfp
from apps.rfp.selectors.price_rule import ADDERS, BASE, MINUS, price_rule
from apps.rfp.types import plain

PERCENT = re.compile(r"[+-]?\d{1,4}(\.\d{1,6})?", re.ASCII)


def initial_of(rfp: Rfp) -> dict[str, Any]:
    """Return the fields' values of a rule; before one is said, the product's defaults."""
    rule = price_rule(rfp)
    if rule is None:
        return {
            "record_model": "",
            "record_change": "0",
            "record_adders": list(ADDERS),
            "record_rate": "5",
            "record_basis": "nominal",
        }
    return {
        "record_model": rule.model,
        "record_change": _percent(rule.change),
        "record_scenario": "" if rule.scenario == BASE else rule.scenario,
        "record_adders": list(rule.adders),
        "record_rate": _percent(rule.discount["rate"]),
        "record_basis": rule.discount["basis"],
        "record_inflation": _percent(rule.discount.get("inflation", "")),
    }


def given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the rule as `set_terms` takes it; empty while no model was chosen."""
    if not fields["record_model"]:
        return {}
    discount = {"rate": _share(fields["record_rate"]), "basis": fields["record_basis"]}
    if fields["record_inflation"].strip():
        discount["inflation"] = _share(fields["record_inflation"])
    change = _share(fields["record_change"].strip() or "0")
    return {
        "model": fields["record_model"],
        "scenario": {"name": fields["record_scenario"], "change": change},
        "adders": fields["record_adders"],
        "discount": discount,
    }


def _percent(share: Decimal | str) -> str:
    return plain(Decimal(share) * 100) if share != "" else ""


def _share(text: str) -> str:
    """Return percent as a share; what is no figure goes on as it is, for the service to refuse."""
    written = text.strip().removesuffix("%").strip().replace(MINUS, "-")
    if not PERCENT.fullmatch(written):
        return text
    return format(Decimal(written) / 100, "f")
