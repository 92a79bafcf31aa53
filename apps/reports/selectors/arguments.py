"""What speaks for the bid that is first, and what against it: each with its figure."""

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.templatetags.formats import percentage
from apps.reports.selectors import intervals, ranking
from apps.reports.selectors.decision_case import Case
from apps.reports.selectors.paper import Plain, money, plain, points, weight, whole

MOST = 3
AHEAD = 2  # groups of criteria named

Entry = dict[str, str]


def for_the_first(case: Case) -> list[Entry]:
    """Name the groups in which the first wins most points over the second, and what it saves."""
    saving = case.saving(case.ranked.leader["id"])
    found = _ahead(case)
    if saving is not None and Decimal(saving["saving"]) > 0:
        found.append(
            _entry(
                _("{share} below today's cost").format(share=percentage(saving["saving_share"], 1)),
                _("{amount} less than the in-house team over the term, at the same volume.").format(
                    amount=money(saving["saving"], case.currency)
                ),
            )
        )
    return found or [_entry(_("The sole remaining bid"), _("No other bid is admitted."))]


def _ahead(case: Case) -> list[Entry]:
    if not case.others:
        return []
    first, second = case.ranked.leader, case.others[0]
    found = []
    for node in sorted(case.ranked.sections, key=lambda node: -_lead(first, second, node))[:AHEAD]:
        lead = _lead(first, second, node)
        if lead > 0:
            text = _("{score} of 100; {points} points of the total more than {name}.").format(
                score=whole(ranking.score_of(first, node)), points=points(lead), name=second["name"]
            )
            found.append(_entry(node["name"], text))
    return found


def _lead(first: Plain, second: Plain, node: Plain) -> Decimal:
    return ranking.points_of(first, node) - ranking.points_of(second, node)


def against_the_first(case: Case) -> list[Entry]:
    """Name a cheaper bid, the weight that flips the result, and the weakest group."""
    found = [*_cheaper(case), *_sensitive(case), _weakest(case)]
    return found[:MOST]


def _cheaper(case: Case) -> list[Entry]:
    bids = [case.quotes[row["id"]] for row in case.ranked.placed]
    lowest = min(bids, key=lambda quote: Decimal(quote["present_value"]))
    if lowest["id"] == case.first["id"]:
        return []
    more = Decimal(case.first["present_value"]) - Decimal(lowest["present_value"])
    title = _("{amount} above the lowest price").format(amount=money(more, case.currency))
    return [_entry(title, _lowest(lowest))]


def _lowest(quote: Plain) -> str:
    needed = quote["realism"]["agents_needed"]
    paid = quote["realism"]["agents_paid_for"]
    if needed and paid and Decimal(paid) < Decimal(needed):
        return _(
            "{name} is cheapest, but its price pays for {paid} agents and its service level needs {needed}."
        ).format(name=quote["vendor"], paid=plain(paid), needed=plain(needed))
    return _("{name} is cheapest over the term, in present value.").format(name=quote["vendor"])


def _sensitive(case: Case) -> list[Entry]:
    found = intervals.flipping(case.ranked)
    if not found:
        return []
    nearest = found[0]
    text = _("{then}. Published weight: {weight}.").format(
        then=intervals.sentence(case.ranked, nearest), weight=weight(nearest.weight)
    )
    return [_entry(_("Turns on {name}").format(name=nearest.name), text)]


def _weakest(case: Case) -> Entry:
    first = case.ranked.leader
    node = min(case.ranked.sections, key=lambda node: ranking.score_of(first, node))
    return _entry(
        _("Weakest on {name}").format(name=node["name"]),
        _("{score} of 100.").format(score=whole(ranking.score_of(first, node))),
    )


def _entry(title: str, text: str) -> Entry:
    return {"title": title, "text": text}
