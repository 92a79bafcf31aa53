"""The vendor's portal: tasks, sections, one answer, its history, evidence."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import adapters, selectors
from apps.bids.forms import answers as controls
from apps.bids.forms.plain import FileForm
from apps.bids.forms.questions import blocks, refusals
from apps.bids.models import Attachment, Bid
from apps.bids.selectors.drafts import BidQuestion
from apps.bids.selectors.saving import asked_beside, question_to_answer
from apps.bids.selectors.sections import SectionPlace
from apps.bids.services import answering, choosing, visiting
from apps.bids.views import keys
from apps.bids.views.frame import if_match, portal
from apps.core import attempts
from apps.core.access import page
from apps.core.downloads import download
from apps.core.errors import Conflict, Incomplete
from apps.core.templatetags.formats import clock
from apps.workspace.types import Visit


@page("bids.mine")
def mine(request: Visit) -> HttpResponse:
    bids = selectors.mine(request.user)
    if len(bids) == 1:
        return redirect("bids:portal", bid_id=bids[0].bid.pk)
    return render(request, "bids/mine.html", {"bids": bids})


@page("bids.view", find=selectors.bid_for)
def tasks(request: Visit, bid: Bid) -> HttpResponse:
    try:
        context = {"tasks": selectors.task_list(request.user, bid)}
    except adapters.Locked:
        return keys.sealed(request, bid)
    return portal(request, bid, "bids/tasks.html", context)


@page("bids.view", find=selectors.bid_for)
def about(request: Visit, bid: Bid) -> HttpResponse:
    return portal(request, bid, "bids/about.html", selectors.about(bid))


@page("bids.answer", find=selectors.section_for)
def section(request: Visit, place: SectionPlace) -> HttpResponse:
    """Show a section; a POST saves it answer by answer and keeps what was typed of a wrong one."""
    if request.method == "POST":
        return _save_section(request, place)
    if selectors.frame_of(request.user, place.bid).writable:
        visiting.look(bid=place.bid, section=place.section, actor=request.user)
    return _section(request, place, {}, {})


@require_POST
@page("bids.answer", find=selectors.section_for)
def here(request: Visit, place: SectionPlace) -> HttpResponse:
    """Take a sign of life of the script, and say which colleagues are working where."""
    at = request.POST.get("place", "")
    visiting.look(bid=place.bid, section=place.section, actor=request.user, place=at)
    found = selectors.present(request.user, place.bid)
    return JsonResponse({"here": [f"{one.name} ({one.place or one.section})" for one in found]})


def _save_section(request: Visit, place: SectionPlace) -> HttpResponse:
    given = controls.posted(
        selectors.section_page(request.user, place).chapter.questions, request.POST
    )
    refused = answering.save_section(bid=place.bid, given=given, actor=request.user)
    if not refused:
        if "done" in request.POST:
            return redirect("bids:portal", bid_id=place.bid.pk)
        return redirect(f"{reverse('bids:section', args=[place.bid.pk, place.code])}?saved=1")
    typed = {question.code: raw for question, raw, _version in given}
    nothing_saved = len(refused) == len(given)
    return _section(request, place, typed, refused, status=422 if nothing_saved else 200)


def _section(
    request: Visit,
    place: SectionPlace,
    typed: dict[str, Any],
    refused: dict[str, Incomplete | Conflict],
    *,
    status: int = 200,
) -> HttpResponse:
    shown = selectors.section_page(request.user, place)
    units = blocks(shown, typed, refused)
    context = {
        "section": shown,
        "present": selectors.present(request.user, place.bid),
        "has_files": any(one.takes_files for one in units),
        "blocks": units,
        "errors": refusals(units),
        "saved": request.GET.get("saved")
        and clock(selectors.frame_of(request.user, place.bid).now),
    }
    return portal(request, place.bid, "bids/section.html", context, status=status)


@require_POST
@page("bids.answer", find=question_to_answer)
def answer(request: Visit, subject: BidQuestion) -> HttpResponse:
    """Save one answer for the script: If-Match names the version it was written on."""
    bid, question = subject.bid, subject.question
    saved = answering.save_answer(
        bid=bid,
        question=question,
        raw=controls.raw_from(question, request.POST),
        version=if_match(request),
        actor=request.user,
    )
    body: dict[str, Any] = {"version": saved.version if saved else 0}
    if saved:
        body["saved"] = clock(saved.saved_at)
    asked = asked_beside(subject)
    if asked is not None:
        body["asked"] = asked
    return JsonResponse(body)


@page("bids.view", find=selectors.question_for)
def history(request: Visit, subject: BidQuestion) -> HttpResponse:
    context = {
        "question": subject.question,
        "versions": selectors.history_of(subject.bid, subject.question),
    }
    return portal(request, subject.bid, "bids/history.html", context)


@require_POST
@page("bids.answer", find=selectors.question_for)
def restore(request: Visit, subject: BidQuestion) -> HttpResponse:
    answering.restore(
        bid=subject.bid,
        question=subject.question,
        version=controls.whole(request.POST.get("version", "")),
        instead_of=controls.whole(request.POST.get("instead_of", "")) or None,
        actor=request.user,
    )
    return _back(subject.bid, subject)


def _back(bid: Bid, subject: BidQuestion) -> HttpResponse:
    url = reverse("bids:section", args=[bid.pk, subject.question.section.code])
    return redirect(f"{url}#{controls.id_of(subject.question)}")


@require_POST
@page("bids.answer", find=selectors.question_for)
def attach(request: Visit, subject: BidQuestion) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    try:
        given = form.checked()
        file = given["file"]
        answering.attach(
            bid=subject.bid,
            question=subject.question,
            name=file.name or "",
            content=file.read(),
            expires=given["expires"],
            actor=request.user,
        )
    except Incomplete as error:
        attempts.note(request, error)
        place = SectionPlace(subject.bid, subject.question.section)
        return _section(request, place, {}, {subject.question.code: error}, status=error.status)
    return _back(subject.bid, subject)


@page("bids.view", find=selectors.attachment_for)
def file(_request: Visit, attachment: Attachment) -> HttpResponse:
    held, content = selectors.own_file(attachment)
    return download(held.name, content)


@require_POST
@page("bids.answer", find=selectors.attachment_for)
def remove(request: Visit, attachment: Attachment) -> HttpResponse:
    answering.remove_attachment(attachment=attachment, actor=request.user)
    return _back(attachment.bid, BidQuestion(attachment.bid, attachment.question))


@require_POST
@page("bids.answer", find=selectors.bid_for)
def lots(request: Visit, bid: Bid) -> HttpResponse:
    """Choose the lots to answer for."""
    choosing.choose_lots(bid=bid, codes=request.POST.getlist("lots"), actor=request.user)
    return redirect("bids:portal", bid_id=bid.pk)
