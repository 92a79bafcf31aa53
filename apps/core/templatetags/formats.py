"""Filters for numbers, money, dates and durations in the reader's locale. They show, never compute.

Unknown is "not given" and zero is 0 (DESIGN.md, section 9). Times are shown in the active zone and name it.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time, get_timezone_name
from django import template
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, to_locale

from apps.core.charts import figures

register = template.Library()


class HasCurrency(Protocol):
    """Money of the engine, or anything shaped like it."""

    @property
    def amount(self) -> Decimal: ...

    @property
    def currency(self) -> str: ...


@lru_cache(maxsize=64)
def _known(name: str) -> str:
    try:
        figures.number(0, locale=name)
    except (UnknownLocaleError, ValueError):
        return figures.DEFAULT_LOCALE
    return name


def current_locale() -> str:
    """The CLDR name of the active language; en_GB where Babel does not know it."""
    return _known(to_locale(get_language() or "en-gb"))


def not_given() -> str:
    return gettext("not given")


def _number(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    return value if isinstance(value, Decimal) else Decimal(str(value))


@register.filter
def number(value: object, decimals: int = 0) -> str:
    """410000 → 410,000; `|number:1` for one decimal."""
    given = _number(value)
    if given is None:
        return not_given()
    return figures.number(given, locale=current_locale(), decimals=decimals)


@register.filter
def percentage_cells(shares: Iterable[object], decimals: int = 0) -> SafeString:
    """A cell of a table for each share of 0 to 1, "missing" where there is none: a row in one tag."""
    locale, missing = current_locale(), gettext("missing")
    texts = (
        missing if one is None else figures.percent(one, locale=locale, decimals=decimals)
        for one in map(_number, shares)
    )
    return format_html_join("", '<td class="num">{}</td>', ((text,) for text in texts))


@register.filter
def published(value: object) -> str:
    """A weight or a minimum with all its digits: 12.5000 → 12.5; rounding it would be another one."""
    given = _number(value)
    if given is None:
        return not_given()
    exponent = given.normalize().as_tuple().exponent
    decimals = max(-exponent, 0) if isinstance(exponent, int) else 0
    return figures.number(given, locale=current_locale(), decimals=decimals)


@register.filter
def signed(value: object, decimals: int = 0) -> str:
    """A difference with its sign, plus or minus; 0 has none."""
    given = _number(value)
    if given is None:
        return not_given()
    return figures.signed(given, locale=current_locale(), decimals=decimals)


@register.filter
def score(value: object, decimals: int = 1) -> str:
    """A total with one decimal; `|score:0` for a single answer."""
    return number(value, decimals)


@register.filter
def percentage(share: object, decimals: int = 0) -> str:
    """A share of 0 to 1: 0.93 → 93%."""
    given = _number(share)
    if given is None:
        return not_given()
    return figures.percent(given, locale=current_locale(), decimals=decimals)


@register.filter
def money(value: HasCurrency | None, decimals: int | None = None) -> str:
    """€964,800.00; `|money:0` in tables of whole units, `|money:3` for a rate per minute."""
    if value is None:
        return not_given()
    return figures.currency(
        value.amount, value.currency, locale=current_locale(), decimals=decimals
    )


@register.filter
def money_short(value: HasCurrency | None) -> str:
    """€36.7M: headlines only; the full figure stands nearby."""
    if value is None:
        return not_given()
    return figures.millions(value.amount, value.currency, locale=current_locale())


@register.filter
def in_currency(value: object, code: str) -> str:
    """A bare number with its currency: `{{ rate|in_currency:"EUR" }}`."""
    given = _number(value)
    if given is None:
        return not_given()
    return figures.currency(given, code, locale=current_locale())


@register.filter
def duration(value: timedelta | None) -> str:
    """2 days 22 hours: the two largest units, never 70:12:04."""
    return not_given() if value is None else figures.duration(value, locale=current_locale())


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _zone(value: datetime, *, locale: str) -> str:
    """CEST where people use such a name, else an offset such as GMT+8."""
    return get_timezone_name(value, width="short", locale=locale)


def _is_british(locale: str) -> bool:
    return locale.lower() in {"en", "en_gb"}


@register.filter
def long_date(value: date | datetime | None) -> str:
    """Fri 2 October 2026."""
    if value is None:
        return not_given()
    day = _local(value) if isinstance(value, datetime) else value
    locale = current_locale()
    pattern = "EEE d MMMM y" if _is_british(locale) else "full"
    return format_date(day, pattern, locale=locale)


@register.filter
def short_date(value: date | datetime | None) -> str:
    """2 Oct; the year stands in the page's context."""
    if value is None:
        return not_given()
    day = _local(value) if isinstance(value, datetime) else value
    return format_date(day, "d MMM", locale=current_locale())


@register.filter
def short_moment(value: datetime | None) -> str:
    """2 Oct, 15:00: tables and lists."""
    if value is None:
        return not_given()
    return format_datetime(_local(value), "d MMM, HH:mm", locale=current_locale())


@register.filter
def clock(value: datetime | time | None) -> str:
    """14:32:08: save states, receipts and the log only."""
    if value is None:
        return not_given()
    at = _local(value) if isinstance(value, datetime) else value
    return format_time(at, "HH:mm:ss", locale=current_locale())


@register.filter
def clock_short(value: datetime | time | None) -> str:
    """15:00."""
    if value is None:
        return not_given()
    at = _local(value) if isinstance(value, datetime) else value
    return format_time(at, "HH:mm", locale=current_locale())


@register.filter
def deadline(value: datetime | None) -> str:
    """Fri 2 October 2026, 15:00 CEST."""
    if value is None:
        return not_given()
    at, locale = _local(value), current_locale()
    return f"{long_date(value)}, {clock_short(value)} {_zone(at, locale=locale)}"


@register.filter
def moment(value: datetime | None) -> str:
    """Thu 1 October 2026, 16:47:03 CEST: receipts and the log."""
    if value is None:
        return not_given()
    at, locale = _local(value), current_locale()
    return f"{long_date(value)}, {clock(value)} {_zone(at, locale=locale)}"


@register.filter
def zone(value: datetime | None) -> str:
    """The zone's short name at that moment: CEST."""
    return not_given() if value is None else _zone(_local(value), locale=current_locale())


@register.filter
def zone_name(value: datetime | None) -> str:
    """The zone's long name, for `abbr title`: Central European Summer Time."""
    if value is None:
        return not_given()
    return get_timezone_name(_local(value), width="long", locale=current_locale())


@register.filter
def in_zone(value: datetime | None, name: str) -> datetime | None:
    """The same moment in a named zone: `{{ at|in_zone:"Europe/Lisbon"|clock_short }}`.

    Only for filters that do not convert back; it strips the zone after converting.
    """
    if value is None:
        return None
    return value.astimezone(ZoneInfo(name)).replace(tzinfo=None)


@register.filter
def initials(name: str) -> str:
    """Ines Kovac → IK."""
    words = [word for word in str(name).split() if word[0].isalpha()]
    return "".join(
        word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)
    ).upper()


@register.filter
def filesize(value: int | None) -> str:
    """1258291 → 1.2 MB, in the reader's locale."""
    if value is None:
        return not_given()
    for unit, size in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if value >= size:
            decimals = 0 if unit == "KB" else 1
            shown = figures.number(
                Decimal(value) / size, locale=current_locale(), decimals=decimals
            )
            return f"{shown}\N{NO-BREAK SPACE}{unit}"
    return f"{value}\N{NO-BREAK SPACE}B"
