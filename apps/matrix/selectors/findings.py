"""What a frozen ranking says, in sentences; each comes from typed facts of the record."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.core.charts import figures
from apps.core.templatetags.formats import current_locale, in_currency, number
from apps.matrix.selectors.frozen import PRICE, SECTION, Bidder, Frozen, Plain
from apps.matrix.selectors.holding import held_in

NEAR_NOTHING = Decimal("0.05")


@dataclass(frozen=True)
class Headline:
    """The finding: `key` is the part that is marked, `after` ends the sentence."""

    before: str
    key: str = ""
    after: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.before, self.key) if part) + self.after


@dataclass(frozen=True)
class Flip:
    """A weight at which another vendor takes the lead."""

    part: str
    weight: Decimal
    at: Decimal
    rival: Bidder
    above: bool

    @property
    def distance(self) -> Decimal:
        return abs(self.at - self.weight)


@dataclass(frozen=True)
class Shift:
    """The smallest shift of weight that lets a rival draw level, in percentage points."""

    moved: str
    taken_from: tuple[tuple[str, str], ...]
    to: str
    rival: Bidder
    tie_only: bool


def gap_text(frozen: Frozen, gap: str) -> str:
    """A distance between totals: points with one decimal, or money."""
    if not frozen.in_points:
        return in_currency(gap, frozen.result["basis"]["unit"])
    given = Decimal(gap)
    shown = number(given, 1 if given >= NEAR_NOTHING or given == 0 else 3)
    return ngettext("{count} point", "{count} points", 1 if given == 1 else 2).format(count=shown)


def first_share(frozen: Frozen, bidder: Bidder) -> str | None:
    """In what share of the sampled weightings a vendor is first, as it was frozen."""
    seen = frozen.result["smaa"]
    rows = seen["around_published"]["vendors"] if seen else ()
    return next((row["first"] for row in rows if row["id"] == bidder.id), None)


def headline(frozen: Frozen) -> Headline:
    winners, admitted = frozen.winners, frozen.admitted
    if not admitted:
        return Headline(_("No bid is admitted."))
    if len(admitted) == 1:
        return Headline(_("{name} is the only bid left.").format(name=admitted[0].name))
    if len(winners) > 1:
        names = _(" and ").join(bidder.name for bidder in winners)
        return Headline(_("{names} share first place.").format(names=names))
    gap = gap_text(frozen, frozen.result["margin"]["gap"])
    share = first_share(frozen, winners[0])
    if share is None:
        return Headline(_("{name} leads by {gap}.").format(name=winners[0].name, gap=gap))
    return Headline(
        before=_("{name} leads by {gap} and stays first in").format(name=winners[0].name, gap=gap),
        key=_("{share} of plausible weightings").format(
            share=figures.share(Decimal(share), locale=current_locale())
        ),
        after=".",
    )


def rival_beyond(frozen: Frozen, row: Plain, *, above: bool) -> str | None:
    """Return who leads beyond an end of an interval of weights; nobody beyond 0 or all of it.

    Vendors who are equal in a part draw level where it carries all the weight, and no further.
    """
    rival: str | None = row["wins_above" if above else "wins_below"]
    if rival is None:
        return None
    at = Decimal(row["high" if above else "low"])
    whole = Decimal(frozen.result["basis"].get("attainable", 100))
    return rival if (at < whole if above else at > 0) else None


def flips(frozen: Frozen) -> tuple[Flip, ...]:
    """Return where the lead changes along one weight, the nearest first."""
    held = frozen.result["weight_intervals"]
    found = []
    for row in held["nodes"] if held else ():
        if row["id"] != PRICE and not row["id"].startswith(SECTION):
            continue
        for end, above in (("low", False), ("high", True)):
            rival = rival_beyond(frozen, row, above=above)
            if rival is not None:
                flip = Flip(
                    part=frozen.labels[row["id"]],
                    weight=Decimal(row["weight"]),
                    at=Decimal(row[end]),
                    rival=frozen.bidders[rival],
                    above=above,
                )
                found.append(flip)
    return tuple(sorted(found, key=lambda flip: flip.distance))


def steady(frozen: Frozen) -> tuple[str, ...]:
    """Return the parts whose weight, whatever it is, does not change who leads."""
    moving = {flip.part for flip in flips(frozen)}
    return tuple(part.label for part in frozen.parts if part.label not in moving)


def shift(frozen: Frozen) -> Shift | None:
    """Return the smallest shift of weight that changes the award; None where there is none."""
    move = frozen.result["award_move"]
    if not move or not move["possible"]:
        return None
    return Shift(
        moved=move["moved"],
        taken_from=tuple(
            (frozen.labels[name], points)
            for name, points in sorted(move["from"].items(), key=lambda pair: -Decimal(pair[1]))
        ),
        to=frozen.labels[move["to"]],
        rival=frozen.bidders[move["rival"]],
        tie_only=move["tie_only"],
    )


def without_losers(frozen: Frozen) -> str:
    """Say whether a bid that does not win decided who does; empty while prices are sealed."""
    seen = frozen.result["leave_one_out"]
    if not seen or not seen["without"]:
        return ""
    changed = [frozen.bidders[name].name for name in seen["changed_by"]]
    if not changed:
        return _("Take out any one of the losing bids, and the result stays the same.")
    return _("The result would be another without: {names}.").format(names=", ".join(changed))


def idle(frozen: Frozen) -> tuple[str, ...]:
    """Return the criteria that decided nothing: every admitted bid got the same there."""
    rows = frozen.result["criteria_power"] or ()
    return tuple(
        frozen.labels[row["id"]] for row in rows if row["power"] == "0" and row["weight"] != "0"
    )


def excluded(frozen: Frozen) -> tuple[str, ...]:
    """Return the criteria that the published rule leaves out for everybody."""
    return tuple(
        frozen.labels[one["criterion"]]
        for one in frozen.content["warnings"]
        if one["code"] == "criterion-excluded"
    )


def filled(frozen: Frozen) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each vendor to whom criteria do not apply, with those criteria."""
    return tuple(
        (frozen.bidders[one["vendor"]].name, tuple(map(frozen.label_of, one["criteria"])))
        for one in frozen.content["warnings"]
        if one["code"] == "not-applicable-filled"
    )


