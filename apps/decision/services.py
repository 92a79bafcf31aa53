"""State a fact, propose with frozen evidence, approve by a second person."""

from decimal import Decimal, InvalidOperation

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.core import audit, clock
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, WrongState
from apps.core.workflow import move
from apps.decision import selectors
from apps.decision.models import Decision, Statement
from apps.decision.states import DECISION, DecisionState
from apps.engine.decision.facts import FACTS, Fact, Kind, Origin
from apps.workspace.models import Procurement, User
from apps.workspace.states import PROCUREMENT, Phase

LONGEST = 8000


def _value(fact: Fact, raw: str) -> str:
    """Return a statement's value as it is kept: yes or no, an option, or a number."""
    text = raw.strip()
    if fact.kind is Kind.FLAG and text in {"yes", "no"}:
        return text
    if fact.kind is Kind.CHOICE and text in fact.options:
        return text
    if fact.kind is Kind.NUMBER:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        low, high = fact.minimum, fact.maximum
        inside = (low is None or number >= low) and (high is None or number <= high)
        if number.is_finite() and inside:
            return text
    sentence = _("Choose one of the answers to this question.")
    raise Incomplete(sentence, fields={"value": sentence})


@transaction.atomic
def state(
    *, procurement: Procurement, fact: str, value: str, evidence: str, actor: User
) -> Statement:
    """Record what a person states about a fact of the tree, with what shows it."""
    authorise(actor, "decision.state", procurement)
    if fact not in FACTS or FACTS[fact].origin is not Origin.STATEMENT:
        raise Incomplete(_("The tree asks people for no such fact."))
    if procurement.phase in {Phase.DECIDED, Phase.CLOSED}:
        raise WrongState(_("This procurement is decided; its evidence is frozen."))
    kept = _value(FACTS[fact], value)
    if not evidence.strip():
        sentence = _("Say what shows it: a document, a figure, a resolution.")
        raise Incomplete(sentence, fields={"evidence": sentence})
    rows = Statement.objects.filter(procurement=procurement, fact=fact)
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            saved = Statement.objects.create(
                organisation_id=procurement.organisation_id,
                procurement=procurement,
                fact=fact,
                number=number,
                value=kept,
                evidence=evidence.strip()[:LONGEST],
                stated_by=actor,
            )
    except IntegrityError:
        raise Conflict(_("Somebody stated this just now. Reload the page.")) from None
    audit.record(
        action="decision.state",
        actor=actor,
        subject=saved,
        procurement_id=procurement.pk,
        payload={"fact": fact, "value": kept, "evidence": saved.evidence},
    )
    return saved


@transaction.atomic
def propose(*, procurement: Procurement, outcome: str, rationale: str, actor: User) -> Decision:
    """Freeze the walk and propose its outcome, or another one with the reason in the rationale."""
    authorise(actor, "decision.propose", procurement)
    if procurement.phase != Phase.COMMERCIAL:
        raise WrongState(str(PROCUREMENT.sentences["decide"]))
    record = selectors.walk_for(actor, procurement)
    recommended = record.to_plain()["result"]["recommendation"]
    if recommended is None:
        raise WrongState(_("The tree stops at a fact that is not shown yet. Show it first."))
    wrong: dict[str, str] = {}
    if outcome not in dict(selectors.outcomes()):
        wrong["outcome"] = _("Choose one of the outcomes.")
    if not rationale.strip():
        wrong["rationale"] = _("Give the reason for the decision; it is printed on the report.")
    if wrong:
        raise Incomplete(_("The proposal is not complete."), fields=wrong)
    before = selectors.latest_decision(actor, procurement)
    if before is not None and before.state == DecisionState.PROPOSED:
        raise WrongState(str(DECISION.sentences["propose"]))
    decision = Decision.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        number=before.number + 1 if before else 1,
        tree=str(selectors.tree_of()["slug"]),
        tree_version=str(selectors.tree_of()["version"]),
        record=record.to_bytes().decode(),
        digest=record.digest,
        recommendation=recommended,
        outcome=outcome,
        rationale=rationale.strip()[:LONGEST],
        proposed_by=actor,
        supersedes=before,
    )
    move(
        decision,
        DECISION,
        "propose",
        actor=actor,
        payload={
            "digest": record.digest,
            "outcome": outcome,
            "overridden": outcome != recommended,
        },
    )
    return decision


@transaction.atomic
def send_back(*, decision: Decision, reason: str, actor: User) -> None:
    """Send a proposal back to its proposer, with a reason."""
    authorise(actor, "decision.approve", decision)
    if not reason.strip():
        sentence = _("Say what has to change before you approve.")
        raise Incomplete(sentence, fields={"reason": sentence})
    move(decision, DECISION, "send back", actor=actor, payload={"reason": reason.strip()})


@transaction.atomic
def approve(*, decision: Decision, actor: User) -> None:
    """Approve a proposal; the procurement is decided. The proposer cannot be the approver."""
    authorise(actor, "decision.approve", decision)
    move(
        decision,
        DECISION,
        "approve",
        actor=actor,
        payload={"digest": decision.digest},
        also={"approved_by": actor, "approved_at": clock.now()},
    )
    move(decision.procurement, PROCUREMENT, "decide", actor=actor)
