"""From draft to published: checked as a whole, approved by a second person, frozen."""

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.workflow import move, require
from apps.rfp.models import Rfp
from apps.rfp.selectors.completeness import completeness
from apps.rfp.selectors.findings import findings
from apps.rfp.selectors.freezing import freeze
from apps.rfp.selectors.price_rule import price_rule
from apps.rfp.selectors.reading import questionnaire, round_of
from apps.rfp.selectors.reviewing import review_blockers, standing_approval
from apps.rfp.selectors.sealing import key_blockers
from apps.rfp.services.drafting import lock, open_draft, record, refuse, text_of
from apps.rfp.services.rehearsing import ask_rehearsal
from apps.rfp.services.sealing import make_locks
from apps.rfp.services.telling import panel, tell, vendors
from apps.rfp.states import RFP, RfpState
from apps.workspace.models import User
from apps.workspace.states import PROCUREMENT

REASON = 500


@transaction.atomic
def accept_finding(*, rfp: Rfp, code: str, reason: str, actor: User) -> None:
    """Accept a warning of the linter with a reason; an error can only be mended."""
    open_draft(rfp, actor)
    why = text_of(reason, "reason", REASON, needed=_("Give the reason in a sentence."))
    found = {finding.code: finding for finding in findings(rfp, questionnaire(rfp))}
    if code not in found:
        raise WrongState(_("This finding does not stand any more. Nothing needs accepting."))
    if found[code].severity == "error":
        raise refuse("reason", _("This has to be mended; it cannot be accepted."))
    rfp.accepted_findings = {**rfp.accepted_findings, code: why}
    rfp.save(update_fields=["accepted_findings"])
    record(rfp, "accept_finding", actor, finding=code, reason=why)


@transaction.atomic
def publish(*, rfp: Rfp, actor: User) -> Rfp:
    """Check everything, freeze it under a digest, and put the procurement out to tender.

    Raises Incomplete with a sentence per blocker; nothing is published in part.
    """
    authorise(actor, "rfp.publish", rfp)
    lock(rfp)
    require(rfp, RFP, "publish")
    blockers = completeness(rfp)
    if blockers:
        raise Incomplete(
            _("This RFP cannot be published yet: {first}").format(first=blockers[0].sentence),
            fields={f"{at}-{one.code}": one.sentence for at, one in enumerate(blockers, start=1)},
        )
    if waiting := review_blockers(rfp):
        raise refuse("review", waiting[0].sentence)
    if waiting := key_blockers(rfp):
        raise refuse("keys", waiting[0].sentence)
    approval = standing_approval(rfp)
    rule = price_rule(rfp)
    rfp.price_of_record = rule.content() if rule else {}
    keys = make_locks(rfp)
    rfp.frozen, rfp.digest = freeze(rfp)
    rfp.published_at = clock.database_now()
    rfp.save(update_fields=["price_of_record", "frozen", "digest", "published_at"])
    payload = {
        "digest": rfp.digest,
        "closes_at": rfp.round.closes_at.isoformat(),
        "accepted": dict(rfp.accepted_findings),
        "keys": keys,
        "approved_by": str(approval.decided_by_id) if approval else None,
    }
    move(rfp, RFP, "publish", actor=actor, payload=payload)
    move(rfp.procurement, PROCUREMENT, "tender", actor=actor)
    tell(rfp, "rfp_published", f"published:{rfp.pk}", actor, panel(rfp))
    ask_rehearsal(rfp, actor)
    return rfp


@transaction.atomic
def close(*, rfp: Rfp, actor: User) -> None:
    """Close a published RFP, once the deadline and its grace are over."""
    authorise(actor, "rfp.close", rfp)
    lock(rfp)
    require(rfp, RFP, "close")
    if clock.database_now() < rfp.round.closes_at + rfp.round.grace:
        raise WrongState(_("Bids may still arrive. The RFP closes after its deadline."))
    move(rfp, RFP, "close", actor=actor)


@transaction.atomic
def cancel(*, rfp: Rfp, reason: str, actor: User) -> None:
    """Give up a draft or a published RFP, with a reason; not once bids have been opened."""
    authorise(actor, "rfp.publish", rfp)
    lock(rfp)
    require(rfp, RFP, "cancel")
    held = round_of(rfp)
    if held is not None and held.opened_at is not None:
        raise WrongState(str(RFP.sentences["cancel"]))
    why = text_of(reason, "reason", REASON, needed=_("Say why the RFP is cancelled."))
    published = rfp.state == RfpState.PUBLISHED
    details = {"cancelled_because": why}
    move(rfp, RFP, "cancel", actor=actor, payload={"reason": why}, also=details)
    if not published:
        return
    event = f"cancelled:{rfp.pk}"
    tell(rfp, "rfp_cancelled", event, actor, panel(rfp), why=why)
    tell(rfp, "rfp_cancelled", event, actor, vendors(rfp), why=why, vendor=True)
