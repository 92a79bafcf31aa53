"""Figures, money, dates and durations as readers of a language expect them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation

from apps.core.charts import figures
from apps.core.templatetags import formats

NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
AT = datetime(2026, 10, 2, 13, 0, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Amount:
    amount: Decimal
    currency: str


@pytest.fixture(autouse=True)
def in_oslo():
    with timezone.override("Europe/Oslo"), translation.override("en-gb"):
        yield


def test_unknown_is_not_given_and_zero_is_zero() -> None:
    filters = (
        formats.number,
        formats.score,
        formats.percentage,
        formats.money,
        formats.money_short,
    )
    assert [show(None) for show in filters] == ["not given"] * 5
    assert (
        formats.duration(None) == formats.deadline(None) == formats.long_date(None) == "not given"
    )
    assert formats.number(0) == "0"
    assert formats.percentage(0) == "0%"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (410_000, 0, "410,000"),
        (
            Decimal("80.65"),
            1,
            "80.7",
        ),  # half goes up, as in the engine; never to the even neighbour
        (80.55, 1, "80.6"),
        (-0.04, 1, "0.0"),
        (-3.25, 1, f"{MINUS}3.3"),
    ],
)
def test_numbers_round_half_up_and_wear_a_minus_sign(
    value: float | Decimal, decimals: int, expected: str
) -> None:
    assert formats.number(value, decimals) == expected


def test_a_row_of_cells_is_written_at_once_as_each_figure_is_alone() -> None:
    assert formats.percentage_cells([0.125, None, Decimal(1)], 1) == (
        '<td class="num">12.5%</td><td class="num">missing</td><td class="num">100.0%</td>'
    )
    assert formats.percentage_cells([]) == ""


def test_a_difference_shows_its_sign_unless_it_is_nothing() -> None:
    assert [formats.signed(value, 1) for value in (2.2, -2.2, 0, 0.04)] == [
        "+2.2",
        f"{MINUS}2.2",
        "0.0",
        "0.0",
    ]


def test_a_share_becomes_per_cent() -> None:
    assert formats.percentage(Decimal("0.93")) == "93%"
    assert formats.percentage(0.925, 0) == "93%"
    assert formats.percentage(0.9345, 1) == "93.5%"


@pytest.mark.parametrize(
    ("amount", "decimals", "expected"),
    [
        (Amount(Decimal(964800), "EUR"), None, "€964,800.00"),
        (Amount(Decimal(964800), "EUR"), 0, "€964,800"),
        (Amount(Decimal("0.3985"), "EUR"), 3, "€0.399"),
        (Amount(Decimal("-12.5"), "GBP"), None, f"{MINUS}£12.50"),
        (Amount(Decimal(500), "JPY"), None, "JP¥500"),
        (Amount(Decimal("1.5"), "KWD"), None, f"KWD{NBSP}1.500"),
    ],
)
def test_money_has_its_currency_and_its_own_decimals(
    amount: Amount, decimals: int | None, expected: str
) -> None:
    assert formats.money(amount, decimals) == expected


def test_headlines_speak_in_millions_with_one_decimal() -> None:
    assert formats.money_short(Amount(Decimal(36_700_000), "EUR")) == "€36.7M"
    assert formats.money_short(Amount(Decimal(36_650_000), "EUR")) == "€36.7M"
    assert figures.millions(36_700_000, "EUR", locale="de") == f"36,7{NBSP}Mio.{NBSP}€"


def test_a_german_reader_gets_points_and_commas() -> None:
    with translation.override("de"):
        assert formats.number(410_000) == "410.000"
        assert formats.percentage(0.93) == f"93{NBSP}%"
        assert formats.money(Amount(Decimal(964800), "EUR"), 0) == f"964.800{NBSP}€"


def test_a_language_babel_does_not_know_falls_back_to_british_english() -> None:
    with translation.override("xx"):
        assert formats.number(410_000) == "410,000"


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(days=2, hours=22, minutes=59), "2 days 22 hours"),
        (timedelta(days=2, minutes=5), "2 days"),
        (timedelta(hours=1, minutes=1, seconds=59), "1 hour 1 minute"),
        (timedelta(seconds=61), "1 minute"),
        (timedelta(seconds=40), "40 seconds"),
        (timedelta(0), "0 seconds"),
        (timedelta(seconds=-5), "0 seconds"),
    ],
)
def test_a_duration_names_its_two_largest_units(span: timedelta, expected: str) -> None:
    assert formats.duration(span) == expected


def test_a_deadline_names_weekday_time_and_zone() -> None:
    assert formats.deadline(AT) == "Fri 2 October 2026, 15:00 CEST"
    assert formats.moment(AT) == "Fri 2 October 2026, 15:00:03 CEST"
    assert formats.zone_name(AT) == "Central European Summer Time"


def test_dates_and_times_are_short_where_room_is_short() -> None:
    assert formats.long_date(date(2026, 10, 2)) == "Fri 2 October 2026"
    assert formats.short_date(AT) == "2 Oct"
    assert formats.short_moment(AT) == "2 Oct, 15:00"
    assert (formats.clock(AT), formats.clock_short(AT)) == ("15:00:03", "15:00")


def test_the_vendor_sees_the_same_moment_on_its_own_clock() -> None:
    assert formats.clock_short(formats.in_zone(AT, "Europe/Lisbon")) == "14:00"
    assert formats.short_moment(formats.in_zone(AT, "Asia/Manila")) == "2 Oct, 21:00"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.997, f">{NBSP}99%"), (0.003, f"<{NBSP}1%"), (1, "100%"), (0, "0%"), (0.93, "93%")],
)
def test_a_share_of_draws_never_claims_all_or_nothing(value: float, expected: str) -> None:
    assert figures.share(value) == expected


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((0, 900_000), ["€0", "€900K"]),
        ((0, 1e6, 2e6), ["€0", "€1M", "€2M"]),
        ((0, 5e5, 1e6, 1.5e6), ["€0", "€500K", "€1.0M", "€1.5M"]),
        ((1e6, 1.05e6, 1.1e6), ["€1.00M", "€1.05M", "€1.10M"]),
        ((-1.5e6, 0, 4e7), ["\N{MINUS SIGN}€1.5M", "€0", "€40.0M"]),
    ],
)
def test_the_marks_of_an_axis_are_brief_and_equally_exact(
    marks: tuple[float, ...], expected: list[str]
) -> None:
    assert figures.axis_moneys(marks, "EUR") == expected


@pytest.mark.parametrize(
    ("value", "locale", "expected"),
    [
        (2_000_000, "en_GB", "£2.0M"),
        (1_600_000, "en_GB", "£1.6M"),
        (964_800, "en_GB", "£964.8K"),
        (-2_000_000, "en_GB", "\N{MINUS SIGN}£2.0M"),
        (0, "en_GB", "£0"),
        (950, "en_GB", "£950"),
        (2_000_000, "de", f"2,0{NBSP}Mio.{NBSP}£"),
        (2_000_000, "fr", f"2,0{NBSP}M{NBSP}£GB"),
    ],
)
def test_millions_beside_each_other_have_the_same_decimals(
    value: float, locale: str, expected: str
) -> None:
    assert figures.millions(value, "GBP", locale=locale) == expected


def test_initials_and_sizes_are_short() -> None:
    assert [formats.initials(name) for name in ("Ines Kovac", "Ana de la Cruz", "Bo", "")] == [
        "IK",
        "AC",
        "B",
        "",
    ]
    assert [formats.filesize(size) for size in (980, 980 * 1024, 1_258_291)] == [
        f"980{NBSP}B",
        f"980{NBSP}KB",
        f"1.2{NBSP}MB",
    ]
