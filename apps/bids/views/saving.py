"""A price sheet saved by the script while people type: the bid's own, and that of its final offer."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.differences import Difference, as_text, differences
from apps.bids.forms.figures import to_sheet, to_typed
from apps.bids.forms.sheet import typed_from
from apps.bids.models import Bid, PriceSheet
from apps.bids.selectors.own_offers import asked_lots
from apps.bids.services import final_offers
from apps.bids.types.plausibility import PRIOR_CURRENCY, PRIOR_HIGH, PRIOR_LOW
from apps.bids.types.sheet import Basis, Priced
from apps.bids.views.frame import if_match
from apps.core.access import page
from apps.core.errors import Conflict, DomainError, Incomplete
from apps.core.templatetags.formats import clock, in_currency, number, percentage
from apps.rfp.selectors import picked
from apps.workspace.types import Visit


@dataclass(frozen=True)
class Standing:
    """What a colleague saved meanwhile, beside what was typed."""

    name: str
    differences: list[Difference]


def save_typed(
    request: Visit,
    basis: Basis,
    save: Callable[[dict[str, Any], int], PriceSheet],
    priced: Callable[[], Priced | None],
) -> JsonResponse:
    """Save what was typed: If-Match names the version it was written on.

    A sheet that cannot be priced yet is not stored; it waits on the device, and 202 says so: nobody
    who types has done anything wrong. Somebody else's newer sheet is a Conflict with both figures
    wherever the two differ.
    """
    typed = typed_from(basis, request.POST)
    try:
        saved = save(to_sheet(basis, typed), if_match(request))
    except Incomplete as error:
        return _waits(error)
    except Conflict as error:
        found = standing(error, basis, typed)
        shown = {"shown": as_text(found.differences, found.name)} if found else {}
        raise Conflict(error.sentence, current={**error.current, **shown}) from None
    body = {"version": saved.version, "saved": clock(saved.saved_at)}
    now = priced()
    return JsonResponse({**body, "total": total_of(now, basis), "doubts": doubts_of(now, basis)})


def _waits(error: Incomplete) -> JsonResponse:
    sentence = _("Not complete yet, so not saved. {why}").format(why=error.sentence)
    body = {"detail": sentence, "fields": error.fields}
    return JsonResponse(body, status=HTTPStatus.ACCEPTED)


def total_of(priced: Priced | None, basis: Basis) -> str:
    """Say what a saved sheet comes to on the workload of the tender; empty where it has no price."""
    if priced is None:
        return ""
    return _(
        "On the workload of the tender this sheet comes to {total} over the term, {each} a contact,"
        " with {fte} agents paid on average. Before indexation, discounting and the buyer's own"
        " costs."
    ).format(
        total=in_currency(priced.total, basis.currency),
        each=in_currency(priced.per_contact, basis.currency),
        fte=number(priced.fte, 1),
    )


def doubts_of(priced: Priced | None, basis: Basis) -> str:
    """Say what deserves a second look in a saved sheet; empty where nothing stands out."""
    if priced is None:
        return ""
    found = priced.plausibility
    said = []
    if found.short and found.planned is not None:
        said.append(
            _(
                "Worth a second look: you plan {planned} agents; what the tender asks for needs"
                " {needed} on its workload, with your shrinkage and handle times."
            ).format(planned=number(found.planned, 1), needed=number(found.needed, 1))
        )
    said += [
        _(
            "In {queue} these agents answer {reached} of the contacts in time, where {promised} is"
            " asked for (Erlang C)."
        ).format(queue=one.name, reached=percentage(one.reached), promised=percentage(one.promised))
        for one in found.queues
    ]
    if found.below_floor and found.floor is not None:
        said.append(
            _("A paid agent hour comes to {rate}, below your own cost floor of {floor}.").format(
                rate=in_currency(found.per_paid_hour, basis.currency),
                floor=in_currency(found.floor, basis.currency),
            )
        )
    if found.outside_prior(basis.currency):
        said.append(
            _(
                "A paid agent hour comes to {rate}. A guide of 2026 gives {low} to {high} for agents"
                " offshore; another place, or what else the hour holds, explains a difference."
            ).format(
                rate=in_currency(found.per_paid_hour, basis.currency),
                low=in_currency(PRIOR_LOW, PRIOR_CURRENCY),
                high=in_currency(PRIOR_HIGH, PRIOR_CURRENCY),
            )
        )
    return " ".join(said)


def standing(error: DomainError | None, basis: Basis, typed: dict[str, Any]) -> Standing | None:
    """Return where a colleague's sheet differs from what was typed; None where nobody was faster."""
    if not isinstance(error, Conflict):
        return None
    sheet = error.current.get("sheet")
    if not isinstance(sheet, dict) or not sheet:
        return None
    return Standing(str(error.current["saved_by"]), differences(typed, to_typed(basis, sheet)))


@require_POST
@page("bids.price", find=selectors.asked_bid_for)
def save_final_offer(request: Visit, bid: Bid) -> JsonResponse:
    """Save the sheet of a final offer for the script; nothing is offered before it is submitted.

    Where the tender has lots, `?lot=` names whose sheet it is.
    """
    code = request.GET.get("lot", "")
    lot = picked(asked_lots(bid), code)

    def save(raw: dict[str, Any], version: int) -> PriceSheet:
        return final_offers.save(bid=bid, raw=raw, version=version, actor=request.user, lot=lot)

    basis = selectors.basis_of(bid.round.rfp, lot)
    return save_typed(
        request,
        basis,
        save,
        lambda: selectors.final_offer_page(request.user, bid, code).here.priced,
    )
