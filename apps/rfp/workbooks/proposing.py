"""The questions of the sheets a person chose, and a remark for whatever was not taken over."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.core.quarantine.values import Visibility, Workbook
from apps.rfp.workbooks.brackets import Bracketed, is_bracketed
from apps.rfp.workbooks.foreign import Layout
from apps.rfp.workbooks.proposals import Chapters, Notes, Proposal
from apps.rfp.workbooks.taking import Taking


def propose(book: Workbook, layouts: Iterable[Layout]) -> Proposal:
    """Read a foreign workbook by the layouts that were confirmed; its file is never changed."""
    chapters, notes = Chapters(), Notes()
    chosen = {layout.sheet: layout for layout in layouts}
    for sheet in book.sheets:
        if sheet.name in chosen:
            reader = Bracketed if is_bracketed(sheet) else Taking
            reader(sheet, chosen[sheet.name], chapters, notes).read()
        elif sheet.cells:
            hidden = sheet.visibility is not Visibility.VISIBLE
            reason = _("This sheet is hidden.") if hidden else _("This sheet was not chosen.")
            notes.left_out(sheet.name, sheet.name, reason)
    return Proposal(chapters.form(), tuple(notes.held))
