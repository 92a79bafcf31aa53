"""What each vendor is told of its own bid: frozen with the award, from the record alone.

A letter holds own figures, as far as no other bid can be computed from them, and the reasons the
panel recorded for this bid. A reason that names or compares another bid is left out.
"""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.selectors.rulings import RuledBid
from apps.bids.states import ResultOutcome, Verdict
from apps.decision.selectors.another_bid import names_another
from apps.decision.selectors.awarding import Candidates, Chosen, plain_rulings
from apps.matrix import selectors as matrix
from apps.matrix.models import Ranking
from apps.matrix.selectors import findings
from apps.matrix.selectors.frozen import PRICE, Bidder, Frozen
from apps.matrix.selectors.holding import held_in
from apps.matrix.selectors.rubric import anchors_of
from apps.rfp import answers
from apps.rfp.models import Lot, Question, Rfp
from apps.rfp.selectors.awarding import names_selected, published_content
from apps.rfp.states import EnvelopeKind, ScoringMode
from apps.workspace.models import User

ADDS_UP: Final = "weighted-sum"  # each bid's points come from its own scores alone
DROPS: Final = "exclude"  # a score that one bid lacks takes the criterion from all of them
Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Notice:
    """What one vendor is told, ready to freeze."""

    outcome: ResultOutcome
    because: str
    letter: Plain
    priced: Plain

    def content(self) -> dict[str, Any]:
        return {
            "outcome": str(self.outcome),
            "because": self.because,
            "letter": dict(self.letter),
            "price": dict(self.priced),
        }


@dataclass(frozen=True)
class Writing:
    """What all letters of one ranking share."""

    held: Frozen
    questions: Mapping[str, Question]
    reasons: Mapping[tuple[str, str], str]  # (bid, question code) → what the panel recorded
    names: Mapping[str, str]  # bid → vendor
    chosen: Chosen | None
    full: frozenset[str]
    ruled: Mapping[str, list[dict[str, Any]]]  # bid → the verdicts on what it is subject to
    tells_selected: bool

    @property
    def adds_up(self) -> bool:
        """Whether own points say nothing of another bid."""
        scoring, missing = self.held.method["scoring"]["slug"], self.held.method["missing"]
        return bool(scoring == ADDS_UP and missing != DROPS)


def notices_for(
    user: User,
    rfp: Rfp,
    lot: Lot | None,
    found: Candidates | None,
    chosen: Chosen | None,
    ruled: Collection[RuledBid] = (),
) -> dict[uuid.UUID, Notice]:
    """Return the notice of every opened bid, of a lot those that cover it.

    Without a ranking on the prices that stand there are no points to tell.
    """
    covers = bids.covering(rfp)
    told = {pk for pk, lots in covers.items() if lot is None or lot.code in lots}
    if found is None:
        empty = Notice(ResultOutcome.NO_AWARD, "", {}, {})
        return dict.fromkeys(told, empty)
    writing = _writing(user, rfp, found, chosen, ruled)
    held = found.ranking.bidders
    return {pk: _notice(writing, held[str(pk)]) for pk in told if str(pk) in held}


def _writing(
    user: User,
    rfp: Rfp,
    found: Candidates,
    chosen: Chosen | None,
    ruled: Collection[RuledBid],
) -> Writing:
    questions = {
        one.code: one for one in Question.objects.filter(rfp=rfp).select_related("section")
    }
    return Writing(
        held=found.ranking,
        questions=questions,
        reasons=_recorded(user, found.ranking.ranking),
        names={str(pk): name for pk, name in bids.vendor_names(user, rfp).items()},
        chosen=chosen,
        full=found.full,
        ruled=plain_rulings(ruled),
        tells_selected=chosen is not None and names_selected(published_content(rfp)),
    )


def _recorded(user: User, ranking: Ranking) -> dict[tuple[str, str], str]:
    """Return the reasons of the consensus that was ranked."""
    rows = matrix.consensus_visible_to(user, ranking.scoring_round).select_related("question")
    return {(str(row.bid_id), row.question.code): row.reason for row in rows}


def _notice(writing: Writing, bidder: Bidder) -> Notice:
    open_reasons, priced_reasons = _why_out(writing, bidder)
    return Notice(
        outcome=_outcome(writing, bidder),
        because=_because(writing, bidder, open_reasons, hidden=bool(priced_reasons)),
        letter=_letter(writing, bidder),
        priced=_priced(writing, bidder, priced_reasons),
    )


def _outcome(writing: Writing, bidder: Bidder) -> ResultOutcome:
    if not bidder.admitted:
        return ResultOutcome.EXCLUDED
    if writing.chosen is None:
        return ResultOutcome.NO_AWARD
    if bidder.id == writing.chosen.winner.id:
        return ResultOutcome.AWARDED
    if writing.chosen.backup is not None and bidder.id == writing.chosen.backup.id:
        return ResultOutcome.BACKUP
    return ResultOutcome.NOT_CHOSEN


def _why_out(writing: Writing, bidder: Bidder) -> tuple[list[str], list[str]]:
    """Return why a bid is not admitted: what all its people may read, and what tells of its price."""
    published = {
        code: answers.reason_of(one) for code, one in writing.questions.items() if one.knockout
    }
    shown: list[str] = []
    priced: list[str] = []
    for reason in bidder.row["reasons"]:
        asked = writing.questions.get(reason.get("knockout", ""))
        of_price = asked is not None and asked.section.envelope == EnvelopeKind.COMMERCIAL
        (priced if of_price else shown).append(findings.reason_out(writing.held, reason, published))
    return shown, priced


