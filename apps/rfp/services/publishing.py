"""From draft to published: checked as a whole, frozen, then only the deadline moves."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from apps.core import clock, mail
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.workflow import move, require
from apps.rfp.models import Rfp, Round
from apps.rfp.selectors.completeness import completeness
from apps.rfp.selectors.findings import findings
from apps.rfp.selectors.price_rule import price_rule
from apps.rfp.selectors.reading import questionnaire, round_of
from apps.rfp.services import rounds
from apps.rfp.services.drafting import open_draft, record, refuse, text_of
from apps.rfp.services.freezing import freeze
from apps.rfp.states import RFP, RfpState
from apps.workspace.models import User
from apps.workspace.selectors import panel_of
from apps.workspace.states import PROCUREMENT

REASON = 500


def _locked(rfp: Rfp) -> Rfp:
    """Return the RFP as it stands now, locked until the transaction ends."""
    Rfp.objects.select_for_update(of=("self",)).get(pk=rfp.pk)
    rfp.refresh_from_db()
    return rfp


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
    _locked(rfp)
    require(rfp, RFP, "publish")
    blockers = completeness(rfp)
    if blockers:
        raise Incomplete(
            _("This RFP cannot be published yet: {first}").format(first=blockers[0].sentence),
            fields={f"{at}-{one.code}": one.sentence for at, one in enumerate(blockers, start=1)},
        )
    rule = price_rule(rfp)
    rfp.price_of_record = rule.content() if rule else {}
    rfp.frozen, rfp.digest = freeze(rfp)
    rfp.published_at = clock.database_now()
    rfp.save(update_fields=["price_of_record", "frozen", "digest", "published_at"])
    payload = {
        "digest": rfp.digest,
        "closes_at": rfp.round.closes_at.isoformat(),
        "accepted": dict(rfp.accepted_findings),
    }
    move(rfp, RFP, "publish", actor=actor, payload=payload)
    move(rfp.procurement, PROCUREMENT, "tender", actor=actor)
    _tell(rfp, "rfp_published", f"published:{rfp.pk}", actor, _panel(rfp))
    return rfp


@transaction.atomic
def extend(*, rfp: Rfp, closes_at: dt.datetime, reason: str, actor: User) -> Round:
    """Move the deadline to later for every vendor alike, and tell everybody why."""
    authorise(actor, "rfp.publish", rfp)
    _locked(rfp)
    held = round_of(rfp)
    if rfp.state != RfpState.PUBLISHED or held is None:
        raise WrongState(_("Only a published RFP is extended. In a draft, set the deadline."))
    why = text_of(reason, "reason", REASON, needed=_("Say why; every vendor will read it."))
    if closes_at.tzinfo is None:
        raise refuse("closes_at", _("Give the deadline with its time zone."))
    before = held.closes_at
    rounds.extend(held=held, closes_at=closes_at)
    held.refresh_from_db()
    later = held.closes_at.isoformat()
    details = {"from": before.isoformat(), "to": later, "reason": why}
    record(rfp, "extend", actor, **details)
    people = _panel(rfp) | _vendors(rfp)
    _tell(rfp, "rfp_extended", f"extended:{rfp.pk}:{later}", actor, people, before=before, why=why)
    return held


@transaction.atomic
def close(*, rfp: Rfp, actor: User) -> None:
    """Close a published RFP, once the deadline and its grace are over."""
    authorise(actor, "rfp.close", rfp)
    _locked(rfp)
    require(rfp, RFP, "close")
    if clock.database_now() < rfp.round.closes_at + rfp.round.grace:
        raise WrongState(_("Bids may still arrive. The RFP closes after its deadline."))
    move(rfp, RFP, "close", actor=actor)


@transaction.atomic
def cancel(*, rfp: Rfp, reason: str, actor: User) -> None:
    """Give up a draft or a published RFP, with a reason; not once bids have been opened."""
    authorise(actor, "rfp.publish", rfp)
    _locked(rfp)
    require(rfp, RFP, "cancel")
    held = round_of(rfp)
    if held is not None and held.opened_at is not None:
        raise WrongState(str(RFP.sentences["cancel"]))
    why = text_of(reason, "reason", REASON, needed=_("Say why the RFP is cancelled."))
    published = rfp.state == RfpState.PUBLISHED
    move(rfp, RFP, "cancel", actor=actor, payload={"reason": why})
    if published:
        people = _panel(rfp) | _vendors(rfp)
        _tell(rfp, "rfp_cancelled", f"cancelled:{rfp.pk}", actor, people, why=why)


def _panel(rfp: Rfp) -> dict[str, str]:
    """Return name by address of everybody on the panel."""
    return {member.user.email: member.user.name for member in panel_of(rfp.procurement)}


def _vendors(rfp: Rfp) -> dict[str, str]:
    """Return contact by address of the vendors asked, those that declined left out.

    The rows belong to the app above; they are read through the relation, never written here.
    """
    asked = rfp.invitations.exclude(state="declined")
    return dict(asked.order_by("email").values_list("email", "contact"))


def _tell(
    rfp: Rfp,
    template: str,
    event: str,
    actor: User,
    people: Mapping[str, str],
    **details: object,
) -> None:
    for address, name in sorted(people.items()):
        context = {
            "name": name,
            "procurement": rfp.procurement,
            "round": round_of(rfp),
            "digest": rfp.digest,
            **details,
        }
        mail.send(to=address, event=event, template=template, context=context, actor=actor)