def price_of_a_point(frozen: Frozen) -> str | None:
    """Money that one quality point is worth under the published rule, at this award."""
    seen = frozen.result["value_of_quality"]
    return seen["implied"] if seen else None


VERDICTS = {
    "reliable": gettext_lazy("The evaluators agree well enough to rely on."),
    "tentative": gettext_lazy("The evaluators agree enough for tentative conclusions."),
    "unreliable": gettext_lazy("The evaluators differ too much to rely on without the reasons."),
    "no-variation": gettext_lazy("All scores are equal; agreement cannot be told."),
}


def agreement(frozen: Frozen) -> tuple[str | None, str]:
    """Return Krippendorff's alpha of the individual scores, as frozen, and what it means."""
    seen = (frozen.result["panel"] or {}).get("agreement")
    alpha = seen["alpha"] if seen else None
    if not alpha:
        return None, _("Too few scores were given twice to tell how far evaluators agree.")
    return alpha["value"], str(VERDICTS[alpha["verdict"]])


REASONS = {
    "knockout-failed": gettext_lazy("Knock-out {code}: {reason}"),
    "knockout-unanswered": gettext_lazy("Knock-out {code} is not answered: {reason}"),
    "below-minimum": gettext_lazy("Below the minimum score of {minimum} in {criterion}."),
    "minimum-unanswered": gettext_lazy("No score in {criterion}, which has a minimum."),
    "below-threshold": gettext_lazy("Below the threshold of {at_least_percent}% in {node}."),
}


def reason_out(frozen: Frozen, reason: Plain, published: dict[str, str]) -> str:
    """Say why a bid is not admitted; `published` holds the reasons of knock-outs by code."""
    facts = {
        "code": reason.get("knockout", ""),
        "reason": published.get(reason.get("knockout", ""), ""),
        "minimum": reason.get("minimum", ""),
        "at_least_percent": reason.get("at_least_percent", ""),
        "criterion": frozen.labels.get(reason.get("criterion", ""), ""),
        "node": frozen.labels.get(reason.get("node", ""), ""),
    }
    return str(REASONS[reason["code"]]).format(**facts).rstrip(": ")


def held(found: Frozen) -> tuple[str, ...]:
    """Say which agreed scores count less for want of evidence, in a sentence each."""
    return tuple(
        _("{criterion}, {name}. {sentence}").format(
            criterion=found.label_of(code),
            name=found.bidders[bid].name,
            sentence=hold.sentence,
        )
        for (bid, code), hold in held_in(found.ranking).items()
        if bid in found.bidders
    )
