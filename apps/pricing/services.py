"""Set the terms of the comparison; adopt it, and give every bid its evaluated price."""

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.bids.services import offering
from apps.bids.services import pricing as bid_prices
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, WrongState
from apps.core.inserting import insert_new
from apps.engine import cases
from apps.pricing import selectors
from apps.pricing.models import Assumptions, ChangeCosts, Comparison
from apps.pricing.selectors.published import deviation
from apps.proof import canonical
from apps.rfp.models import Lot
from apps.rfp.selectors import is_decided, published_rule, require_lot
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase

LONGEST = 2000


@transaction.atomic
def set_assumptions(
    *,
    procurement: Procurement,
    terms: Mapping[str, Any],
    actor: User,
    based_on: int | None = None,
    lot: Lot | None = None,
) -> Assumptions:
    """Set parts of the price case that are the buyer's: `terms`, `uncertainty`, `bids`.

    A part that is given replaces the one that stands. Where prices are open the whole case is run
    first, so that assumptions the engine refuses are never saved. `based_on` is the number of the
    assumptions the person saw: Conflict when others stand by now.
    """
    authorise(actor, "pricing.set_assumptions", procurement)
    require_lot(procurement, lot)
    _require_undecided(procurement, lot)
    before = selectors.assumptions_of(procurement, lot)
    if based_on is not None and based_on != before.number:
        raise Conflict(
            _("The assumptions were changed meanwhile. Reload the page to see them."),
            current={"number": before.number},
        )
    quotes = selectors.quotes_of(actor, selectors.tender_of(procurement), lot)
    wanted = selectors.merged(before, terms, quotes=[quote["id"] for quote in quotes])
    selectors.checked(actor, procurement, wanted, quotes=quotes, lot=lot)
    plain = wanted.plain()
    try:
        with transaction.atomic():
            saved = Assumptions.objects.create(
                organisation_id=procurement.organisation_id,
                procurement=procurement,
                lot=lot,
                number=before.number + 1,
                terms=plain,
                set_by=actor,
            )
    except IntegrityError:
        raise Conflict(_("Somebody changed the assumptions just now. Reload the page.")) from None
    audit.record(
        action="pricing.assume",
        actor=actor,
        subject=saved,
        procurement_id=procurement.pk,
        payload={
            "number": saved.number,
            "assumptions": canonical.encode(plain).decode(),
            **_of_lot(lot),
        },
    )
    return saved


@transaction.atomic
def set_change(
    *,
    procurement: Procurement,
    figures: Mapping[str, str],
    source: str,
    actor: User,
    based_on: int | None = None,
    lot: Lot | None = None,
) -> ChangeCosts:
    """Enter what an award costs the buyer beside the price, with where the figures come from.

    `figures` are decimal strings by the names of the business case; each version stays. No price
    and no ranking moves by it. `based_on` is the number that the person saw.
    """
    authorise(actor, "pricing.set_assumptions", procurement)
    require_lot(procurement, lot)
    _require_undecided(procurement, lot)
    said = source.strip()
    if not said or len(said) > LONGEST:
        sentence = _("Say in up to {limit} characters where the figures come from.").format(
            limit=LONGEST
        )
        raise Incomplete(sentence, fields={"source": sentence})
    rfp = selectors.tender_of(procurement)
    if rfp is None:
        raise WrongState(_("Begin the RFP first: the business case takes its term."))
    selectors.change_of(figures, rfp.term_months)
    before = selectors.changed_of(procurement, lot).number
    conflict = Conflict(
        _("The figures were changed meanwhile. Reload the page to see them."),
        current={"number": before},
    )
    if based_on is not None and based_on != before:
        raise conflict
    saved = ChangeCosts(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        lot=lot,
        number=before + 1,
        figures=dict(figures),
        source=said,
        set_by=actor,
    )
    if not insert_new(saved):
        raise conflict
    audit.record(
        action="pricing.change",
        actor=actor,
        subject=saved,
        procurement_id=procurement.pk,
        payload={
            "number": saved.number,
            "figures": dict(figures),
            "source": said,
            **_of_lot(lot),
        },
    )
    return saved


def _of_lot(lot: Lot | None) -> dict[str, str]:
    return {"lot": lot.code} if lot else {}


def _require_undecided(procurement: Procurement, lot: Lot | None) -> None:
    if is_decided(lot):
        raise WrongState(_("This lot is decided. Its comparison stays as it was adopted."))
    if procurement.phase in {Phase.DECIDED, Phase.CLOSED}:
        raise WrongState(_("This procurement is decided. Its comparison stays as it was adopted."))


@transaction.atomic
def adopt(
    *, procurement: Procurement, actor: User, reason: str = "", lot: Lot | None = None
) -> Comparison:
    """Freeze the comparison under the assumptions that stand; a second one needs a reason.

    A tender with lots has a comparison of each, and none of the whole.
    """
    authorise(actor, "pricing.adopt", procurement)
    held = Procurement.objects.select_for_update(of=("self",)).get(pk=procurement.pk)
    require_lot(held, lot)
    _require_undecided(held, lot)
    if held.phase != Phase.COMMERCIAL:
        raise WrongState(_("Prices are adopted once the quality scores are locked."))
    offering.require_settled(procurement, lot)
    _require_published_rule(procurement, lot)
    record = selectors.comparison(actor, procurement, lot)
    before = selectors.latest_comparison(actor, procurement, lot)
    if before is not None and before.digest == record.digest:
        return before  # pressed twice: the same inputs, the same record
    if before is not None and not reason.strip():
        sentence = _("Say why the adopted comparison is replaced.")
        raise Incomplete(sentence, fields={"reason": sentence})
    if len(reason) > LONGEST:
        sentence = _("Shorten the reason to {limit} characters.").format(limit=LONGEST)
        raise Incomplete(sentence, fields={"reason": sentence})
    adopted = Comparison.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        lot=lot,
        number=before.number + 1 if before else 1,
        record=record.to_bytes().decode(),
        digest=record.digest,
        engine_version=record.engine_version,
        adopted_by=actor,
        supersedes=before,
        reason=reason.strip(),
    )
    _tell(adopted, record, actor)
    return adopted


def _require_published_rule(procurement: Procurement, lot: Lot | None) -> None:
    """Refuse to score prices by another rule than the one that vendors read."""
    rfp = selectors.tender_of(procurement)
    rule = published_rule(rfp) if rfp else None
    fault = deviation(selectors.assumptions_of(procurement, lot), rule)
    if fault:
        raise WrongState(fault)


def _tell(adopted: Comparison, record: cases.Record, actor: User) -> None:
    """Give the bids their evaluated prices, and the log the digest."""
    procurement = adopted.procurement
    bid_prices.record_evaluated(
        rfp=procurement.rfp,
        amounts=_amounts(record),
        currency=procurement.currency,
        comparison_digest=record.digest,
        actor=actor,
        lot=adopted.lot,
    )
    audit.record(
        action="pricing.adopt",
        actor=actor,
        subject=adopted,
        procurement_id=procurement.pk,
        payload={
            "digest": adopted.digest,
            "number": adopted.number,
            "reason": adopted.reason,
            **_of_lot(adopted.lot),
        },
    )


def _amounts(record: cases.Record) -> dict[uuid.UUID, Decimal]:
    """Return each bid's present value over the term: the price that earns points."""
    result: Any = record.to_plain()["result"]
    return {
        uuid.UUID(quote["id"]): Decimal(quote["present_value"])
        for quote in result["quotes"]
        if quote["id"] != selectors.IN_HOUSE
    }
