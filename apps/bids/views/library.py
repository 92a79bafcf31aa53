"""The vendor's library: earlier answers, how they come in, and what fits a question."""

import uuid
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.bids import selectors
from apps.bids.forms.answers import control, id_of, raw_from, version_of, whole
from apps.bids.forms.library import BringForm, EntryForm, LayoutForm, PasteForm
from apps.bids.models import Bid
from apps.bids.selectors.drafts import BidQuestion
from apps.bids.selectors.library import TEXTS, BidEntry, BidImport, Suggestions
from apps.bids.services import answering, bringing
from apps.bids.services import library as shelf
from apps.bids.states import BroughtKind
from apps.bids.views.frame import portal
from apps.core import attempts
from apps.core.access import page
from apps.core.errors import Conflict, DomainError, Incomplete
from apps.workspace.types import Visit

PER_PAGE = 25


@page("bids.view", find=selectors.bid_for)
def library(request: Visit, bid: Bid) -> HttpResponse:
    return _list(request, bid)


def _list(
    request: Visit,
    bid: Bid,
    *,
    bring: BringForm | None = None,
    paste: PasteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:200]
    found = selectors.found_in_library(bid, words) if words else selectors.library_of(bid)
    context = {
        "rows": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "bring": bring or BringForm(),
        "paste": paste or PasteForm(),
        "wrong": bring or paste,
        "waiting": selectors.waiting_imports(request.user, bid),
        "saved": whole(request.GET.get("saved", "")),
    }
    return portal(request, bid, "bids/library.html", context, status=status)


@require_POST
@page("bids.answer", find=selectors.bid_for)
def bring_file(request: Visit, bid: Bid) -> HttpResponse:
    form = BringForm(request.POST, request.FILES)
    try:
        file = form.checked()["file"]
        held = bringing.bring_file(
            bid=bid, name=file.name or "", content=file.read(), actor=request.user
        )
    except Incomplete as error:
        attempts.note(request, error)
        form.carry(error)
        return _list(request, bid, bring=form, status=error.status)
    return redirect("bids:library_import", bid_id=bid.pk, import_id=held.pk)


@require_POST
@page("bids.answer", find=selectors.bid_for)
def bring_text(request: Visit, bid: Bid) -> HttpResponse:
    form = PasteForm(request.POST)
    try:
        held = bringing.bring_text(bid=bid, text=form.checked()["text"], actor=request.user)
    except Incomplete as error:
        form.carry(error)
        return _list(request, bid, paste=form, status=error.status)
    return redirect("bids:library_import", bid_id=bid.pk, import_id=held.pk)


@page("bids.answer", find=selectors.import_for)
def brought(request: Visit, subject: BidImport) -> HttpResponse:
    """Show what an import would save, under columns that can be changed; a POST saves it."""
    if subject.held.kind == BroughtKind.PASSPORT:
        return redirect("bids:take_passport", bid_id=subject.bid.pk, import_id=subject.held.pk)
    first = selectors.preview_of(subject.bid, subject.held, None)
    data = request.POST if request.method == "POST" else request.GET
    if not data.get("question"):
        return _preview(request, subject, LayoutForm(preview=first), first)
    form = LayoutForm(data, preview=first)
    try:
        layout = form.layout()
        if request.method == "POST":
            count = bringing.save(subject=subject, layout=layout, actor=request.user)
            url = reverse("bids:library", args=[subject.bid.pk])
            return redirect(f"{url}?saved={count}")
    except Incomplete as error:
        form.carry(error)
        return _preview(request, subject, form, first, error)
    shown = selectors.preview_of(subject.bid, subject.held, layout)
    return _preview(request, subject, form, shown)


def _preview(
    request: Visit,
    subject: BidImport,
    form: LayoutForm,
    shown: Any,
    error: DomainError | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "page": shown,
        "rows": Paginator(shown.fresh, PER_PAGE).get_page(request.GET.get("page")),
        "query": _query(request),
        "held": subject.held,
        "wrong": form if error else None,
    }
    status = error.status if error else 200
    return portal(request, subject.bid, "bids/library_import.html", context, status=status)


def _query(request: Visit) -> str:
    """Return the layout of this look, for the links to its other pages."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


@require_POST
@page("bids.answer", find=selectors.import_for)
def give_up(request: Visit, subject: BidImport) -> HttpResponse:
    bringing.give_up(subject=subject, actor=request.user)
    return redirect("bids:library", bid_id=subject.bid.pk)


@page("bids.answer", find=selectors.entry_for)
def entry(request: Visit, subject: BidEntry) -> HttpResponse:
    if request.method != "POST":
        held = selectors.read_entry(subject.held)
        return _entry(request, subject, EntryForm(initial=held.plain()))
    form = EntryForm(request.POST)
    try:
        shelf.change(subject=subject, entry=form.entry(), actor=request.user)
    except (Incomplete, Conflict) as error:
        form.carry(error)
        return _entry(request, subject, form, error)
    return redirect("bids:library", bid_id=subject.bid.pk)


def _entry(
    request: Visit, subject: BidEntry, form: EntryForm, error: DomainError | None = None
) -> HttpResponse:
    context = {"form": form, "entry_id": subject.held.pk, "wrong": form if error else None}
    status = error.status if error else 200
    return portal(request, subject.bid, "bids/library_entry.html", context, status=status)


@require_POST
@page("bids.answer", find=selectors.entry_for)
def remove(request: Visit, subject: BidEntry) -> HttpResponse:
    shelf.remove(subject=subject, actor=request.user)
    return redirect("bids:library", bid_id=subject.bid.pk)


@page("bids.answer", find=selectors.question_for)
def suggestions(request: Visit, subject: BidQuestion) -> HttpResponse:
    """Show the earlier answers that fit best; one of them goes into the field, a person saves it."""
    shown = selectors.suggestions_for(request.user, subject.bid, subject.question)
    if request.method != "POST":
        return _suggest(request, subject, shown, typed=_used(shown, request.GET.get("use", "")))
    raw = raw_from(subject.question, request.POST)
    try:
        answering.save_answer(
            bid=subject.bid,
            question=subject.question,
            raw=raw,
            version=whole(request.POST.get(version_of(subject.question), "")),
            actor=request.user,
        )
    except (Incomplete, Conflict) as error:
        return _suggest(request, subject, shown, typed=raw, error=error)
    url = reverse("bids:section", args=[subject.bid.pk, subject.question.section.code])
    return redirect(f"{url}#{id_of(subject.question)}")


def _used(shown: Suggestions, wanted: str) -> str | None:
    """Return the earlier answer that was asked into the field."""
    try:
        key = uuid.UUID(wanted)
    except ValueError:
        return None
    return next((one.entry.answer for one in shown.offers if one.key == key), None)


def _suggest(
    request: Visit,
    subject: BidQuestion,
    shown: Suggestions,
    *,
    typed: Any,
    error: DomainError | None = None,
) -> HttpResponse:
    question, bid = subject.question, subject.bid
    kept = selectors.draft_of(bid).kept.get(question.pk)
    stands = kept.value if kept else None
    currency = bid.round.rfp.procurement.currency
    context = {
        "page": shown,
        "question": question,
        "kept": kept,
        "writable": question.kind in TEXTS,
        "inserted": typed is not None and error is None,
        "control": control(question, stands if typed is None else typed, currency),
        "version_name": version_of(question),
        "error": error.fields.get("answer", error.sentence) if error else "",
    }
    status = error.status if error else 200
    return portal(request, bid, "bids/suggestions.html", context, status=status)
