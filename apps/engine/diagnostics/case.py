"""The case ``{"diagnostic": slug, "inputs": {…}, "currency"?: "EUR", "period"?: "2026-Q2"}``."""

from collections.abc import Mapping

from apps.engine.diagnostics import DIAGNOSTICS
from apps.engine.diagnostics.diagnostic import Diagnostic, Figure, Finding, Interval, warning
from apps.engine.errors import InvalidInput
from apps.engine.money import Money
from apps.engine.numbers import TEXT_DECIMALS, text
from apps.engine.reading import Json, Outcome, Reader


def run(case: Mapping[str, Json]) -> Outcome:
    reader = Reader(case).only("diagnostic", "inputs", "currency", "period")
    diagnostic = DIAGNOSTICS[reader.key("diagnostic").choice(DIAGNOSTICS)]
    currency = _currency(diagnostic, reader)
    period = reader.optional("period")
    finding = diagnostic.run(reader.key("inputs").raw)
    result = {
        **_result(finding),
        "currency": currency,
        "period": None if period is None else period.text(),
    }
    unnamed = () if period else (warning("period_not_named"),)
    return Outcome(
        result=result, method=_method(diagnostic), warnings=(*unnamed, *finding.warnings)
    )


def _currency(diagnostic: Diagnostic, reader: Reader) -> str | None:
    if not diagnostic.needs_currency:
        unused = reader.optional("currency")
        if unused is not None:
            raise unused.error("Leave the currency out; this diagnostic counts no money.")
        return None
    named = reader.key("currency")
    try:
        return Money.zero(named.text()).currency
    except InvalidInput as error:
        raise error.at(named.path) from None


def _method(diagnostic: Diagnostic) -> Mapping[str, Json]:
    return {
        "calculator": f"diagnostics.{diagnostic.slug}",
        "version": diagnostic.version,
        "decimals": TEXT_DECIMALS,
        "rounding": "half-up",
        "confidence": "0.95",
    }


def _result(finding: Finding) -> dict[str, Json]:
    return {
        "value": _text(finding),
        "unit": finding.unit,
        "band": finding.band,
        "interval": _interval(finding.interval),
        "figures": {name: _figure(figure) for name, figure in finding.figures.items()},
        "guide": _figure(finding.guide) if finding.guide else None,
    }


def _text(figure: Figure | Finding) -> str | None:
    return None if figure.value is None else text(figure.value)


def _figure(figure: Figure) -> Mapping[str, Json]:
    return {"value": _text(figure), "unit": figure.unit}


def _interval(interval: Interval | None) -> Json:
    if interval is None:
        return None
    ends = {"lo": interval.lo, "hi": interval.hi}
    return {name: None if end is None else text(end) for name, end in ends.items()}
