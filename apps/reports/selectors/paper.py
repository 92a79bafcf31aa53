"""What a report type is, and what every report has: head, method, figures, seal."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import segno
from django.utils import translation
from django.utils.translation import gettext as _

from apps.core.charts import rosette, vendor_glyph
from apps.core.charts.figures import currency, number, percent
from apps.core.charts.figures import share as in_share
from apps.core.templatetags import formats
from apps.reports.selectors.records import AttachedRecord
from apps.rfp.models import Lot
from apps.rfp.selectors import rounded_to
from apps.workspace.models import Procurement, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Payload = dict[str, Any]
Plain = Mapping[str, Any]

DASH = "\N{EN DASH}"
INK = "#121D23"
ROSETTE = 180  # px, the side of the drawing beside the digest
NOISE = Decimal("0.000001")  # a record rounds to nine decimals; quotients of it are exact to six


@dataclass(frozen=True)
class Issue:
    """Who asks for which report, when: what the head of every page says."""

    user: User
    procurement: Procurement
    reference: str
    version: int
    at: dt.datetime
    lot: Lot | None = None


@dataclass(frozen=True, kw_only=True)
class ReportType:
    """One kind of report.

    `require` raises WrongState, with what to do first, while the report cannot be made; `payload`
    freezes what it prints; `charts` draws what the payload and its attached records show.
    """

    slug: str
    name: "StrOrPromise"
    about: "StrOrPromise"
    template: str
    require: Callable[[User, Procurement, Lot | None], object]
    payload: Callable[[Issue], Payload]
    charts: Callable[[Payload, Sequence[AttachedRecord]], Mapping[str, str]]


def points(value: str | Decimal | None) -> str:
    """Show points with one decimal."""
    return DASH if value is None else number(Decimal(value), decimals=1)


def whole(value: str | Decimal | None) -> str:
    """Show a score of 0 to 100, or a count, without decimals."""
    return DASH if value is None else number(Decimal(value).quantize(NOISE))


def plain(value: str | Decimal | None) -> str:
    """Show a number with the decimals it has, at most one."""
    if value is None:
        return DASH
    given = Decimal(value)
    return number(given, decimals=0 if given == given.to_integral_value() else 1)


def share(value: str | Decimal) -> str:
    """Show a share that never claims all or nothing."""
    return in_share(Decimal(value))


def weight(value: str | Decimal) -> str:
    """Show a weight given in percent: whole, or with one decimal."""
    given = Decimal(value).quantize(NOISE)
    return percent(given / 100, decimals=0 if given == given.to_integral_value() else 1)


def money(value: str | Decimal, code: str) -> str:
    return currency(Decimal(value), code, decimals=0)


def head(issue: Issue, kind: str) -> Payload:
    """Return the keys every report begins with."""
    case, lot = issue.procurement, issue.lot
    if lot is not None:
        kind = _("{kind}, lot {code}: {name}").format(kind=kind, code=lot.code, name=lot.name)
    return {
        "language": translation.get_language() or "en-gb",
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
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


def method_of(record: Plain) -> list[dict[str, str]]:
    """Say how a ranking was made, in the words a court would ask for."""
    case, result = record["case"], record["result"]
    rows = [_scoring(case)]
    if result.get("price"):
        rows.append((_("Price formula"), price_formula(record)))
    if case.get("robustness") and result.get("smaa"):
        rows.append((_("Robustness"), _draws(case["robustness"])))
    rows.append((_("Missing scores"), missing_rules()[case["missing"]]))
    if case.get("not_applicable"):
        rows.append((_("Not applicable"), not_applicable(record)))
    rows.append((_("Engine"), record["engine_version"]))
    return [{"label": label, "value": value} for label, value in rows]


def _scoring(case: Plain) -> tuple[str, str]:
    sentence = _("{method} of agreed scores; totals are compared rounded to {decimals} decimals")
    method = case["method"].replace("-", " ")
    return _("Scoring"), sentence.format(
        method=method[:1].upper() + method[1:], decimals=case["award_decimals"]
    )


def price_formula(record: Plain) -> str:
    """Name the price formula with its parameters."""
    price = record["case"]["price"]
    words = price["formula"].replace("-", " ")
    given = [
        f"{name.replace('_', ' ')} {money(value, price['currency'])}"
        for name, value in sorted(record["result"]["price"]["reference"].items())
    ]
    if price.get("decimals") is not None:
        given.append(rounded_to(price["decimals"]))
    return f"{words[:1].upper()}{words[1:]}{': ' if given else ''}{', '.join(given)}"


def _draws(asked: Plain) -> str:
    sentence = _("{draws} random weightings around the agreed ones, concentration {k}, seed {seed}")
    return sentence.format(
        draws=number(asked["draws"]), k=asked["concentration"], seed=asked["seed"]
    )


def not_applicable(record: Plain) -> str:
    """Say which criteria left the denominator of which bid, and what stands in their place."""
    names = {row["id"]: row["name"] for row in record["result"]["vendors"]}
    said = "; ".join(
        f"{names[vendor]}: {', '.join(codes)}"
        for vendor, codes in record["case"]["not_applicable"].items()
    )
    return _(
        "{criteria}. The bid's own weighted mean of the rest of the section stands there"
    ).format(criteria=said)


def missing_rules() -> dict[str, str]:
    return {
        "zero": _("A missing score counts zero"),
        "exclude": _("A criterion with a missing score is left out for all bids"),
        "block": _("No ranking while a score is missing"),
    }


def seal(digest: str, address: str, reference: str) -> dict[str, str]:
    """Return the two drawings of one report: its rosette, and the square that opens its page."""
    drawn = rosette.Rosette(
        digest, label=_("Drawing of the digest of {reference}").format(reference=reference)
    )
    title = _("Code that opens {address}").format(address=address)
    square = segno.make(address, error="m")
    return {
        "rosette": rosette.render(drawn, size=ROSETTE),
        "qr": square.svg_inline(border=0, dark=INK, title=title),
    }


def glyphs(content: object) -> dict[str, str]:
    """Draw the glyph of every vendor that a payload names."""
    return {
        f"glyph_{letter}": vendor_glyph.render(vendor_glyph.VendorGlyph(letter, label=letter))
        for letter in sorted({vendor["letter"] for vendor in vendors_in(content)})
        if letter
    }


def vendors_in(content: object) -> Iterator[dict[str, str]]:
    """Yield every vendor of a payload, wherever it stands."""
    if isinstance(content, Mapping):
        if "glyph" in content:
            yield dict(content)
        for part in content.values():
            yield from vendors_in(part)
    elif isinstance(content, list):
        for part in content:
            yield from vendors_in(part)


def vendor(letter: str, name: str, identifier: str = "") -> dict[str, str]:
    """Return a vendor as templates show it; `id` joins it to the records."""
    return {
        "id": identifier,
        "letter": letter,
        "name": name,
        "glyph": f"glyph_{letter}" if letter else "",
    }
