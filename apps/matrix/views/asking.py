"""Questions to one vendor about its own bid: drafted beside an answer, sent by a lead."""

from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.bids.models import PanelQuestion
from apps.core.access import page
from apps.core.errors import Incomplete
from apps.matrix import selectors
from apps.matrix.forms.asking import DraftForm, SendForm, ShelveForm
from apps.matrix.models import ScoringRound
from apps.matrix.selectors.asking import ask_page, to_send_for, vendor_questions_page
from apps.matrix.services import asking
from apps.matrix.types import Place, ToSend
from apps.workspace.types import Visit


@page("matrix.ask_vendor", find=selectors.place_for)
def ask(request: Visit, place: Place) -> HttpResponse:
    return _ask(request, place)


def _ask(request: Visit, place: Place, form: DraftForm | None = None) -> HttpResponse:
    context = {
        "case": place.procurement,
        "page": ask_page(request.user, place),
        "form": form or DraftForm(),
        "wrong": form,
    }
    return _render(request, place.scoring_round, "matrix/ask_vendor.html", context, bool(form))


def _render(
    request: Visit,
    scoring_round: ScoringRound,
    template: str,
    context: dict[str, object],
    wrong: bool,  # noqa: FBT001 -- whether what was sent is shown again
) -> HttpResponse:
    with timezone.override(ZoneInfo(scoring_round.rfp.round.zone)):
        return render(request, template, context, status=422 if wrong else 200)


@require_POST
@page("matrix.ask_vendor", find=selectors.place_for)
def draft(request: Visit, place: Place) -> HttpResponse:
    form = DraftForm(request.POST)
    try:
        asking.draft(place=place, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _ask(request, place, form)
    return redirect("matrix:vendor_questions", procurement_id=place.procurement.pk)


@page("matrix.view_round", find=selectors.scoring_round_for)
def show(request: Visit, scoring_round: ScoringRound) -> HttpResponse:
    return _show(request, scoring_round)


def _show(
    request: Visit,
    scoring_round: ScoringRound,
    form: SendForm | ShelveForm | None = None,
    refused: ToSend | None = None,
) -> HttpResponse:
    shown = vendor_questions_page(request.user, scoring_round)
    waiting = [
        (one, *_forms(one.asked, form if refused and refused.asked.pk == one.asked.pk else None))
        for one in shown.waiting
    ]
    context = {
        "case": scoring_round.procurement,
        "page": shown,
        "waiting": waiting,
        "wrong": form,
    }
    return _render(request, scoring_round, "matrix/vendor_questions.html", context, bool(form))


def _forms(
    asked: PanelQuestion, typed: SendForm | ShelveForm | None
) -> tuple[SendForm, ShelveForm]:
    """Return the two forms of a draft, one of them as it was typed where it was refused."""
    prefix = str(asked.pk)
    return (
        typed
        if isinstance(typed, SendForm)
        else SendForm(prefix=prefix, initial={"text": asked.text}),
        typed if isinstance(typed, ShelveForm) else ShelveForm(prefix=prefix),
    )


@require_POST
@page("matrix.send_question", find=to_send_for)
def send(request: Visit, to_send: ToSend) -> HttpResponse:
    form = SendForm(request.POST, prefix=str(to_send.asked.pk))
    try:
        asking.send(to_send=to_send, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _show(request, to_send.scoring_round, form, to_send)
    return redirect("matrix:vendor_questions", procurement_id=to_send.procurement.pk)


@require_POST
@page("matrix.ask_vendor", find=to_send_for)
def shelve(request: Visit, to_send: ToSend) -> HttpResponse:
    form = ShelveForm(request.POST, prefix=str(to_send.asked.pk))
    try:
        asking.shelve(to_send=to_send, actor=request.user, **form.checked())
    except Incomplete as error:
        form.carry(error)
        return _show(request, to_send.scoring_round, form, to_send)
    return redirect("matrix:vendor_questions", procurement_id=to_send.procurement.pk)
