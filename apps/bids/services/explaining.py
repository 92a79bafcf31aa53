"""A vendor explains its own bid where the panel asked: once, in time, and without changing it."""

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from apps.bids import adapters
from apps.bids.models import SentQuestion, VendorExplanation
from apps.bids.selectors.panel_questions import FACTS, FILE, answer_to, bound_to
from apps.bids.services.deadline import exact
from apps.bids.services.evidence import checked_name
from apps.bids.types.evidence import NewFile
from apps.core import audit, clock, files, tenancy
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.core.wording import plain_text
from apps.proof import hashes
from apps.workspace.models import User

MOST_CHARACTERS = 5000


@transaction.atomic
def explain(
    *, sent: SentQuestion, text: str, actor: User, file: NewFile | None = None
) -> VendorExplanation:
    """Answer the panel, with a file where there is one to show.

    Both stand beside the bid; both records get their digests, and the days of the file.
    """
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
    facts = _facts(file) if file else {}
    made = _written(sent, said, actor, facts, file)
    payload = {"question": sent.code, "digest": hashes.of_bytes(said.encode())}
    if facts:
        payload |= {name: str(facts[name]) for name in ("sha256", "kind", "issued", "expires")}
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


def _facts(file: NewFile) -> dict[str, str | int]:
    """Check a file and say what is known of it.

    When it was issued decides whether it counts: what a bid lacked when bids closed cannot be
    made up for afterwards, what it had can be shown.
    """
    name = checked_name(file.name, file.content)
    if not file.about.issued:
        sentence = _(
            "Write the day the file was issued. What was issued before bids closed counts."
        )
        raise Incomplete(sentence, fields={"issued": sentence})
    digest, size = hashes.of_bytes(file.content), len(file.content)
    return {"name": name, "sha256": digest, "size": size, **file.about.plain()}


def _written(
    sent: SentQuestion,
    said: str,
    actor: User,
    facts: dict[str, str | int],
    file: NewFile | None,
) -> VendorExplanation:
    blob, sealed = "", b""
    if file:
        to = sent.bid.round_id
        sealed = adapters.keep_opened(facts, round_id=to, context=bound_to(sent, FACTS))
        blob = files.store(
            adapters.keep_for_panel(file.content, round_id=to, context=bound_to(sent, FILE))
        )
    try:
        with transaction.atomic():
            return VendorExplanation.objects.create(
                organisation_id=sent.organisation_id,
                vendor_id=sent.vendor_id,
                bid=sent.bid,
                sent=sent,
                text=said,
                answered_by=actor,
                blob=blob,
                facts=sealed,
            )
    except DatabaseError:  # a colleague was faster, or the time ran out in between
        if blob:
            files.remove(blob)
        raise WrongState(_("This question is answered no more. Reload the page.")) from None
