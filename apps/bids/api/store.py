"""What a vendor keeps and what its bid is subject to, by API. How files come in: `sending`, `bringing`."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.models import Assumption, Bid
from apps.bids.selectors.evidence import BidEvidence, HeldFile
from apps.bids.selectors.library import Offer
from apps.bids.services import assuming, attaching
from apps.bids.services import evidence as store
from apps.bids.services import library as shelf
from apps.bids.states import AssumptionKind, EffectUnit
from apps.bids.types.assumptions import (
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_WORDING,
    DraftRow,
)
from apps.bids.types.evidence import parse_about
from apps.bids.types.library import (
    LONGEST_ANSWER,
    LONGEST_NAME,
    LONGEST_QUESTION,
    Entry,
    day_of,
)
from apps.core.access import authorise
from apps.core.api import Endpoint, Input, Pages
from apps.workspace.models import User
from apps.workspace.types import Call


class RowInput(Input):
    """What a bid is subject to. `amount` and `unit` are its effect on the price, both or neither."""

    kind = serializers.ChoiceField(AssumptionKind.choices)
    place = serializers.CharField(max_length=LONGEST_PLACE)
    wording = serializers.CharField(max_length=LONGEST_WORDING)
    reason = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")
    confidential = serializers.CharField(max_length=LONGEST_REASON, allow_blank=True, default="")
    amount = serializers.CharField(max_length=24, allow_blank=True, default="")
    unit = serializers.ChoiceField(EffectUnit.choices, allow_blank=True, default="")

    def checked(self) -> dict[str, Any]:
        """Return the row as its form gives it: a reason is the mark."""
        given = super().checked()
        return {**given, "is_confidential": "1" if given["confidential"] else ""}


class ChangedRowInput(RowInput):
    version = serializers.IntegerField(min_value=1)


class MarkInput(Input):
    reason = serializers.CharField(max_length=LONGEST_REASON)


class EntryInput(Input):
    question = serializers.CharField(max_length=LONGEST_QUESTION)
    answer = serializers.CharField(max_length=LONGEST_ANSWER)
    topic = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, default="")
    owner = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, default="")
    day = serializers.CharField(max_length=10, allow_blank=True, default="")

    def entry(self) -> Entry:
        given = self.checked()
        return Entry(**{**given, "day": day_of(given["day"])})


class AboutInput(Input):
    kind = serializers.CharField(max_length=20)
    issued = serializers.CharField(max_length=10, allow_blank=True, default="")
    expires = serializers.CharField(max_length=10, allow_blank=True, default="")


class AttachInput(Input):
    questions = serializers.ListField(child=serializers.CharField(max_length=12), allow_empty=False)


class Assumptions(Endpoint):
    permissions = {"get": "bids.view", "post": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return every row, its price effect where the price is shown, and the confidential answers."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        held = selectors.reservations_of(bid)
        return Response(
            {"rows": [_row(one) for one in held.rows], "confidential": dict(held.marks)}
        )

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = RowInput(data=request.data).checked()
        made = assuming.add(bid=bid, raw=given, actor=request.user)
        return Response(_shown(made), status=status.HTTP_201_CREATED)


class OneAssumption(Endpoint):
    permissions = {"get": "bids.view", "put": "bids.answer", "delete": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID, assumption_id: uuid.UUID) -> Response:
        return Response(_shown(_assumption(request, bid_id, assumption_id)))

    def put(self, request: Call, bid_id: uuid.UUID, assumption_id: uuid.UUID) -> Response:
        """Change a row on the version it was written on."""
        held = _assumption(request, bid_id, assumption_id)
        given = ChangedRowInput(data=request.data).checked()
        version = given.pop("version")
        changed = assuming.change(assumption=held, raw=given, version=version, actor=request.user)
        return Response(_shown(changed))

    def delete(self, request: Call, bid_id: uuid.UUID, assumption_id: uuid.UUID) -> Response:
        held = _assumption(request, bid_id, assumption_id)
        assuming.remove(assumption=held, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _assumption(call: Call, bid_id: uuid.UUID, assumption_id: uuid.UUID) -> Assumption:
    return selectors.assumption_for(call.user, bid_id=bid_id, assumption_id=assumption_id)


def _shown(held: Assumption) -> dict[str, Any]:
    return _row(selectors.shown_row(held))


def _row(one: DraftRow) -> dict[str, Any]:
    """Return a row; without its effect where this person does not see the price."""
    effect = one.row.effect
    priced = {"amount": effect.amount, "unit": effect.unit} if effect else {}
    return {"id": str(one.id), "version": one.version, **one.row.without_price(), **priced}


class ConfidentialAnswer(Endpoint):
    permissions = {"put": "bids.answer", "delete": "bids.answer"}

    def put(self, request: Call, bid_id: uuid.UUID, code: str) -> Response:
        """Mark an answer with its files as confidential, with the reason the buyer reads."""
        found = selectors.question_by(request.user, bid_id=bid_id, code=code)
        given = MarkInput(data=request.data).checked()
        reason = given["reason"]
        assuming.mark(bid=found.bid, question=found.question, reason=reason, actor=request.user)
        return Response({"code": code, "reason": reason})

    def delete(self, request: Call, bid_id: uuid.UUID, code: str) -> Response:
        found = selectors.question_by(request.user, bid_id=bid_id, code=code)
        assuming.unmark(bid=found.bid, question=found.question, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EvidenceFiles(Endpoint):
    permissions = {"get": "bids.view"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return the files of the vendor's store, newest first, with the questions that have each."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        rows = selectors.evidence_page(request.user, bid).files
        pages = Pages()
        held: Any = pages.paginate_queryset(rows, request)  # type: ignore[arg-type]  # any sequence
        return pages.get_paginated_response([_file(one) for one in held or []])


class OneEvidence(Endpoint):
    permissions = {"get": "bids.view", "put": "bids.answer", "delete": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
        return _told(request, _evidence(request, bid_id, evidence_id))

    def put(self, request: Call, bid_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
        """Say what a file proves and from when until when."""
        subject = _evidence(request, bid_id, evidence_id)
        about = parse_about(AboutInput(data=request.data).checked())
        store.describe(subject=subject, about=about, actor=request.user)
        return _told(request, _evidence(request, bid_id, evidence_id))

    def delete(self, request: Call, bid_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
        """Drop a file from the store; bids that have a copy keep it."""
        store.drop(subject=_evidence(request, bid_id, evidence_id), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class AttachedEvidence(Endpoint):
    permissions = {"post": "bids.answer"}

    def post(self, request: Call, bid_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
        """Attach a file of the store to the questions with these codes, all of them or none."""
        subject = _evidence(request, bid_id, evidence_id)
        given = AttachInput(data=request.data).checked()
        attaching.attach_kept(subject=subject, codes=given["questions"], actor=request.user)
        return _told(request, subject)


def _evidence(call: Call, bid_id: uuid.UUID, evidence_id: uuid.UUID) -> BidEvidence:
    return selectors.evidence_for(call.user, bid_id=bid_id, evidence_id=evidence_id)


def _told(call: Call, one: BidEvidence) -> Response:
    return Response(file_shown(call.user, one.bid, one.evidence.pk))


def file_shown(user: User, bid: Bid, pk: uuid.UUID) -> dict[str, Any]:
    """Return one file of the store as the API shows it beside a bid."""
    files = selectors.evidence_page(user, bid).files
    return _file(next(one for one in files if one.held.pk == pk))


def _file(one: HeldFile) -> dict[str, Any]:
    return {
        "id": str(one.held.pk),
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256,
        **one.about.plain(),
        "standing": one.standing.value,
        "questions": list(one.codes),
    }


# The library


class Library(Endpoint):
    permissions = {"get": "bids.view", "post": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return the earlier answers; with `?q=` those that fit these words best."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        words = request.GET.get("q", "").strip()[:200]
        rows = selectors.found_in_library(bid, words) if words else selectors.library_of(bid)
        pages = Pages()
        held: Any = pages.paginate_queryset(rows, request)  # type: ignore[arg-type]  # any sequence
        return pages.get_paginated_response([_offer(one) for one in held or []])

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Add one answer; `added` is 0 where the library says the same already."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        authorise(request.user, "bids.answer", bid)
        entry = EntryInput(data=request.data).entry()
        added = shelf.add(bid=bid, entries=[entry], actor=request.user)
        made = status.HTTP_201_CREATED if added else status.HTTP_200_OK
        return Response({"added": added}, status=made)


class OneEntry(Endpoint):
    permissions = {"get": "bids.view", "put": "bids.answer", "delete": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID, entry_id: uuid.UUID) -> Response:
        subject = selectors.entry_for(request.user, bid_id=bid_id, entry_id=entry_id)
        return Response({"id": str(entry_id), **selectors.read_entry(subject.held).plain()})

    def put(self, request: Call, bid_id: uuid.UUID, entry_id: uuid.UUID) -> Response:
        subject = selectors.entry_for(request.user, bid_id=bid_id, entry_id=entry_id)
        entry = EntryInput(data=request.data).entry()
        shelf.change(subject=subject, entry=entry, actor=request.user)
        return Response({"id": str(entry_id), **entry.plain()})

    def delete(self, request: Call, bid_id: uuid.UUID, entry_id: uuid.UUID) -> Response:
        subject = selectors.entry_for(request.user, bid_id=bid_id, entry_id=entry_id)
        shelf.remove(subject=subject, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Offers(Endpoint):
    permissions = {"get": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID, code: str) -> Response:
        """Return the earlier answers that fit a question best. A person edits before one is saved."""
        found = selectors.question_by(request.user, bid_id=bid_id, code=code)
        shown = selectors.suggestions_for(request.user, found.bid, found.question)
        return Response([{**_offer(one), "source": one.source} for one in shown.offers])


def _offer(one: Offer) -> dict[str, Any]:
    return {"id": str(one.key), **one.entry.plain(), "age": one.age}


BID = "bids/<uuid:bid_id>"
ANSWER = f"{BID}/answers/<str:code>"
EVIDENCE = f"{BID}/evidence/<uuid:evidence_id>"
urlpatterns = [
    path(f"{BID}/assumptions/", Assumptions.as_view(), name="api-assumptions"),
    path(
        f"{BID}/assumptions/<uuid:assumption_id>/", OneAssumption.as_view(), name="api-assumption"
    ),
    path(f"{ANSWER}/confidential/", ConfidentialAnswer.as_view(), name="api-confidential"),
    path(f"{BID}/evidence/", EvidenceFiles.as_view(), name="api-evidence"),
    path(f"{EVIDENCE}/", OneEvidence.as_view(), name="api-one-evidence"),
    path(f"{EVIDENCE}/questions/", AttachedEvidence.as_view(), name="api-attached-evidence"),
    path(f"{BID}/library/", Library.as_view(), name="api-library"),
    path(f"{BID}/library/<uuid:entry_id>/", OneEntry.as_view(), name="api-library-entry"),
    path(f"{ANSWER}/library/", Offers.as_view(), name="api-library-offers"),
]
