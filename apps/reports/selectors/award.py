"""The award as reports print it: who wins, who stands behind, on what conditions, what was ruled.

Every word comes from the award that was frozen with its proposal, but for the wording of the rows
that were ruled on: that is read from the opened bids, and left out where it is confidential.
"""

import uuid
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.bids.selectors.assumptions import reservations_visible_to, withheld
from apps.bids.states import Verdict
from apps.bids.types.assumptions import Row
from apps.core.templatetags.formats import long_date
from apps.decision.models import Award, Decision
from apps.decision.selectors.awarding import award_of, content_of, standstill_until
from apps.decision.states import DecisionState
from apps.matrix.models import Ranking
from apps.reports.selectors.paper import DASH, Payload, Plain, money
from apps.reports.selectors.ranking import Ranked
from apps.workspace.models import User


def approved_on(ranking: Ranking) -> Decision | None:
    """Return the approved decision whose award rests on this ranking, if there is one."""
    held = Decision.objects.filter(
        procurement_id=ranking.procurement_id,
        lot=ranking.lot,
        state=DecisionState.APPROVED,
    ).select_related("procurement__rfp__round")
    for decision in held.order_by("-number"):
        award = award_of(decision.pk)
        if award is not None and content_of(award)["ranking"] == ranking.digest:
            return decision
    return None


def block(user: User, decision: Decision | None, ranked: Ranked) -> Payload | None:
    """Return the award in words; None for a decision that carries none."""
    award = award_of(decision.pk) if decision else None
    if decision is None or award is None:
        return None
    held = content_of(award)
    taken = decision.state == DecisionState.APPROVED
    return {
        "title": _("Award") if taken else _("Award asked for"),
        "rows": [
            {"label": label, "value": value}
            for label, value in _rows(decision, award, held, ranked)
            if value
        ],
        "rulings": list(_rulings(user, decision, held, ranked)),
        "digest": award.digest,
        "decision": held["decision"],
        "ranking": held["ranking"],
        "winner": held["winner"],
    }


def _rows(
    decision: Decision, award: Award, held: Plain, ranked: Ranked
) -> Iterator[tuple[str, str]]:
    names = {row["id"]: row["name"] for row in ranked.result["vendors"]}
    if held["winner"] is None:
        yield _("Winner"), _("None: the tender ends without an award.")
        return
    yield _("Winner"), names.get(held["winner"], DASH)
    yield _("Why not the first"), _passed_over(held, ranked)
    yield _("Back-up"), names.get(held["backup"] or "", _("None"))
    yield _("Conditions"), held["conditions"] or _("None")
    yield _("Standstill"), _standstill(decision, award)


def _passed_over(held: Plain, ranked: Ranked) -> str:
    """Say why the winner is not first in the ranking; empty where it is."""
    if held["winner"] in {row["id"] for row in ranked.winners}:
        return ""
    return _("{name} has won as many lots as the RFP allows one vendor.").format(
        name=_(" and ").join(row["name"] for row in ranked.winners)
    )


def _standstill(decision: Decision, award: Award) -> str:
    if not award.standstill_days:
        return _("None is published")
    if decision.state == DecisionState.APPROVED:
        until = standstill_until(decision, award)
        return _("Until the end of {day}").format(day=long_date(until))
    return ngettext(
        "{n} day from the notices on", "{n} days from the notices on", award.standstill_days
    ).format(n=award.standstill_days)


def _rulings(
    user: User, decision: Decision, held: Plain, ranked: Ranked
) -> Iterator[dict[str, Any]]:
    """Yield the verdicts of the award, bid after bid in the order of the ranking."""
    ruled = held["assumptions"]
    if not any(ruled.values()):
        return
    rfp = decision.procurement.rfp
    opened = reservations_visible_to(user, rfp)
    for row in ranked.placed:
        subject = opened.get(uuid.UUID(row["id"]))
        rows = dict(subject.numbered) if subject else {}
        for one in ruled.get(row["id"], ()):
            yield _ruling(row, one, rows.get(one["number"]), decision.procurement.currency, ranked)


def _ruling(
    vendor: Plain, one: Plain, row: Row | None, currency: str, ranked: Ranked
) -> dict[str, Any]:
    verdict = str(Verdict(one["verdict"]).label)
    if one["amount"] is not None:
        verdict = f"{verdict}: {money(one['amount'], currency)}"
    secret = row is None or bool(row.confidential)
    return {
        "vendor": ranked.shown(vendor),
        "number": str(one["number"]),
        "wording": withheld() if secret or row is None else f"{row.place}: {row.wording}",
        "verdict": verdict,
        # A reason may quote what it is about.
        "reason": "" if secret else one["reason"],
    }
