"""Earlier answers and passports that a vendor brings, and the passport that it takes away.

A file is sent as a form with one field, `file`; it is read, kept for a day for the person who
brought it alone, shown, and saved only then.
"""

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from apps.bids import selectors
from apps.bids.models import LibraryImport
from apps.bids.selectors.library import BidImport, Preview
from apps.bids.selectors.passports import BroughtPassport
from apps.bids.services import bringing, passports
from apps.bids.states import BroughtKind
from apps.bids.types.library import COLUMNS, LONGEST_NAME, Layout
from apps.core.api import Endpoint, Input
from apps.core.downloads import download
from apps.core.errors import Incomplete, NotFound
from apps.workspace.types import Call

ZIP = "application/zip"


class TextInput(Input):
    text = serializers.CharField(max_length=bringing.LONGEST_TEXT)


class LayoutInput(Input):
    """Which sheet and columns; all are counted from 1, as people do."""

    sheet = serializers.IntegerField(min_value=1)
    first_row = serializers.IntegerField(min_value=1, max_value=100_000)
    question = serializers.IntegerField(min_value=1)
    answer = serializers.IntegerField(min_value=1)
    topic = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    owner = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    day = serializers.IntegerField(min_value=1, required=False, allow_null=True)

    def layout(self, shown: Preview) -> Layout:
        """Return the layout; Incomplete where the file has no such sheet or column."""
        given = self.checked()
        if given["sheet"] > len(shown.sheets):
            raise _refused(_("There is no such sheet in this file."), "sheet")
        width = shown.sheets[given["sheet"] - 1].width
        for name in COLUMNS:
            if (given.get(name) or 0) > width:
                raise _refused(_("There is no such column in this sheet."), name)
        return Layout(
            sheet=given["sheet"] - 1,
            first_row=given["first_row"] - 1,
            columns={name: at - 1 if (at := given.get(name)) else None for name in COLUMNS},
        )


class PackInput(Input):
    library = serializers.BooleanField(default=True)
    bids = serializers.ListField(child=serializers.UUIDField(), default=list)
    evidence = serializers.ListField(child=serializers.UUIDField(), default=list)


class TakeInInput(Input):
    """`seen` is the fingerprint of the key that signed; `pin` the name it is known under from now."""

    seen = serializers.CharField(max_length=64)
    pin = serializers.CharField(max_length=LONGEST_NAME, allow_blank=True, default="")


def _refused(sentence: str, name: str) -> Incomplete:
    return Incomplete(sentence, fields={name: sentence})


def _file(call: Call) -> UploadedFile:
    file: UploadedFile | None = call.FILES.get("file")
    if file is None:
        raise _refused(_("Send a form with one file in the field “file”."), "file")
    return file


# The library


class Imports(Endpoint):
    """A workbook or a document as a form, pasted text as JSON."""

    permissions = {"get": "bids.answer", "post": "bids.answer"}
    parser_classes = [MultiPartParser, JSONParser]

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return what this person brought and has neither saved nor given up."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        waiting = selectors.waiting_imports(request.user, bid)
        return Response([{**_brought(one.held), "name": one.name} for one in waiting])

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        if request.FILES or (request.content_type or "").startswith("multipart/"):
            file = _file(request)
            held = bringing.bring_file(
                bid=bid, name=file.name or "", content=file.read(), actor=request.user
            )
        else:
            given = TextInput(data=request.data).checked()
            held = bringing.bring_text(bid=bid, text=given["text"], actor=request.user)
        shown = _preview(selectors.preview_of(bid, held, None))
        return Response({**_brought(held), **shown}, status=status.HTTP_201_CREATED)


