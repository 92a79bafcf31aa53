"""Rule on what a bid is subject to: accepted, rejected or priced, with the reason."""

from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.bids.models import Bid, Ruling
from apps.bids.selectors.assumptions import reservations_in
from apps.bids.states import Verdict
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, WrongState
from apps.rfp.answers import figures
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase

REASON: Final = 4000
LARGEST: Final = 10**12
CENT: Final = Decimal("0.01")


@transaction.atomic
def rule(
    *, bid: Bid, number: int, verdict: str, reason: str, actor: User, amount: str = ""
) -> Ruling:
    """Keep a verdict on row `number` of an opened bid; a later one stands before it.

    `amount` is what a priced row is worth over the term, in the tender's currency. It is kept on
    record and moves no price: bids are ranked on the prices as they were published to be evaluated.
    """
    authorise(actor, "bids.rule", bid)
    held = Procurement.objects.select_for_update(of=("self",)).get(pk=bid.round.rfp.procurement_id)
    if held.phase != Phase.COMMERCIAL:
        raise WrongState(
            _("Assumptions are ruled on between the opening of the prices and the decision.")
        )
    if not 1 <= number <= len(reservations_in(actor, bid).rows):
        raise _refuse("number", _("This bid is subject to no such row."))
    if verdict not in Verdict.values:
        raise _refuse("verdict", _("Choose accepted, rejected or priced."))
    why = _reason(reason)
    rows = Ruling.objects.filter(bid=bid, number=number)
    try:
        with transaction.atomic():
            made = Ruling.objects.create(
                organisation_id=bid.organisation_id,
                bid=bid,
                number=number,
                version=(rows.aggregate(last=Max("version"))["last"] or 0) + 1,
                verdict=verdict,
                amount=_amount(verdict, amount),
                reason=why,
                ruled_by=actor,
            )
    except IntegrityError:
        raise Conflict(_("Somebody ruled on this row just now. Reload the page.")) from None
    audit.record(
        action="bids.rule",
        actor=actor,
        subject=made,
        procurement_id=held.pk,
        payload={"bid": str(bid.pk), "number": number, "verdict": verdict},
    )
    return made


def _refuse(field: str, sentence: str) -> Incomplete:
    return Incomplete(sentence, fields={field: sentence})


def _reason(raw: str) -> str:
    text = raw.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise _refuse("reason", _("Say why; the vendor reads it with its result."))
    if len(text) > REASON:
        raise _refuse("reason", _("Shorten this to {most} characters.").format(most=REASON))
    return text


def _amount(verdict: str, raw: str) -> Decimal | None:
    if verdict != Verdict.PRICED:
        if raw.strip():
            raise _refuse("amount", _("Give an amount only where you price the row."))
        return None
    try:
        found = figures.read_between(raw.strip(), -LARGEST, LARGEST)
    except Incomplete as error:
        raise _refuse("amount", error.sentence) from None
    amount = Decimal(found)
    if amount != amount.quantize(CENT):
        raise _refuse("amount", _("Give at most two decimals."))
    return amount
