"""A vendor explains its own bid where the panel asked: once, in time, and without changing it."""

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from apps.bids.models import SentQuestion, VendorExplanation
from apps.bids.selectors.panel_questions import answer_to
from apps.bids.services.deadline import exact
from apps.core import audit, clock, tenancy
from apps.core.access import authorise
from apps.core.errors import WrongState
from apps.core.wording import plain_text
from apps.proof import hashes
from apps.workspace.models import User

MOST_CHARACTERS = 5000


@transaction.atomic
def explain(*, sent: SentQuestion, text: str, actor: User) -> VendorExplanation:
    """Answer the panel. The text stands beside the bid; both records get its digest alone."""
    authorise(actor, "bids.explain", sent)
    said = plain_text(text, "text", MOST_CHARACTERS, needed=_("Write your answer."))
    if answer_to(sent) is not None:
        raise WrongState(_("This question is answered. An answer stands as it was sent."))
    if clock.database_now() >= sent.due_at:
        zone = sent.bid.round.zone
        raise WrongState(
            _("This question could be answered until {until}.").format(
                until=exact(sent.due_at, zone)
            )
        )
    made = _written(sent, said, actor)
    payload = {"question": sent.code, "digest": hashes.of_bytes(said.encode())}
    audit.record(action="bids.explain", actor=actor, subject=made, payload=payload)
    with tenancy.acting_as(organisation=sent.organisation_id):
        audit.record(
            action="scoring.explained",
            actor=None,
            subject=made,
            procurement_id=sent.procurement_id,
            payload={**payload, "letter": sent.bid.letter},
        )
    return made


def _written(sent: SentQuestion, said: str, actor: User) -> VendorExplanation:
    try:
        with transaction.atomic():
            return VendorExplanation.objects.create(
                organisation_id=sent.organisation_id,
                vendor_id=sent.vendor_id,
                bid=sent.bid,
                sent=sent,
                text=said,
                answered_by=actor,
            )
    except DatabaseError:  # a colleague was faster, or the time ran out in between
        raise WrongState(_("This question is answered no more. Reload the page.")) from None
