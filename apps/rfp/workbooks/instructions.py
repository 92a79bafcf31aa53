"""The first sheet: how to fill in the workbook, what rules may say, what the weights are."""

from typing import Final

from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from apps.rfp.workbooks import texts
from apps.rfp.workbooks.form import Form
from apps.rfp.workbooks.looks import Looks

WIDE: Final = 110


def _sentences() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        (
            _("Edit"),
            (
                _("White cells are yours; grey cells say which question a row is."),
                _("To add a question, fill in a free row. A number is given to it on import."),
                _("To remove a question, choose Remove in its row."),
                _("To move a question inside its section, change its number in the column Order."),
                _("To add a section, fill in the last sheet."),
                _(
                    "When you import the workbook, you see every difference before anything is saved."
                ),
            ),
        ),
        (
            _("Weights"),
            (
                _("Section weights are percentages of quality and must add up to 100."),
                _("Points count inside their section. Nothing is ever rescaled for you."),
                _("Write decimals with the sign your Excel uses; text such as 12,5 is refused."),
            ),
        ),
        (
            _("Choices"),
            (
                _(
                    "Write one choice on a line. In a table, write one column on a line: Year :: year"
                ),
            ),
        ),
        (
            _("Rules"),
            (
                _('Asked only if: question 1.02 equals "Yes" and not fact channels lacks "Voice"'),
                _('Brackets group: question 1.02 missing or (question 1.03 equals "No" and …)'),
                _('Excluded if: missing, or equals "No", or greater_than "72"'),
                _('Score by rule, one on a line: 5 if at_most "24" and at the end 0 otherwise'),
                _('Values stand in double quotes. A list reads ["Voice", "Chat"].'),
            ),
        ),
    )


def write(sheet: Worksheet, form: Form, looks: Looks) -> None:
    sheet.protect()
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, WIDE)
    sheet.write_string(0, 0, texts.encode(str(form.head.get("title", ""))), looks.title)
    row = 2
    for title, sentences in _sentences():
        sheet.write_string(row, 0, title, looks.label)
        for sentence in sentences:
            row += 1
            sheet.write_string(row, 0, sentence, looks.plain)
        row += 2
    sheet.write_string(row, 0, _("Section weights in this workbook"), looks.label)
    for part in form.parts:
        row += 1
        line = f"{part.code} {part.title}: {part.weight}%"
        sheet.write_string(row, 0, texts.encode(line), looks.plain)
