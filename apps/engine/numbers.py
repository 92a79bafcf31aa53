"""Rounding, clamping and printing of figures; nothing else in the engine rounds.

Floats carry noise of about 1e-16 of their size. `snap` removes it before a decision hangs on a
figure: 12 decimals, or 14 significant digits where the figure is 100 or more and 12 decimals
would lie below the noise.
"""

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

from apps.engine.errors import InvalidInput

SNAP_DECIMALS = 12
SNAP_DIGITS = 14
TEXT_DECIMALS = 9
WHOLE = 1e-9
_CONTEXT = Context(prec=60)
_QUANTA = tuple(Decimal(1).scaleb(-decimals) for decimals in range(19))


def _finite(value: float | Decimal) -> Decimal:
    figure = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    if not figure.is_finite():
        raise InvalidInput("A figure came out as infinite or undefined; check the inputs.")
    return figure


def snap(value: float | Decimal) -> Decimal:
    """Return the figure without float noise; a Decimal has none and stays as it is."""
    figure = _finite(value)
    if isinstance(value, Decimal):
        return figure
    size = figure.adjusted()
    if size < SNAP_DIGITS - SNAP_DECIMALS:
        return figure.quantize(_QUANTA[SNAP_DECIMALS], ROUND_HALF_EVEN, _CONTEXT)
    return figure.quantize(Decimal(1).scaleb(size + 1 - SNAP_DIGITS), ROUND_HALF_EVEN, _CONTEXT)


def round_half_up(value: float | Decimal, decimals: int) -> Decimal:
    """Snap, then round half away from zero to 0..18 decimals; the result is never minus zero."""
    if not 0 <= decimals < len(_QUANTA):
        raise InvalidInput(f"Round to 0 to {len(_QUANTA) - 1} decimals.")
    rounded = snap(value).quantize(_QUANTA[decimals], ROUND_HALF_UP, _CONTEXT)
    return rounded or abs(rounded)


def text(value: float | Decimal, decimals: int = TEXT_DECIMALS) -> str:
    """Write a figure for a record: digits and a point, no exponent, no trailing zeros."""
    written = format(round_half_up(value, decimals), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def texts(values: Iterable[float | Decimal], decimals: int = TEXT_DECIMALS) -> list[str]:
    return [text(value, decimals) for value in values]


def ceil_div(amount: float | Decimal, size: float | Decimal) -> int:
    """Return amount / size rounded up, where a quotient within 1e-9 of a whole number is one.

    21 / (1 - 0.3) is 30.000000000000004 in floats; 31 would be one agent too many.
    """
    if not size > 0:
        raise InvalidInput("Divide by a number above 0.")
    quotient = float(amount) / float(size)
    if not math.isfinite(quotient):
        raise InvalidInput("A figure came out as infinite or undefined; check the inputs.")
    nearest = round(quotient)
    if abs(quotient - nearest) <= WHOLE * max(1.0, abs(quotient)):
        return nearest
    return math.ceil(quotient)


def clip(value: float, low: float, high: float) -> float:
    """Return the value, held between two bounds."""
    if not low <= high:
        raise InvalidInput("The lower bound lies above the upper one.")
    if math.isnan(value):
        raise InvalidInput("A figure came out as infinite or undefined; check the inputs.")
    return min(max(value, low), high)
