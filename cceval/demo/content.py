"""The demo's content as plain data, its workload curve, and its little evidence files."""

import math
import tomllib
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pydyf

HERE = Path(__file__).resolve().parent
HALF_HOURS = 48
LINE, MARGIN, TOP = 15, 56, 780
WIDTH = 88  # characters of a line


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def vendors() -> list[dict[str, Any]]:
    return [load(f"vendors_{letter}") for letter in "abcd"]


def _curve(hour: float, peaks: list[dict[str, str]], base: float) -> float:
    """Weight of a half-hour by its middle: the base and a bell around each peak."""
    bells = (
        float(peak["height"])
        * math.exp(-(((hour - float(peak["hour"])) / float(peak["width"])) ** 2))
        for peak in peaks
    )
    return base + sum(bells)


def week_of(shape: Mapping[str, Any], contacts: str) -> list[list[str]]:
    """Return seven days of half-hourly contacts as decimal strings, adding up to `contacts`."""
    weights = [[_weight(shape, day, slot / 2) for slot in range(HALF_HOURS)] for day in range(7)]
    total = sum(map(sum, weights))
    share = float(contacts) / total
    return [[_text(weight * share) for weight in day] for day in weights]


def _weight(shape: Mapping[str, Any], day: int, start: float) -> float:
    hour, base, weekend = start + 0.25, float(shape["base"]), day > 4  # noqa: PLR2004 -- Monday is 0
    opened = shape.get("open_weekdays")
    if opened:
        inside = not weekend and opened["from"] <= start < opened["to"]
        return _curve(hour, shape["weekday_peaks"], base) if inside else 0.0
    closed = shape["closed_weekdays"]
    if not weekend and closed["from"] <= start < closed["to"]:
        return 0.0
    peaks = shape["weekend_peaks"] if weekend else shape["weekday_peaks"]
    return _curve(hour, peaks, base)


def _text(value: float) -> str:
    cents = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{cents.normalize():f}"


QUEUE = (
    "channel", "language", "aht_s", "service_level", "max_occupancy", "patience_s",
    "minimum_seats", "concurrency", "deferred",
)  # fmt: skip
WHOLE = ("interval_minutes", "growth_per_year", "seasonality", "handle_time")


def workload(shape: Mapping[str, Any]) -> dict[str, Any]:
    """Return the `workload` of the engine's price case."""
    queues = shape.get("queues") or [{**shape, "name": shape["queue"]}]
    return {
        **{key: shape[key] for key in WHOLE if key in shape},
        "queues": [
            {
                "name": queue["name"],
                **{key: queue[key] for key in QUEUE if key in queue},
                "week": week_of(shape, queue["contacts_per_week"]),
            }
            for queue in queues
        ],
    }


def in_house(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return today's own team as one more quote of the price case."""
    rest = {key: value for key, value in given.items() if key != "name"}
    return {"id": "in-house", "vendor": given["name"], "in_house": True, **rest}


def pdf(title: str, text: str) -> bytes:
    """Return one page of plain text: what a vendor would attach as evidence."""
    document, page = pydyf.PDF(), pydyf.Stream()
    font = pydyf.Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/Type1",
            "BaseFont": "/Helvetica",
            "Encoding": "/WinAnsiEncoding",
        }
    )
    document.add_object(font)
    page.begin_text()
    page.set_font_size("F1", 11)
    at = TOP
    for line in [title, "", *_lines(text)]:
        page.set_text_matrix(1, 0, 0, 1, MARGIN, at)
        page.show_text_string(_ascii(line))
        at -= LINE
    page.end_text()
    document.add_object(page)
    document.add_page(
        pydyf.Dictionary(
            {
                "Type": "/Page",
                "Parent": document.pages.reference,
                "MediaBox": pydyf.Array([0, 0, 595, 842]),
                "Contents": page.reference,
                "Resources": pydyf.Dictionary({"Font": pydyf.Dictionary({"F1": font.reference})}),
            }
        )
    )

    out = BytesIO()
    document.write(out)
    return out.getvalue()


def _ascii(line: str) -> str:
    """Keep to what the reader's own Helvetica shows without an encoding of ours."""
    plain = line.translate(str.maketrans("\u2013\u2014\u2019\u2018\u201c\u201d", "--''\"\""))
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()


def _lines(text: str) -> list[str]:
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) + 1 > WIDTH:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines.append(line)
    return lines[: (TOP - MARGIN) // LINE - 2]


def file_bytes(given: Mapping[str, str]) -> bytes:
    """Return an evidence file: the text itself for a .csv, else a small PDF."""
    if given["name"].endswith(".csv"):
        return given["text"].encode()
    return pdf(given["title"], given["text"])
