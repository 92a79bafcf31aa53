"""A lead's browser at the draft, and files to bring."""

import io
from collections.abc import Sequence

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.rfp.models import Rfp, Upload
from apps.rfp.selectors.workbook import form_of
from apps.rfp.workbooks.form import Form
from tests.conftest import acting_for
from tests.factories.rfp import make_rfp

HEADER = ("No", "Question", "Answer type", "Options", "Weight", "Guidance")
ROWS = (
    ("A.1", "Who owns your company?", "Text", "", 0, ""),
    ("A.2", "Do you hold ISO 27001?", "Yes/No", "", 5, "Attach the certificate."),
    ("A.3", "Which regions do you serve?", "Multiple choice", "EU; UK; US", 2, ""),
)


def table(*rows: Sequence[object], name: str = "Questions") -> bytes:
    """A workbook of one sheet with these rows."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet = book.add_worksheet(name)
    for at, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            sheet.write(at, column, cell)
    book.close()
    return held.getvalue()


FOREIGN = table(HEADER, *ROWS)


class Desk:
    """One person at the pages of one procurement."""

    def __init__(self, client, person, procurement) -> None:
        self.client, self.person, self.procurement = client, person, procurement

    def url(self, name: str, *more: object) -> str:
        return reverse(f"rfp:{name}", args=[self.procurement.pk, *more])

    def bring(self, name: str, content: bytes, *, start: bool = False):
        file = SimpleUploadedFile(name, content)
        return self.client.post(self.url("start-file" if start else "import"), {"file": file})

    def upload(self) -> Upload:
        with acting_for(self.person):
            return Upload.objects.select_related("rfp").get()

    def uploads(self) -> int:
        with acting_for(self.person):
            return Upload.objects.count()

    def form(self) -> Form:
        with acting_for(self.person):
            return form_of(self.rfp())

    def rfp(self) -> Rfp:
        with acting_for(self.person):
            return Rfp.objects.select_related("procurement").get(procurement=self.procurement)

    def preview(self, **query: str):
        return self.client.get(self.url("import-preview", self.upload().pk), query)

    def take_in(self, way: str = ""):
        """Confirm what the preview shows."""
        shown = self.preview(way=way).context
        return self.client.post(
            self.url("import-preview", shown["upload"].pk),
            {"way": shown["page"].way, "seen": shown["page"].seen},
        )


@pytest.fixture
def desk(client_for, buyer, procurement) -> Desk:
    """The lead, before the questionnaire is started."""
    return Desk(client_for(buyer.lead), buyer.lead, procurement)


@pytest.fixture
def drafting(desk: Desk) -> Desk:
    """The lead, at a draft of six questions."""
    with acting_for(desk.person) as lead:
        make_rfp(desk.procurement, lead)
    return desk
