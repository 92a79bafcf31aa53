"""Rows from a spreadsheet into a table question: paste, see what was understood, put them in."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.bids import selectors
from apps.bids.forms import answers as controls
from apps.bids.forms.pasting import Pasted, understood
from apps.bids.selectors.drafts import BidQuestion
from apps.bids.services import answering
from apps.bids.views.frame import portal
from apps.core.access import page
from apps.core.errors import Conflict, Incomplete, NotFound
from apps.rfp import answers
from apps.workspace.types import Visit


@page("bids.answer", find=selectors.question_for)
def paste(request: Visit, subject: BidQuestion) -> HttpResponse:
    """Show what was understood of pasted rows; `put` saves them, `below` keeps those that stand."""
    if subject.question.kind not in answers.TABLES:
        raise NotFound(_("This question takes no rows."))
    text = request.POST.get("rows", "")
    try:
        read = understood(subject.question, text) if request.method == "POST" else None
        if read and not read.errors and {"put", "below"} & set(request.POST):
            _save(request, subject, read)
            url = reverse("bids:section", args=[subject.bid.pk, subject.question.section.code])
            return redirect(f"{url}#{controls.id_of(subject.question)}")
    except (Incomplete, Conflict) as error:
        return _show(request, subject, text, None, error)
    return _show(request, subject, text, read, None)


def _save(request: Visit, subject: BidQuestion, read: Pasted) -> None:
    kept = selectors.kept_of(subject.bid, subject.question)
    before = kept.value if kept and "below" in request.POST else []
    answering.save_answer(
        bid=subject.bid,
        question=subject.question,
        raw=[*(before if isinstance(before, list) else []), *read.rows],
        version=controls.whole(request.POST.get("version", "")),
        actor=request.user,
    )


def _show(
    request: Visit,
    subject: BidQuestion,
    text: str,
    read: Pasted | None,
    error: Incomplete | Conflict | None,
) -> HttpResponse:
    kept = selectors.kept_of(subject.bid, subject.question)
    standing = kept.value if kept and isinstance(kept.value, list) else []
    wrong = error is not None or bool(read and read.errors)
    context: dict[str, Any] = {
        "question": subject.question,
        "columns": [one.code for one in answers.columns_of(subject.question)],
        "text": text,
        "read": read,
        "errors": [("rows", said) for said in (read.errors if read else ())],
        "error": error,
        "kept": kept,
        "standing": len(standing),
    }
    if error is not None:
        context["errors"] = [("rows", error.sentence)]
    return portal(request, subject.bid, "bids/paste.html", context, status=422 if wrong else 200)
