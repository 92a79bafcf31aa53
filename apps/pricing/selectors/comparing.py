"""One workload under every opened quote: the engine's price case, built from what may be seen."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids import selectors as bids
from apps.bids.states import Offer
from apps.core.access import can
from apps.core.errors import NotFound, WrongState
from apps.engine import cases
from apps.engine.errors import InvalidInput
from apps.engine.pricing.read_terms import read_terms
from apps.engine.pricing.read_uncertainty import read_uncertainty
from apps.engine.reading import Reader
from apps.pricing.models import Comparison
from apps.pricing.selectors.assuming import assumptions_of, refusal
from apps.pricing.selectors.published import counted, scaled
from apps.pricing.types import Assumed
from apps.rfp.models import Lot, Rfp
from apps.rfp.selectors import (
    lots_in,
    of_lot,
    own_cost_of,
    picked_in,
    published_rule,
    require_lot,
    workload_of,
)
from apps.workspace.models import Procurement, User
from apps.workspace.rules import panel_roles
from apps.workspace.selectors import procurement_for
from apps.workspace.states import Phase, Role
from apps.workspace.types import Todo

DRAWS = 10_000
IN_HOUSE = "in-house"


def tender_of(procurement: Procurement) -> Rfp | None:
    """Return the RFP with its workload; None before it was begun."""
    found = (
        Rfp.objects.filter(procurement=procurement).select_related("workload", "own_cost").first()
    )
    if found is not None:
        found.procurement = procurement
    return found


def seed_of(digest: str) -> int:
    """Derive the seed of the draws from what was published: nobody chooses it after seeing prices."""
    return int(hashlib.sha256(digest.encode()).hexdigest()[:12], 16)


def quotes_of(
    user: User, rfp: Rfp | None, lot: Lot | None = None, offer: Offer = Offer.FINAL
) -> list[dict[str, Any]]:
    """Return the opened quotes in the order of letters, of one lot where there are lots.

    None while prices are sealed. Of a bid its final offer where one was opened; with `Offer.FIRST`
    the one it began with.
    """
    return bids.quotes_for(user, rfp, lot, offer) if rfp else []


def prices_are_open(user: User, procurement: Procurement, lot: Lot | None = None) -> bool:
    return bool(quotes_of(user, tender_of(procurement), lot))


def case_of(
    user: User,
    procurement: Procurement,
    assumed: Assumed | None = None,
    *,
    quotes: list[dict[str, Any]] | None = None,
    lot: Lot | None = None,
) -> dict[str, Any]:
    """Build the price case, of a lot on its own workload; WrongState while no envelope is open."""
    require_lot(procurement, lot)
    rfp = tender_of(procurement)
    opened = quotes_of(user, rfp, lot) if quotes is None else quotes
    if rfp is None or not opened:
        raise WrongState(
            _(
                "Prices are sealed until the quality scores are locked and the price envelopes are opened."
            )
        )
    given = assumed or assumptions_of(procurement, lot)
    workload = workload_of(rfp, lot)
    if workload is None:
        raise WrongState(_("There is no workload to compare prices on."))
    rule = published_rule(rfp)
    offered = [counted({**quote, **given.bids.get(quote["id"], {})}, rule) for quote in opened]
    if own := own_cost_of(rfp, lot):
        offered.append(counted({**own, "id": IN_HOUSE, "in_house": True}, rule))
    return {
        "workload": scaled(workload.content, rule),
        "terms": _terms(given, procurement, rfp),
        "quotes": offered,
        "uncertainty": _uncertainty(given, rfp),
    }


def _terms(assumed: Assumed, procurement: Procurement, rfp: Rfp) -> dict[str, Any]:
    return {**assumed.terms, "currency": procurement.currency, "months": rfp.term_months}


def _uncertainty(assumed: Assumed, rfp: Rfp) -> dict[str, Any]:
    return {**assumed.uncertainty, "draws": DRAWS, "seed": seed_of(rfp.digest)}


def run(case: Mapping[str, Any]) -> cases.Record:
    """Run a price case; what the engine refuses comes back as a sentence beside its field."""
    try:
        return cases.run("price", case)
    except InvalidInput as error:
        raise refusal(error, case) from None


def checked(
    user: User,
    procurement: Procurement,
    assumed: Assumed,
    *,
    quotes: list[dict[str, Any]],
    lot: Lot | None = None,
) -> cases.Record | None:
    """Try assumptions before they are kept: on the whole case, or alone while prices are sealed."""
    if quotes:
        return run(case_of(user, procurement, assumed, quotes=quotes, lot=lot))
    rfp = tender_of(procurement)
    if rfp is None:
        raise WrongState(_("Begin the RFP first: the comparison takes its term and workload."))
    try:
        read_terms(Reader(_terms(assumed, procurement, rfp), "terms"))
        read_uncertainty(Reader(_uncertainty(assumed, rfp), "uncertainty"))
    except InvalidInput as error:
        raise refusal(error, {}) from None
    return None


def comparison(user: User, procurement: Procurement, lot: Lot | None = None) -> cases.Record:
    """Run the comparison under the assumptions that stand; nothing is saved."""
    return run(case_of(user, procurement, lot=lot))


def latest_comparison(
    user: User, procurement: Procurement, lot: Lot | None = None
) -> Comparison | None:
    """Return the adopted comparison that stands, for those who may read prices; of a lot its own."""
    if not can(user, "pricing.view", procurement):
        return None
    return (
        Comparison.objects.filter(procurement=procurement, lot=lot)
        .select_related("adopted_by", "lot")
        .order_by("-number")
        .first()
    )


def adopted_for(user: User, *, procurement_id: uuid.UUID, code: str = "") -> Comparison:
    """Return the adopted comparison of a procurement the person sees; NotFound before adoption.

    Where the tender has lots, that of the lot named, else of the first.
    """
    procurement = procurement_for(user, procurement_id=procurement_id)
    found = latest_comparison(user, procurement, picked_in(procurement, code))
    if found is None:
        raise NotFound(_("No price comparison has been adopted yet."))
    return found


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Return what the lead has to do about prices."""
    if procurement.phase != Phase.COMMERCIAL or Role.LEAD not in panel_roles(user, procurement):
        return []
    return [
        of_lot(_compare(procurement), lot)
        for lot in lots_in(procurement) or (None,)
        if not latest_comparison(user, procurement, lot) and prices_are_open(user, procurement, lot)
    ]


def _compare(procurement: Procurement) -> Todo:
    return Todo(
        title=_("Compare the prices"),
        text=_(
            "Check the assumptions, then adopt the comparison: the ranking takes its prices from it."
        ),
        url=reverse("pricing:comparison", args=[procurement.pk]),
        action=_("Compare prices"),
        icon="coins",
    )
