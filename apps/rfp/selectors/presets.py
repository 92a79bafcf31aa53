"""What each preset asks of a tender: one table, preset → requirement → check → sentence."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core import clock
from apps.core.templatetags.formats import long_date
from apps.rfp.models import Rfp
from apps.rfp.selectors.awarding import disclosures
from apps.rfp.selectors.informing import essential_has_none
from apps.rfp.selectors.lots import lots_of
from apps.rfp.selectors.periods import (
    REQUEST,
    TENDER,
    asking_of,
    days_between,
    earliest,
    last_day,
    periods_of,
)
from apps.rfp.selectors.price_rule import AS_BID, price_rule
from apps.rfp.selectors.reading import round_of
from apps.rfp.selectors.weights import counts
from apps.rfp.states import Preset, Procedure
from apps.rfp.types import Blocker, Chapter
from apps.workspace.selectors import panel_meetings, panel_of
from apps.workspace.states import WHY_APART, Pair, Role, pair

SCORED, KNOCKOUTS, PEOPLE = 30, 6, 3
BUILDER, TERMS, PUBLISH, STRICT = "rfp:builder", "rfp:terms", "rfp:publish", "rfp:preset"
REVIEW = "rfp:review"
ORDER: Final = (Preset.ESSENTIAL, Preset.ASSURED, Preset.PUBLIC)
WORDS: Mapping[str, Promise] = MappingProxyType(
    {
        Preset.ESSENTIAL: gettext_lazy(
            "For a first private tender: at most 30 scored questions and 6 knock-outs, three people"
            " on the panel, one pricing model that decides. Two people open the bids; a spare key is"
            " kept offline."
        ),
        Preset.ASSURED: gettext_lazy("Every question and every method, for you to choose from."),
        Preset.PUBLIC: gettext_lazy(
            "For contracting authorities: a procedure, its minimum periods and the standstill, each"
            " checked against the deadline before you publish."
        ),
    }
)


_ALWAYS: Final = (pair(Role.LEAD, Role.APPROVER), pair(Role.EVALUATOR, Role.APPROVER))
_ASSURED: Final = (
    *_ALWAYS,
    pair(Role.LEAD, Role.OPENER),
    pair(Role.MODERATOR, Role.APPROVER),
    *(one for one in WHY_APART if Role.AUDITOR in one),
)
# Which roles must not meet in one person. Three people cannot keep all of them apart.
APART: Mapping[str, tuple[Pair, ...]] = MappingProxyType(
    {Preset.ESSENTIAL: _ALWAYS, Preset.ASSURED: _ASSURED, Preset.PUBLIC: tuple(WHY_APART)}
)


@dataclass(frozen=True)
class Requirement:
    """One thing a preset asks: `check` returns a sentence for each breach, and none when it is met."""

    code: str
    url_name: str
    check: Callable[[Rfp, tuple[Chapter, ...]], Iterator[str]]
    query: str = ""


def _scored(rfp: Rfp, chapters: tuple[Chapter, ...]) -> Iterator[str]:
    held = sum(counts(rfp, one) for chapter in chapters for one in chapter.scored)
    if held > SCORED:
        yield ngettext(
            "Essential scores at most {most} questions; yours scores {held}. Take {over} out, or"
            " move up to Assured.",
            "Essential scores at most {most} questions; yours scores {held}. Take {over} out, or"
            " move up to Assured.",
            held,
        ).format(most=SCORED, held=held, over=held - SCORED)


def _knockouts(_rfp: Rfp, chapters: tuple[Chapter, ...]) -> Iterator[str]:
    held = sum(bool(one.knockout) for chapter in chapters for one in chapter.questions)
    if held > KNOCKOUTS:
        yield _(
            "Essential has at most {most} knock-outs; yours has {held}. Keep those that really"
            " exclude a vendor, or move up to Assured."
        ).format(most=KNOCKOUTS, held=held)


def _people(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    held = len({member.user_id for member in panel_of(rfp.procurement)})
    if held < PEOPLE:
        yield ngettext(
            "Essential asks for three people on the panel; yours has {held}. Appoint the others.",
            "Essential asks for three people on the panel; yours has {held}. Appoint the others.",
            held,
        ).format(held=held)


def _apart(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    for one in panel_meetings(rfp.procurement):
        if one.open:
            yield _("{met} Dismiss one of the two, or say on the panel page why.").format(
                met=one.sentence
            )


def _one_model(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    rule = price_rule(rfp)
    if rule is not None and rule.model == AS_BID:
        yield _(
            "Essential prices every bid by one model. Choose the model that decides; vendors may"
            " describe another one beside it."
        )


def _weighted_sum(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    if rfp.scoring_method != "weighted-sum":
        yield _(
            "Essential adds weighted scores up. Choose the weighted sum, or move up to Assured."
        )


def _no_lots(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    if lots_of(rfp):
        yield _("Essential buys one whole. Take the lots out, or move up to Assured.")


def _procedure(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    if not rfp.procedure:
        yield _("Choose the procedure: open, restricted or negotiated.")
    elif rfp.procedure == Procedure.OPEN and not rfp.asks_price:
        yield _(
            "In the open procedure everybody may tender, so nobody is shortlisted. Choose the"
            " restricted or the negotiated one, or go straight to the tender."
        )


def _deadline(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    held = round_of(rfp)
    # A request for information is where vendors ask to take part.
    name = TENDER if rfp.asks_price else REQUEST
    tender = next((one for one in periods_of(rfp) if one.name == name), None)
    if held is None or tender is None:
        return
    now = clock.database_now()
    first = earliest(now, tender.days, held.zone)
    if held.closes_at.astimezone(ZoneInfo(held.zone)).date() < first:
        yield _(
            "{procedure}: at least {days} days between publication and deadline; yours is {held}."
            " Earliest deadline {first}."
        ).format(
            procedure=Procedure(rfp.procedure).label,
            days=tender.days,
            held=days_between(now, held),
            first=long_date(first),
        )


def _asked_in_time(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    """Check the time to ask to take part, which lies before the RFP goes to those admitted."""
    period = next((one for one in periods_of(rfp) if one.name == REQUEST), None)
    if period is None or not rfp.asks_price:
        return
    label, asking = Procedure(rfp.procedure).label, asking_of(rfp)
    if asking is None:
        yield _(
            "{procedure}: vendors first ask to take part. Say when the notice was sent, and until"
            " when they could ask."
        ).format(procedure=label)
        return
    first = last_day(asking.notice_on, period.days)
    if asking.until < first:
        yield _(
            "{procedure}: at least {days} days to ask to take part; yours are {held}, from {notice}"
            " to {until}. Earliest last day {first}."
        ).format(
            procedure=label,
            days=period.days,
            held=asking.days,
            notice=long_date(asking.notice_on),
            until=long_date(asking.until),
            first=long_date(first),
        )
    held = round_of(rfp)
    zone = ZoneInfo(held.zone if held else "UTC")
    if clock.database_now().astimezone(zone).date() <= asking.until:
        yield _(
            "{procedure}: vendors may ask to take part until {until}. Publish after that day."
        ).format(procedure=label, until=long_date(asking.until))


def _below_minimum(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    for one in periods_of(rfp):
        if one.days < one.minimum and not one.reason:
            yield _("{label}: {days} is less than {minimum} ({source}). Give the reason.").format(
                label=one.label, days=one.days, minimum=one.minimum, source=one.source
            )


def _reviewed(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    if not rfp.needs_review:
        yield _("A public tender is approved by a second person. Ask for the review again.")


def _no_information(rfp: Rfp, _chapters: tuple[Chapter, ...]) -> Iterator[str]:
    if not rfp.asks_price:
        yield essential_has_none()


ROLES: Final = Requirement("roles-apart", "workspace:panel", _apart, "#h-meet")
PRESETS: Mapping[str, tuple[Requirement, ...]] = MappingProxyType(
    {
        Preset.ESSENTIAL: (
            Requirement("essential-questions", BUILDER, _scored),
            Requirement("essential-knockouts", BUILDER, _knockouts),
            Requirement("essential-panel", "workspace:panel", _people),
            Requirement("essential-model", TERMS, _one_model),
            Requirement("essential-method", TERMS, _weighted_sum),
            Requirement("essential-lots", "rfp:lots", _no_lots),
            Requirement("essential-information", STRICT, _no_information),
        ),
        Preset.ASSURED: (),
        Preset.PUBLIC: (
            Requirement("public-procedure", STRICT, _procedure),
            Requirement("public-reason", STRICT, _below_minimum),
            Requirement("public-request", STRICT, _asked_in_time),
            Requirement("public-deadline", PUBLISH, _deadline, "#deadline"),
            Requirement("public-review", REVIEW, _reviewed),
        ),
    }
)


def breaches(
    rfp: Rfp, chapters: tuple[Chapter, ...], preset: str | None = None
) -> Iterator[Blocker]:
    """Yield what the RFP misses of its preset, or of another one that it might take."""
    asked = PRESETS[preset] if preset else (*PRESETS[rfp.preset], ROLES)
    for one in asked:
        for sentence in one.check(rfp, chapters):
            yield Blocker(one.code, sentence, one.url_name, one.query)


def is_lower(wanted: str, held: str) -> bool:
    """Whether a preset asks for less than another one."""
    return ORDER.index(Preset(wanted)) < ORDER.index(Preset(held))


def published_properties(rfp: Rfp) -> dict[str, Any]:
    """Return what a preset publishes: the procedure with its periods, what vendors learn of others."""
    found: dict[str, Any] = {"preset": rfp.preset, **disclosures(rfp)}
    if rfp.preset == Preset.PUBLIC:
        found["procedure"] = rfp.procedure
        found["periods"] = {
            one.name: {"days": one.days, "source": one.source, "reason": one.reason}
            for one in periods_of(rfp)
        }
        if rfp.procedure != Procedure.OPEN and (asking := asking_of(rfp)):
            found["periods"][REQUEST] |= {
                "notice_on": asking.notice_on.isoformat(),
                "until": asking.until.isoformat(),
            }
    return found


def promises(rfp: Rfp) -> tuple[str, ...]:
    """Say what a preset publishes, as vendors read it; nothing where it adds nothing."""
    if rfp.preset != Preset.PUBLIC or not rfp.procedure:
        return ()
    periods = (
        _("{label}: {days} ({source}).").format(label=one.label, days=one.days, source=one.source)
        if not one.own
        else _("{label}: {days}. {reason}").format(
            label=one.label, days=one.days, reason=one.reason
        )
        for one in periods_of(rfp)
    )
    return (f"{Procedure(rfp.procedure).label}.", *periods)