def _because(writing: Writing, bidder: Bidder, reasons: list[str], *, hidden: bool) -> str:
    """Say why in words about this bid alone."""
    if not bidder.admitted:
        said = _("A published condition of the price response was not met.")
        return " ".join([*reasons, *([said] if hidden else [])])
    if writing.chosen is None or bidder.id == writing.chosen.winner.id:
        return ""
    if bidder.id in writing.full:
        return _("You have won as many lots as the RFP allows one vendor.")
    if bidder.rank == writing.chosen.winner.rank:
        return _("Your bid tied for the first place, and a person decided.")
    return _("Another bid came first by the published rule.")


def _letter(writing: Writing, bidder: Bidder) -> dict[str, Any]:
    found: dict[str, Any] = {
        "criteria": [_criterion(writing, bidder, one) for one in writing.held.case["criteria"]]
    }
    if writing.adds_up:
        found["quality"] = bidder.quality
    if ruled := writing.ruled.get(bidder.id):
        found["assumptions"] = [
            {
                "number": one["number"],
                "verdict": str(Verdict(one["verdict"]).label),
                "reason": _told(writing, bidder, one["reason"]),
            }
            for one in ruled
        ]
    if selected := _selected(writing, bidder):
        found["selected"] = selected
    return found


def _criterion(writing: Writing, bidder: Bidder, criterion: Plain) -> dict[str, Any]:
    """Return one criterion: its weight, own score, the reason, and what the next level asks."""
    code = str(criterion["id"])
    question = writing.questions.get(code)
    score = writing.held.case["scores"].get(bidder.id, {}).get(code)
    found: dict[str, Any] = {
        "code": code,
        "topic": question.topic if question else writing.held.labels.get(code, code),
        "score": score,
        "highest": criterion["scale"][1],
        "reason": _reason(writing, bidder, question) if question else "",
        "next": _next_level(question, score) if question else "",
    }
    if writing.adds_up:
        found["weight"] = next(
            (
                node["percent_of_total"]
                for node in writing.held.result["weights"]["nodes"]
                if node["id"] == code
            ),
            None,
        )
        found["points"] = bidder.row["contributions"].get(code)
    return found


def _reason(writing: Writing, bidder: Bidder, question: Question) -> str:
    if question.mode == ScoringMode.AUTO:
        return _("Scored by the published rule.")
    told = _told(writing, bidder, writing.reasons.get((bidder.id, question.code), ""))
    hold = held_in(writing.held.ranking).get((bidder.id, question.code))
    return f"{told} {hold.sentence}".strip() if hold else told


def _told(writing: Writing, bidder: Bidder, reason: str) -> str:
    """Return a recorded reason, or that it is not told because it speaks of another bid."""
    if reason and names_another(reason, bidder, writing.names, writing.held.letters):
        return _("The recorded reason speaks of another bid and is not told. Ask the buyer.")
    return reason


def _next_level(question: Question, score: str | None) -> str:
    """Return what the published rubric asks one level above the score; empty at the top."""
    held = Decimal(score) if score is not None else question.scale_min - 1
    above = [one for one in anchors_of(question) if Decimal(one.score) > held and one.text]
    return f"{above[0].score}: {above[0].text}" if above else ""


def _selected(writing: Writing, bidder: Bidder) -> dict[str, Any]:
    """Return who was selected and where its tender earned more, if that was published and is due."""
    chosen = writing.chosen
    if not writing.tells_selected or chosen is None or bidder.id == chosen.winner.id:
        return {}
    found: dict[str, Any] = {"name": chosen.winner.name}
    if bidder.admitted and writing.adds_up:
        own, theirs = bidder.row["contributions"], chosen.winner.row["contributions"]
        found["stronger"] = [
            writing.held.label_of(code)
            for code, points in theirs.items()
            if code != PRICE and _more(points, own.get(code))
        ]
    return found


def _more(one: str | None, other: str | None) -> bool:
    return one is not None and Decimal(one) > Decimal(other or 0)


def _priced(writing: Writing, bidder: Bidder, reasons: list[str]) -> dict[str, Any]:
    """Return the part for readers of the price: own price, and points where they tell of no other.

    Under a formula that looks at the other prices, own points would give the lowest one away.
    """
    found: dict[str, Any] = {"because": " ".join(reasons)} if reasons else {}
    priced = [one for one in writing.ruled.get(bidder.id, ()) if one["amount"] is not None]
    if priced:
        found["assumptions"] = [{k: one[k] for k in ("number", "amount")} for one in priced]
    shown = writing.held.result["price"]
    if not shown or not shown["opened"] or not bidder.admitted:
        return found
    row = next((one for one in shown["vendors"] if one["id"] == bidder.id), None)
    if row is None or row["price"] is None:
        return found
    found |= {"price": row["price"], "currency": shown["currency"]}
    formula = writing.held.method["price_formula"]
    alone = formula and not formula["depends_on_others"]
    if alone and writing.adds_up and writing.held.in_points:
        found |= {"points": row["scored"], "total": bidder.total}
    return found