class OneImport(Endpoint):
    permissions = {"get": "bids.answer", "post": "bids.answer", "delete": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID, import_id: uuid.UUID) -> Response:
        """Say what would be saved: under the likeliest columns, or those named in the address."""
        subject = _table(request, bid_id, import_id)
        shown = selectors.preview_of(subject.bid, subject.held, None)
        if request.GET:
            layout = LayoutInput(data=request.GET.dict()).layout(shown)
            shown = selectors.preview_of(subject.bid, subject.held, layout)
        return Response({**_brought(subject.held), **_preview(shown)})

    def post(self, request: Call, bid_id: uuid.UUID, import_id: uuid.UUID) -> Response:
        """Save the answers that are new, under the columns that are sent."""
        subject = _table(request, bid_id, import_id)
        first = selectors.preview_of(subject.bid, subject.held, None)
        layout = LayoutInput(data=request.data).layout(first)
        added = bringing.save(subject=subject, layout=layout, actor=request.user)
        return Response({"added": added}, status=status.HTTP_201_CREATED)

    def delete(self, request: Call, bid_id: uuid.UUID, import_id: uuid.UUID) -> Response:
        """Forget what was brought: a table, a text or a passport."""
        subject = selectors.import_for(request.user, bid_id=bid_id, import_id=import_id)
        bringing.give_up(subject=subject, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _table(call: Call, bid_id: uuid.UUID, import_id: uuid.UUID) -> BidImport:
    subject = selectors.import_for(call.user, bid_id=bid_id, import_id=import_id)
    if subject.held.kind == BroughtKind.PASSPORT:
        raise NotFound(_("This is a passport. Look at it under passport/imports."))
    return subject


def _brought(held: LibraryImport) -> dict[str, Any]:
    return {"id": str(held.pk), "kind": held.kind}


def _preview(shown: Preview) -> dict[str, Any]:
    layout = shown.layout
    columns = {name: None if at is None else at + 1 for name, at in layout.columns.items()}
    return {
        "name": shown.name,
        "sheets": [
            {"name": one.name, "columns": one.width, "rows": len(one.rows)} for one in shown.sheets
        ],
        "layout": {"sheet": layout.sheet + 1, "first_row": layout.first_row + 1, **columns},
        "new": [one.entry.plain() for one in shown.fresh if one.entry],
        "known": len(shown.known),
        "left_out": [{"row": one.number, "why": one.why_not} for one in shown.left],
    }


# The passport


class Passport(Endpoint):
    permissions = {"get": "bids.view", "post": "bids.export_passport"}

    def get(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Return what can go into a passport, and the keys this vendor trusts."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        page = selectors.passport_page(request.user, bid, passports.own_key())
        return Response(
            {
                "own_key": page.own_key,
                "library": page.entries,
                "bids": [
                    {"id": str(one.bid.pk), "label": one.label, "answers": len(one.entries)}
                    for one in page.bids
                ],
                "evidence": [{"id": str(one.held.pk), "name": one.name} for one in page.files],
                "trusted": [{"key": one.fingerprint, "name": one.name} for one in page.pinned],
            }
        )

    def post(self, request: Call, bid_id: uuid.UUID) -> HttpResponse:
        """Return a signed passport with what was chosen."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        given = PackInput(data=request.data).checked()
        name, content = passports.export(
            bid=bid,
            library=given["library"],
            bids=[str(one) for one in given["bids"]],
            files=[str(one) for one in given["evidence"]],
            actor=request.user,
        )
        return download(name, content, kind=ZIP)


class PassportImports(Endpoint):
    permissions = {"post": "bids.answer"}
    parser_classes = [MultiPartParser]

    def post(self, request: Call, bid_id: uuid.UUID) -> Response:
        """Bring a passport: one that does not fit together is refused by its check."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        file = _file(request)
        held = passports.bring(
            bid=bid, name=file.name or "", content=file.read(), actor=request.user
        )
        shown = selectors.brought_passport(bid, held, passports.own_key())
        return Response({**_brought(held), **_passport(shown)}, status=status.HTTP_201_CREATED)


class OnePassport(Endpoint):
    permissions = {"get": "bids.answer", "post": "bids.answer"}

    def get(self, request: Call, bid_id: uuid.UUID, import_id: uuid.UUID) -> Response:
        """Say who signed it, and what is new in it."""
        subject = _signed(request, bid_id, import_id)
        shown = selectors.brought_passport(subject.bid, subject.held, passports.own_key())
        return Response({**_brought(subject.held), **_passport(shown)})

    def post(self, request: Call, bid_id: uuid.UUID, import_id: uuid.UUID) -> Response:
        """Take its answers and files in."""
        subject = _signed(request, bid_id, import_id)
        given = TakeInInput(data=request.data).checked()
        added, files = passports.take_in(
            subject=subject, pin=given["pin"].strip(), seen=given["seen"], actor=request.user
        )
        return Response({"added": added, "files": files}, status=status.HTTP_201_CREATED)


class TrustedKey(Endpoint):
    permissions = {"delete": "bids.answer"}

    def delete(self, request: Call, bid_id: uuid.UUID, key: str) -> Response:
        """Trust a key no more; what came with it stays."""
        bid = selectors.bid_for(request.user, bid_id=bid_id)
        passports.unpin(bid=bid, fingerprint=key[:64], actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _signed(call: Call, bid_id: uuid.UUID, import_id: uuid.UUID) -> BidImport:
    subject = selectors.import_for(call.user, bid_id=bid_id, import_id=import_id)
    if subject.held.kind != BroughtKind.PASSPORT:
        raise NotFound(_("This is no passport. Look at it under library/imports."))
    return subject


def _passport(shown: BroughtPassport) -> dict[str, Any]:
    return {
        "key": shown.fingerprint,
        "trusted": shown.trusted,
        "known_as": shown.known_as,
        "issuer": shown.issuer,
        "vendor": shown.vendor,
        "issued_at": shown.issued_at,
        "new": [{**entry.plain(), "age": age} for entry, age in shown.entries],
        "known": shown.known,
        "files": [
            {"name": one.name, "size": one.size, "sha256": one.sha256, **one.about.plain()}
            for one in shown.files
        ],
    }


BID = "bids/<uuid:bid_id>"
urlpatterns = [
    path(f"{BID}/library/imports/", Imports.as_view(), name="api-library-imports"),
    path(
        f"{BID}/library/imports/<uuid:import_id>/", OneImport.as_view(), name="api-library-import"
    ),
    path(f"{BID}/passport/", Passport.as_view(), name="api-passport"),
    path(f"{BID}/passport/imports/", PassportImports.as_view(), name="api-passport-imports"),
    path(
        f"{BID}/passport/imports/<uuid:import_id>/",
        OnePassport.as_view(),
        name="api-passport-import",
    ),
    path(f"{BID}/passport/keys/<str:key>/", TrustedKey.as_view(), name="api-passport-key"),
]
