"""State a fact, propose with frozen evidence, approve by a second person."""

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.services import offering
from apps.core import audit, clock
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, NotAllowed, WrongState
from apps.core.workflow import move
from apps.decision import selectors
from apps.decision.models import Decision, Statement
from apps.decision.services import awarding
from apps.decision.services.awarding import Terms
from apps.decision.states import DECISION, DecisionState
from apps.engine import cases
from apps.engine.decision.facts import Fact, Kind
from apps.engine.decision.nodes import NOT_SHOWN
from apps.engine.errors import InvalidInput
from apps.engine.reading import Reader
from apps.matrix import selectors as matrix
from apps.rfp.models import Lot
from apps.rfp.selectors import is_decided, lots_in, require_lot
from apps.rfp.services import settling
from apps.workspace.models import Procurement, User
from apps.workspace.states import PROCUREMENT, Phase

LONGEST = 8000
YES_NO = frozenset({"yes", "no"})


def _refuse(field: str, sentence: str) -> Incomplete:
    return Incomplete(sentence, fields={field: sentence})


def _text(raw: str, field: str, empty: str) -> str:
    """Return a text that has to be given; what is too long is refused, never cut."""
    text = raw.strip()
    if not text:
        raise _refuse(field, empty)
    if len(text) > LONGEST:
        raise _refuse(field, _("Shorten this to {limit} characters.").format(limit=LONGEST))
    return text


def _value(fact: Fact, raw: str) -> str:
    """Return a statement's value as it is kept: yes or no, an option, or a number in its bounds."""
    text = raw.strip()
    if fact.kind is Kind.FLAG:
        if text not in YES_NO:
            raise _refuse("value", _("Choose yes or no."))
        return text
    try:
        fact.read(Reader(text, "value"))
    except InvalidInput as error:
        raise _refuse("value", error.sentence) from None
    return text


@transaction.atomic
def state(
    *,
    procurement: Procurement,
    fact: str,
    value: str,
    evidence: str,
    actor: User,
    lot: Lot | None = None,
) -> Statement:
    """Record what a person states about a fact of the tree, of a lot its own, with what shows it."""
    authorise(actor, "decision.state", procurement)
    asked = {one.slug: one for one in selectors.stated_facts()}
    if fact not in asked:
        raise _refuse("fact", _("The trees ask people for no such fact."))
    require_lot(procurement, lot)
    if procurement.phase in {Phase.DECIDED, Phase.CLOSED} or is_decided(lot):
        raise WrongState(_("This procurement is decided; its evidence is frozen."))
    kept = _value(asked[fact], value)
    shown = _text(evidence, "evidence", _("Say what shows it: a document, a figure, a resolution."))
    rows = Statement.objects.filter(procurement=procurement, lot=lot, fact=fact)
    try:
        with transaction.atomic():
            saved = Statement.objects.create(
                organisation_id=procurement.organisation_id,
                procurement=procurement,
                lot=lot,
                fact=fact,
                number=(rows.aggregate(last=Max("number"))["last"] or 0) + 1,
                value=kept,
                evidence=shown,
                stated_by=actor,
            )
    except IntegrityError:
        raise Conflict(_("Somebody stated this just now. Reload the page.")) from None
    audit.record(
        action="decision.state",
        actor=actor,
        subject=saved,
        procurement_id=procurement.pk,
        payload={"fact": fact, "value": kept, "evidence": saved.evidence, **_of_lot(lot)},
    )
    return saved


def _of_lot(lot: Lot | None) -> dict[str, str]:
    return {"lot": lot.code} if lot else {}


