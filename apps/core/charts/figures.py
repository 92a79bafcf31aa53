"""Numbers as words and digits of a locale: the one door to Babel, for charts, pages and paper alike.

Every function takes a plain number and a CLDR locale name ("en_GB"); none computes. Shares are 0 to 1.
"""

import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import Final, Literal

from babel import Locale
from babel.dates import format_timedelta
from babel.numbers import (
    format_compact_currency,
    format_compact_decimal,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
)

from apps.engine.numbers import round_half_up, snap

Number = int | float | Decimal
DEFAULT_LOCALE: Final = "en_GB"
KEPT: Final = 8192  # figures: a matrix of 50 vendors and 300 criteria repeats a few thousand
MINUS: Final = "\N{MINUS SIGN}"
NBSP: Final = "\N{NO-BREAK SPACE}"
_DAY: Final = 86_400
_HOUR: Final = 3_600
_MINUTE: Final = 60
_UNITS: Final = (1_000_000_000, 1_000_000, 1_000)
_LEAST: Final = 0.005
_NEVER: Final = 1e9  # a threshold no count reaches, so that each part keeps its own unit
Unit = Literal["day", "hour", "minute", "second"]


def _minus(text: str) -> str:
    """A hyphen in front of a digit or a currency is a minus sign (DESIGN.md, section 9)."""
    return re.sub(r"^-|(?<=\s)-(?=\d)|-(?=[\d€$£¥])", MINUS, text)


def _money(text: str) -> str:
    """CLDR asks for a space between a currency's letters and its digits: KWD 1.500, but €5."""
    return _minus(re.sub(r"(?<=[^\W\d_])(?=\d)", NBSP, text))


@lru_cache(maxsize=KEPT)
def number(value: Number, *, locale: str = DEFAULT_LOCALE, decimals: int = 0) -> str:
    """410000 → 410,000."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _minus(
        format_decimal(
            round_half_up(value, decimals),
            format=pattern,
            locale=locale,
            numbering_system="default",
        )
    )


def signed(value: Number, *, locale: str = DEFAULT_LOCALE, decimals: int = 0) -> str:
    """3 → +3, 0 → 0, and a minus sign before what is below zero: for differences."""
    text = number(value, locale=locale, decimals=decimals)
    return f"+{text}" if round_half_up(value, decimals) > 0 else text


@lru_cache(maxsize=KEPT)
def percent(share: Number, *, locale: str = DEFAULT_LOCALE, decimals: int = 0) -> str:
    """0.93 → 93%."""
    pattern = Locale.parse(locale).percent_formats[None].pattern
    if decimals:
        pattern = pattern.replace("#,##0", "#,##0." + "0" * decimals)
    return _minus(
        format_percent(
            round_half_up(share, decimals + 2),
            format=pattern,
            locale=locale,
            numbering_system="default",
        )
    )


def share(value: Number, *, locale: str = DEFAULT_LOCALE) -> str:
    """A share in whole per cent that never claims all or nothing: 0.997 → > 99%, 0.002 → < 1%."""
    if 0 < value < _LEAST:
        return f"<{NBSP}{percent(Decimal('0.01'), locale=locale)}"
    if 1 - _LEAST <= value < 1:
        return f">{NBSP}{percent(Decimal('0.99'), locale=locale)}"
    return percent(value, locale=locale)


def compact(value: Number, *, locale: str = DEFAULT_LOCALE, decimals: int = 0) -> str:
    """338000 → 338K: for axes and labels where the full figure stands in the table."""
    with localcontext(rounding=ROUND_HALF_UP):
        return _minus(format_compact_decimal(snap(value), locale=locale, fraction_digits=decimals))


def currency(
    value: Number, code: str, *, locale: str = DEFAULT_LOCALE, decimals: int | None = None
) -> str:
    """964800 EUR → €964,800.00; decimals None means the currency's own."""
    places = get_currency_precision(code) if decimals is None else decimals
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    digits = "." + "0" * places if places else ""
    text = format_currency(
        round_half_up(value, places),
        code,
        format=pattern.replace("0.00", "0" + digits),
        locale=locale,
        currency_digits=False,
        numbering_system="default",
    )
    return _money(text)


def millions(value: Number, code: str, *, locale: str = DEFAULT_LOCALE) -> str:
    """36700000 EUR → €36.7M, 2000000 → €2.0M, de 36,7 Mio. €: for headlines and chart labels.

    Always one decimal from a thousand on, so that figures beside each other are equally exact.
    """
    amount = snap(value)
    return _compact_money(amount, code, 1 if abs(amount) >= _UNITS[-1] else 0, locale=locale)


def axis_moneys(values: Sequence[Number], code: str, *, locale: str = DEFAULT_LOCALE) -> list[str]:
    """€0, €500K, €1.0M, €1.5M: the marks of one axis, as short as all of them allow."""
    amounts = [snap(value) for value in values]
    needed: dict[int, int] = {}
    for amount in amounts:
        size, exact = _scaled(amount)
        needed[size] = max(needed.get(size, 0), _decimals(exact))
    return [
        _compact_money(amount, code, needed[_scaled(amount)[0]] if amount else 0, locale=locale)
        for amount in amounts
    ]


def _scaled(amount: Decimal) -> tuple[int, Decimal]:
    size = next((unit for unit in _UNITS if abs(amount) >= unit), 1)
    return size, amount / size


def _decimals(exact: Decimal) -> int:
    return next((count for count in (0, 1) if round_half_up(exact, count) == exact), 2)


def _compact_money(amount: Decimal, code: str, decimals: int, *, locale: str) -> str:
    with localcontext(rounding=ROUND_HALF_UP):
        text = format_compact_currency(
            amount, code, locale=locale, fraction_digits=decimals, numbering_system="default"
        )
    return _money(_padded(text, decimals, locale=locale))


def _padded(text: str, decimals: int, *, locale: str) -> str:
    """Give the number in a text all its decimals: Babel's compact form drops zeros at the end."""
    symbol = get_decimal_symbol(locale, numbering_system="default")
    found = re.search(rf"\d(?:{re.escape(symbol)}(\d+))?(?=\D*$)", text)
    if found is None or len(found[1] or "") >= decimals:
        return text
    zero = format_decimal(0, format="0", locale=locale, numbering_system="default")
    zeros = zero * (decimals - len(found[1] or ""))
    return text[: found.end()] + ("" if found[1] else symbol) + zeros + text[found.end() :]


def symbol(code: str, *, locale: str = DEFAULT_LOCALE) -> str:
    return get_currency_symbol(code, locale=locale)


def duration(span: timedelta, *, locale: str = DEFAULT_LOCALE) -> str:
    """The two largest units of a span: 2 days 22 hours, 3 hours 5 minutes, 40 seconds."""
    seconds = max(int(span.total_seconds()), 0)
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes, rest = divmod(rest, _MINUTE)
    counts: tuple[tuple[Unit, timedelta], ...] = (
        ("day", timedelta(days=days)),
        ("hour", timedelta(hours=hours)),
        ("minute", timedelta(minutes=minutes)),
        ("second", timedelta(seconds=rest)),
    )
    first = next((i for i, (_, part) in enumerate(counts) if part), len(counts) - 1)
    # seconds matter only when no larger unit is left
    last = min(first + 2, len(counts) if first == len(counts) - 1 else len(counts) - 1)
    parts = [pair for pair in counts[first:last] if pair[1]] or [counts[first]]
    return " ".join(
        format_timedelta(part, granularity=unit, threshold=_NEVER, locale=locale)
        for unit, part in parts
    )
