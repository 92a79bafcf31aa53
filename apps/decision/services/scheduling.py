"""The schedule of a contract: what the lead takes of it, frozen in the same act as the contract."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.decision.models import Award, Contract, Decision, Schedule
from apps.decision.selectors.obligations import obligations
from apps.decision.selectors.offered_rows import Obligation
from apps.proof import canonical, hashes
from apps.rfp.answers import figures
from apps.workspace.models import User

FORM: Final = "cceval.schedule.1"
LONGEST: Final = 300
EDITED: Final = ("due", "reports")
Given = Mapping[str, Mapping[str, str]]


def settle(rows: tuple[Obligation, ...], given: Given) -> tuple[Obligation, ...]:
    """Return the rows that stand: all that were bid, and of the offered ones those that are given.

    `given` holds value, due and reports by the key of a row; Incomplete names each wrong place.
    """
    wrong: dict[str, str] = {}
    for key in set(given) - {one.key for one in rows}:
        wrong[key] = _("The schedule has no such row.")
    kept = tuple(_settled(rows, given, wrong))
    if wrong:
        raise Incomplete(_("Some rows of the schedule need another look."), fields=wrong)
    return kept


def _settled(
    rows: tuple[Obligation, ...], given: Given, wrong: dict[str, str]
) -> Iterator[Obligation]:
    for row in rows:
        said = {name: str(text).strip() for name, text in given.get(row.key, {}).items()}
        if row.offered and row.key not in given:
            continue
        if unknown := set(said) - {"value", *EDITED}:
            wrong[row.key] = _(
                "A row takes value, due and reports; {name} is none of them."
            ).format(name=min(unknown))
            continue
        texts = {name: said.get(name) or getattr(row, name) for name in EDITED}
        for name, text in texts.items():
            if len(text) > LONGEST:
                sentence = _("Shorten this to {limit} characters.").format(limit=LONGEST)
                wrong[f"{row.key}-{name}"] = sentence
        value = _value(row, said.get("value", ""), wrong)
        same = value == row.value and all(getattr(row, one) == texts[one] for one in EDITED)
        yield replace(row, value=value, due=texts["due"], reports=texts["reports"], default=same)


def _value(row: Obligation, typed: str, wrong: dict[str, str]) -> str:
    """Return the figure of an offered row; what was bid is nobody's to change."""
    place = f"{row.key}-value"
    if not row.offered:
        if typed and typed != row.value:
            wrong[place] = _(
                "This is what was bid. Only when it is due and who reports it is open."
            )
        return row.value
    if not typed and not row.value:
        wrong[place] = _("Give the target.")
        return ""
    try:
        return figures.read_between(typed or row.value, *_bounds(row))
    except Incomplete as error:
        wrong[place] = error.sentence
        return ""


def _bounds(row: Obligation) -> tuple[Any, Any]:
    return figures.decimal(row.least), figures.decimal(row.most)


def freeze(
    *,
    decision: Decision,
    award: Award,
    contract: Contract,
    signed_on: dt.date,
    given: Given,
    actor: User,
) -> Schedule:
    """Keep the schedule of a contract, within the act that records the contract."""
    rows = settle(obligations(actor, decision, award), given)
    rfp = decision.procurement.rfp
    vendor = award.winner.vendor if award.winner else None
    record = canonical.encode(
        {
            "form": FORM,
            "rfp": {"id": str(rfp.pk), "digest": rfp.digest},
            "lot": decision.lot.code if decision.lot else None,
            "award": award.digest,
            "vendor": {"bid": str(award.winner_id), "name": vendor.name if vendor else ""},
            "signed_on": signed_on.isoformat(),
            "rows": [
                {"number": number, **one.content()} for number, one in enumerate(rows, start=1)
            ],
        }
    )
    return Schedule.objects.create(
        organisation_id=decision.organisation_id,
        contract=contract,
        record=record.decode(),
        digest=hashes.of_bytes(record),
    )
