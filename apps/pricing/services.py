"""Set the terms of the comparison; adopt it, and give every bid its evaluated price."""

import json
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.bids.services import pricing as bid_prices
from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Conflict, Incomplete, WrongState
from apps.engine import cases
from apps.engine.errors import InvalidInput
from apps.pricing import selectors
from apps.pricing.models import Assumptions, Comparison
from apps.proof import canonical
from apps.workspace.models import Procurement, User
from apps.workspace.states import Phase

IN_HOUSE = "in-house"


@transaction.atomic
def set_assumptions(
    *, procurement: Procurement, terms: Mapping[str, Any], actor: User
) -> Assumptions:
    """Set `terms`, `uncertainty` and `bids` (what the buyer adds to a quote) of the price case.

    Where prices are open the whole case is run first, so that assumptions the engine refuses
    are never saved.
    """
    authorise(actor, "pricing.set_assumptions", procurement)
    _require_undecided(procurement)
    before = selectors.assumptions_of(procurement)
    wanted = {**before, **terms}
    numbers = Assumptions.objects.filter(procurement=procurement)
    number = (numbers.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            saved = Assumptions.objects.create(
                organisation_id=procurement.organisation_id,
                procurement=procurement,
                number=number,
                terms=wanted,
                set_by=actor,
            )
            if selectors.prices_are_open(actor, procurement.rfp):
                cases.run("price", selectors.case_of(actor, procurement))
    except InvalidInput as error:
        raise Incomplete(str(error)) from error
    except IntegrityError:
        raise Conflict(_("Somebody changed the assumptions just now. Reload the page.")) from None
    audit.record(
        action="pricing.assume",
        actor=actor,
        subject=saved,
        procurement_id=procurement.pk,
        payload={"number": number, "assumptions": canonical.encode(wanted).decode()},
    )
    return saved


def _require_undecided(procurement: Procurement) -> None:
    if procurement.phase in {Phase.DECIDED, Phase.CLOSED}:
        raise WrongState(_("This procurement is decided. Its comparison stays as it was adopted."))


@transaction.atomic
def adopt(*, procurement: Procurement, actor: User, reason: str = "") -> Comparison:
    """Freeze the comparison under the assumptions that stand; a second one needs a reason."""
    authorise(actor, "pricing.adopt", procurement)
    _require_undecided(procurement)
    record = selectors.comparison(actor, procurement)
    before = selectors.latest_comparison(actor, procurement)
    if before is not None and before.digest == record.digest:
        return before  # pressed twice: the same inputs, the same record
    if before is not None and not reason.strip():
        sentence = _("Say why the adopted comparison is replaced.")
        raise Incomplete(sentence, fields={"reason": sentence})
    adopted = Comparison.objects.create(
        organisation_id=procurement.organisation_id,
        procurement=procurement,
        number=before.number + 1 if before else 1,
        record=record.to_bytes().decode(),
        digest=record.digest,
        engine_version=record.engine_version,
        adopted_by=actor,
        supersedes=before,
        reason=reason.strip(),
    )
    bid_prices.record_evaluated(
        rfp=procurement.rfp,
        amounts=_amounts(record),
        currency=procurement.currency,
        comparison_digest=record.digest,
        actor=actor,
    )
    audit.record(
        action="pricing.adopt",
        actor=actor,
        subject=adopted,
        procurement_id=procurement.pk,
        payload={"digest": adopted.digest, "number": adopted.number},
    )
    return adopted


def _amounts(record: cases.Record) -> dict[uuid.UUID, Decimal]:
    """Return each bid's present value over the term: the price that earns points."""
    plain = json.loads(record.to_bytes())
    return {
        uuid.UUID(quote["id"]): Decimal(quote["present_value"])
        for quote in plain["result"]["quotes"]
        if quote["id"] != IN_HOUSE
    }
