"""Choose a preset and the periods of a public procedure, as often as it takes until publication."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp.models import Rfp
from apps.rfp.selectors.periods import MINIMA, REQUEST
from apps.rfp.selectors.presets import APART, breaches, is_lower
from apps.rfp.selectors.reading import questionnaire
from apps.rfp.services.drafting import open_draft, record, refuse, text_of
from apps.rfp.states import Preset, Procedure
from apps.workspace.models import User
from apps.workspace.services import panel

LONGEST_PERIOD: Final = 365
DATES: Final = ("notice_on", "until")
REASON: Final = 500


@transaction.atomic
def set_preset(
    *,
    rfp: Rfp,
    preset: str,
    actor: User,
    procedure: str = "",
    periods: Mapping[str, Mapping[str, Any]] | None = None,
) -> Rfp:
    """Move a draft to a preset; nothing that was typed is lost.

    Up is always open, and asks for a second person's review from then on. Down is refused with a sentence for each thing that the lower preset would
    not allow. `periods` holds days and reason by period, where they differ from the minimum.
    """
    open_draft(rfp, actor)
    rfp.refresh_from_db(fields=["preset"])
    if preset not in Preset.values:
        raise refuse("preset", _("Choose Essential, Assured or Public."))
    if procedure and procedure not in Procedure.values:
        raise refuse("procedure", _("Choose the procedure: open, restricted or negotiated."))
    if preset == Preset.PUBLIC and not procedure:
        raise refuse("procedure", _("Choose the procedure: open, restricted or negotiated."))
    if is_lower(preset, rfp.preset):
        _refuse_conflicts(rfp, preset)
    before = rfp.preset
    rfp.needs_review = rfp.needs_review or is_lower(before, preset)
    rfp.preset = preset
    panel.keep_apart(procurement=rfp.procurement, pairs=APART[preset], actor=actor)
    if preset == Preset.PUBLIC:  # kept for a way back up when the preset is a lower one
        rfp.procedure, rfp.periods = procedure, _periods(procedure, periods or {})
    rfp.save(update_fields=["preset", "needs_review", "procedure", "periods"])
    details = {"procedure": rfp.procedure, "periods": rfp.periods}
    record(rfp, "set_preset", actor, before=before, preset=preset, **details)
    return rfp


def _refuse_conflicts(rfp: Rfp, preset: str) -> None:
    """Refuse to go down while something of the draft does not fit the lower preset."""
    said = [one.sentence for one in breaches(rfp, questionnaire(rfp), preset)]
    if said:
        sentence = _("This RFP cannot go down to {preset} yet. {first}").format(
            preset=Preset(preset).label, first=" ".join(said)
        )
        raise Incomplete(sentence, fields={"preset": sentence})


def _dates(one: Mapping[str, Any], wrong: dict[str, str]) -> dict[str, str]:
    """Read when vendors could ask to take part: both days, or neither."""
    given = {name: one.get(name) for name in DATES if one.get(name)}
    read: dict[str, dt.date] = {}
    for name, raw in given.items():
        try:
            read[name] = raw if isinstance(raw, dt.date) else dt.date.fromisoformat(str(raw))
        except ValueError:
            wrong[f"{REQUEST}_{name}"] = _(
                "Write the day as year, month, day, for example 2027-03-31."
            )
    if len(given) == 1:
        missing = "until" if "notice_on" in given else "notice_on"
        wrong[f"{REQUEST}_{missing}"] = _("Give both days, or neither.")
    elif len(read) == len(DATES) and read["until"] < read["notice_on"]:
        wrong[f"{REQUEST}_until"] = _("Give a last day that is not before the notice.")
    return {name: day.isoformat() for name, day in read.items()} if len(read) > 1 else {}


def _periods(procedure: str, given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    known = MINIMA[procedure]
    kept: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, one in given.items():
        if name not in known:
            continue  # of another procedure: the page shows all of them
        days, least = one.get("days"), known[name].days
        dates: dict[str, Any] = {}
        if name == REQUEST and any(one.get(part) for part in DATES):
            dates = _dates(one, wrong)
            kept[name], days = dates, least if days is None else days
        if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= LONGEST_PERIOD:
            sentence = _("Give whole days from 0 to {most}.").format(most=LONGEST_PERIOD)
            wrong[f"{name}_days"] = sentence
            continue
        reason = text_of(one.get("reason", ""), f"{name}_reason", REASON)
        if days != least and not reason:
            wrong[f"{name}_reason"] = _(
                "Say why {days} days apply and not {least}; it is published."
            ).format(days=days, least=least)
        elif days != least:
            kept[name] = {**dates, "days": days, "reason": reason}
    if wrong:
        raise Incomplete(_("Some periods need another look."), fields=wrong)
    return kept