@transaction.atomic
def propose(
    *,
    procurement: Procurement,
    outcome: str,
    rationale: str,
    actor: User,
    lot: Lot | None = None,
    terms: Terms | None = None,
) -> Decision:
    """Freeze the walk and propose its outcome, or another one with the reason in the rationale.

    With it the award is frozen: who wins by the ranking, who stands behind, on which `terms`, and
    what every vendor will be told of its own bid.
    """
    authorise(actor, "decision.propose", procurement)
    held = Procurement.objects.select_for_update(of=("self",)).get(pk=procurement.pk)
    if held.phase != Phase.COMMERCIAL:
        raise WrongState(str(PROCUREMENT.sentences["decide"]))
    require_lot(held, lot)
    if is_decided(lot):
        raise WrongState(_("This lot is decided. Its decision stands."))
    offering.require_final_prices(procurement, lot)
    matrix.require_standing(held)
    before = selectors.latest_decision(actor, procurement, lot)
    if before is not None and before.state == DecisionState.PROPOSED:
        raise WrongState(str(DECISION.sentences["propose"]))
    record = selectors.walk_for(actor, procurement, lot=lot)
    recommended = str(record.to_plain()["result"]["recommendation"])
    if recommended == NOT_SHOWN:
        raise WrongState(_("The tree stops at a fact that is not shown yet. Show it first."))
    if outcome not in dict(selectors.outcomes()):
        raise _refuse("outcome", _("Choose one of the outcomes."))
    reason = _text(
        rationale, "rationale", _("Give the reason for the decision; it is printed on the report.")
    )
    tree = selectors.tree_of()
    decision = Decision.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        lot=lot,
        number=before.number + 1 if before else 1,
        tree=str(tree["slug"]),
        tree_version=str(tree["version"]),
        record=record.to_bytes().decode(),
        digest=record.digest,
        recommendation=recommended,
        outcome=outcome,
        rationale=reason,
        proposed_by=actor,
        supersedes=before,
    )
    overridden = outcome != recommended
    payload = {
        "digest": record.digest,
        "outcome": outcome,
        "overridden": overridden,
        **_of_lot(lot),
    }
    award = awarding.freeze(decision=decision, terms=terms or Terms(), actor=actor)
    payload["award"] = award.digest
    move(decision, DECISION, "propose", actor=actor, payload=payload)
    return decision


def _judge(decision: Decision, actor: User) -> None:
    """Refuse who may not judge this proposal: above all the person who made it."""
    authorise(actor, "decision.judge", decision)
    if decision.proposed_by_id == actor.pk:
        raise NotAllowed(_("You proposed this decision yourself. Another approver judges it."))
    authorise(actor, "decision.approve", decision)


@transaction.atomic
def send_back(*, decision: Decision, reason: str, actor: User) -> None:
    """Send a proposal back to its proposer, with a reason."""
    _judge(decision, actor)
    why = _text(reason, "reason", _("Say what has to change before you approve."))
    move(
        decision,
        DECISION,
        "send back",
        actor=actor,
        payload={"reason": why},
        also={"sent_back_reason": why, "sent_back_by": actor, "sent_back_at": clock.now()},
    )


@transaction.atomic
def approve(*, decision: Decision, actor: User) -> None:
    """Approve a proposal; the procurement is decided, and every vendor is told its own result.

    The proposer cannot be the approver.

    Of a lot: the lot is decided, and the procurement with the last lot that somebody bid for.

    What changed after the proposal would not be in the record: it is sent back instead.
    """
    _judge(decision, actor)
    if decision.state == DecisionState.PROPOSED:
        # Held until the end: scores are re-opened before the approval, or not at all.
        Procurement.objects.select_for_update(of=("self",)).get(pk=decision.procurement_id)
        offering.require_final_prices(decision.procurement, decision.lot)
        matrix.require_standing(decision.procurement, since=decision.created_at)
        now = selectors.walk_for(actor, decision.procurement, lot=decision.lot)
        same = selectors.same_walk(cases.Record.from_bytes(decision.record.encode()), now)
        if not same or not awarding.stands(decision, actor):
            raise WrongState(
                _("The evidence changed after the proposal. Send it back to be proposed again.")
            )
    move(
        decision,
        DECISION,
        "approve",
        actor=actor,
        payload={
            "digest": decision.digest,
            "award": decision.award.digest,
            **_of_lot(decision.lot),
        },
        also={"approved_by": actor, "approved_at": clock.now()},
    )
    awarding.tell(decision=decision, actor=actor)
    if decision.lot is not None:
        settling.settle(lot=decision.lot, actor=actor)
    if not _undecided(decision.procurement):
        move(decision.procurement, PROCUREMENT, "decide", actor=actor)


def _undecided(procurement: Procurement) -> bool:
    """Whether a lot is left that a bid covers and nobody has decided; never without lots."""
    open_lots = [lot for lot in lots_in(procurement) if not is_decided(lot)]
    if not open_lots:
        return False
    covered = bids.covering(procurement.rfp).values()
    return any(lot.code in codes for lot in open_lots for codes in covered)
