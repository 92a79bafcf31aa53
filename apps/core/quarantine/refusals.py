"""Why a file is not read: one sentence each, with the sheet and the cell where they are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.errors import TooLarge, Unfit

AS_XLSX = gettext_lazy("This is not an Excel workbook. Save it as .xlsx and upload that.")
SENTENCES: Mapping[str, str | Promise] = MappingProxyType(
    {
        # the package, before anything is unpacked
        "empty": gettext_lazy("The file is empty. Choose another one."),
        "large": gettext_lazy("The file is larger than {most} MB. Remove pictures, or split it."),
        "kind": gettext_lazy(
            "Files of this kind are not taken. Upload one of: xlsx, xls, ods, csv, json, yaml."
        ),
        "not_xlsx": AS_XLSX,
        "not_xls": gettext_lazy(
            "This is not a workbook of Excel 97 to 2003. Save it as .xlsx and upload that."
        ),
        "not_ods": gettext_lazy(
            "This is not an OpenDocument spreadsheet. Save it as .ods or .xlsx and upload that."
        ),
        "not_csv": gettext_lazy(
            "This is not plain text in UTF-8. Save it as “CSV UTF-8” and upload that."
        ),
        "old_or_locked": gettext_lazy(
            "The workbook is protected by a password or saved in the old format. Save it as .xlsx"
            " without a password."
        ),
        "binary": gettext_lazy(
            "The workbook is saved in a binary format. Save it as .xlsx and upload that."
        ),
        "broken_package": gettext_lazy(
            "The workbook is damaged. Open it in Excel, save it anew, and upload that."
        ),
        "many_parts": gettext_lazy(
            "The workbook has more than {most} parts. Remove pictures and sheets that are not needed."
        ),
        "inflates": gettext_lazy(
            "The workbook unpacks to far more than its size. Copy what is needed into a new one."
        ),
        "encrypted": gettext_lazy(
            "Parts of the workbook are encrypted. Save it without a password."
        ),
        "macros": gettext_lazy("The workbook holds macros. Save it as .xlsx, without macros."),
        "external": gettext_lazy(
            "The workbook is linked to other files or to data sources. Break the links, then save it."
        ),
        "embedded": gettext_lazy(
            "The workbook has other documents embedded. Remove them, then save it."
        ),
        "entities": gettext_lazy(
            "The workbook defines entities of its own. Copy its content into a new workbook."
        ),
        "encoding": gettext_lazy(
            "The workbook is written in an unusual encoding. Open it in Excel and save it anew."
        ),
        # the content, in the child
        "broken": gettext_lazy(
            "The workbook cannot be read. Open it in Excel, save it anew, and upload that."
        ),
        "far_out": gettext_lazy(
            "A cell lies beyond row 40,000 or column GR. Delete what is out there."
        ),
        "many_cells": gettext_lazy("There are too many cells. Keep the questions alone."),
        "many_merged": gettext_lazy("There are too many merged cells. Unmerge them."),
        "long_cell": gettext_lazy("A cell holds more than 32,767 characters. Shorten it."),
        "much_text": gettext_lazy("There is too much text. Split the workbook."),
        "dde": gettext_lazy("A formula starts another program. Delete it."),
        "memory": gettext_lazy("The file takes too much memory to read. Keep the questions alone."),
        "time": gettext_lazy("The file takes too long to read. Keep the questions alone."),
        # documents
        "no_answers": gettext_lazy(
            "Files of this kind are not taken here. Upload one of: docx, xlsx, xls, ods, csv."
        ),
        "not_docx": gettext_lazy(
            "This is not a document of Word. Save it as .docx and upload that."
        ),
        "docx_old_or_locked": gettext_lazy(
            "The document is protected by a password or saved in the old format. Save it as .docx"
            " without a password."
        ),
        "docx_broken_package": gettext_lazy(
            "The document is damaged. Open it in Word, save it anew, and upload that."
        ),
        "docx_broken": gettext_lazy(
            "The document cannot be read. Open it in Word, save it anew, and upload that."
        ),
        "docx_many_parts": gettext_lazy(
            "The document has too many parts. Copy its text into a new document, without pictures."
        ),
        "docx_inflates": gettext_lazy(
            "The document unpacks to far more than its size. Copy its text into a new one."
        ),
        "docx_encrypted": gettext_lazy(
            "Parts of the document are encrypted. Save it without a password."
        ),
        "docx_macros": gettext_lazy("The document holds macros. Save it as .docx, without macros."),
        "docx_external": gettext_lazy(
            "The document is linked to other files. Break the links, then save it."
        ),
        "docx_embedded": gettext_lazy(
            "The document has other documents embedded. Remove them, then save it."
        ),
        "docx_entities": gettext_lazy(
            "The document defines entities of its own. Copy its text into a new document."
        ),
        "docx_encoding": gettext_lazy(
            "The document is written in an unusual encoding. Open it in Word and save it anew."
        ),
        "docx_long_cell": gettext_lazy(
            "A paragraph or a cell holds more than 32,767 characters. Shorten it."
        ),
        "docx_much_text": gettext_lazy("There is too much text. Split the document."),
        # recorded intervals
        "no_counts": gettext_lazy(
            "Files of this kind hold no intervals here. Upload one of: xlsx, xls, ods, csv."
        ),
        # question sets
        "no_json": gettext_lazy("This is not JSON text in UTF-8. Export it again."),
        "twins": gettext_lazy("The same name is given twice in one object. Export it again."),
        "no_yaml": gettext_lazy("This is not YAML text in UTF-8. Export it again."),
        "aliases": gettext_lazy("The file uses aliases. Write every value where it belongs."),
        "deep": gettext_lazy("The file is nested too deep. Flatten it."),
    }
)


@dataclass(frozen=True)
class Usage:
    """What a reading took. A child that died has told no peak: then it is the limit it had."""

    cpu_seconds: float
    wall_seconds: float
    peak_mib: float


class Unreadable(Unfit):
    """A file that is not read; `code` is one of SENTENCES."""

    def __init__(self, code: str, sheet: str = "", cell: str = "", **figures: Any) -> None:
        sentence = _placed(str(SENTENCES[code]).format(**figures), sheet, cell)
        super().__init__(sentence, fields={"file": sentence})
        if code == "large":
            self.status = TooLarge.status
        self.code = code
        self.sheet = sheet
        self.cell = cell
        self.usage: Usage | None = None  # where a child was started to find out


def _placed(sentence: str, sheet: str, cell: str) -> str:
    if sheet and cell:
        return _("Sheet “{sheet}”, cell {cell}: {sentence}").format(
            sheet=sheet, cell=cell, sentence=sentence
        )
    if sheet:
        return _("Sheet “{sheet}”: {sentence}").format(sheet=sheet, sentence=sentence)
    return sentence
