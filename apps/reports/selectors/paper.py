"""What a report type is, and what all of them share: head, ranking, method, records, drawings."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import segno
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.charts import rosette, svg, vendor_glyph
from apps.core.charts.figures import currency, number, percent
from apps.core.templatetags import formats
from apps.engine.cases import Record
from apps.matrix.models import Ranking
from apps.proof import hashes
from apps.workspace.models import Procurement, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Payload = dict[str, Any]


@dataclass(frozen=True)
class AttachedRecord:
    """A frozen engine record that travels inside the PDF, byte for byte."""

    name: str
    file: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashes.of_bytes(self.content)


@dataclass(frozen=True)
class ReportType:
    """A slug, its words, its template, and the functions that fill it."""

    slug: str
    name: "StrOrPromise"
    about: "StrOrPromise"
    template: str
    payload: Callable[..., Payload]
    charts: Callable[..., Mapping[str, str]]
    records: Callable[[Procurement, Payload], Sequence[AttachedRecord]]


@dataclass(frozen=True)
class Issue:
    """Who asks for which report, when: what the head of every page says."""

    user: User
    procurement: Procurement
    reference: str
    version: int
    at: dt.datetime


def points(value: str | Decimal | None) -> str:
    """Show points of 100 with one decimal."""
    return number(Decimal(value), decimals=1) if value is not None else "\u2013"


def share(value: str | Decimal) -> str:
    return percent(float(value))


def weight(value: str | Decimal) -> str:
    """Show a weight given in percent, without trailing zeros up to one decimal."""
    given = Decimal(value)
    whole = given == given.to_integral_value()
    return percent(float(given) / 100, decimals=0 if whole else 1)


def money(value: str | Decimal, code: str) -> str:
    return currency(Decimal(value), code, decimals=0)


def head(issue: Issue, kind: str) -> Payload:
    """Return the keys every report begins with."""
    case = issue.procurement
    return {
        "language": translation.get_language() or "en-gb",
        "direction": "ltr",
        "organisation": case.organisation.name,
        "procurement": {"title": case.title, "reference": case.reference},
        "document": {
            "kind": kind,
            "reference": issue.reference,
            "version": _("version {number}").format(number=issue.version),
            "title": f"{kind} {issue.reference}: {case.title}",
            "issued": formats.long_date(issue.at),
            "issued_at": issue.at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "confidentiality": _("Confidential"),
        },
    }


def result_of(record: str) -> dict[str, Any]:
    return dict(json.loads(record))


def vendor(letter: str, name: str) -> dict[str, str]:
    return {"letter": letter, "name": name, "glyph": f"glyph_{letter}" if letter else ""}


def list_records(records: Sequence[AttachedRecord]) -> list[dict[str, str]]:
    return [{"name": r.name, "file": r.file, "digest": r.digest} for r in records]


def read_record(record: str) -> Record:
    return Record.from_bytes(record.encode())


def method_of(ranking: Ranking) -> list[dict[str, str]]:
    """Say how the ranking was made, in the words a court would ask for."""
    record = result_of(ranking.record)
    case, result = record["case"], record["result"]
    rows = [
        (_("Scoring"), _("{method}, points of 100, award decided to {decimals} decimals").format(
            method=case["method"].replace("-", " "), decimals=case["award_decimals"])),
        (_("Missing answers"), _("policy {policy}").format(policy=case["missing"])),
        (_("Engine"), ranking.engine_version),
    ]  # fmt: skip
    if result.get("price"):
        formula = case["price"]["formula"].replace("-", " ")
        params = ", ".join(
            f"{name} {money(value, case['price']['currency'])}"
            for name, value in sorted(result["price"]["reference"].items())
        )
        rows.insert(1, (_("Price formula"), f"{formula}{': ' if params else ''}{params}"))
    if case.get("robustness"):
        rows.insert(
            2,
            (
                _("Robustness"),
                _(
                    "{draws} weightings around the published ones (concentration {k}), seed {seed}"
                ).format(
                    draws=number(case["robustness"]["draws"]),
                    k=case["robustness"]["concentration"],
                    seed=case["robustness"]["seed"],
                ),
            ),
        )
    return [{"label": label, "value": value} for label, value in rows]


def seal(digest: str, address: str, reference: str) -> dict[str, str]:
    """Return the two drawings of one report: its rosette, and the square that opens its page."""
    drawn = rosette.Rosette(
        digest, label=_("Drawing of the digest of {reference}").format(reference=reference)
    )
    square = segno.make(address, error="m")
    title = _("Code that opens {address}").format(address=address)
    return {
        "rosette": rosette.render(drawn, size=180),
        "qr": square.svg_inline(border=0, dark="#121D23", title=title),
    }


def glyphs(letters: Sequence[str]) -> dict[str, str]:
    return {
        f"glyph_{letter}": vendor_glyph.render(vendor_glyph.VendorGlyph(letter, label=letter))
        for letter in letters
        if letter
    }


def drawn_vendor(given: Mapping[str, str]) -> svg.Vendor:
    return svg.Vendor(given["letter"], given["name"])
