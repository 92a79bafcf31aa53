"""Question sets in JSON or YAML: found out by their shape, taken over as proposals."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp.workbooks import marketplace, vsaq
from apps.rfp.workbooks.form import of_file
from apps.rfp.workbooks.proposals import Proposal

KINDS: Final[Mapping[str, str]] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}


def kind_of(name: str) -> str | None:
    """Return what `quarantine.read_plain` calls a file of this name; None for another kind."""
    return KINDS.get(PurePath(name).suffix.lower())


def propose(content: Any) -> Proposal:
    """Return the questions of a set that was read as plain data, with remarks for all the rest."""
    try:
        found = _propose(content)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise Incomplete(_not_known()) from None
    if not found.form.codes:
        raise Incomplete(_("There is no question in this file that can be taken over."))
    return found


def _propose(content: Any) -> Proposal:
    match content:
        case {"sections": [*_sections]}:
            return Proposal(of_file(content), ())
        case {"questionnaire": [*blocks]}:
            return vsaq.propose(blocks, extra=content, known=("questionnaire",))
        case {"extensions": [*blocks]}:
            return vsaq.propose(blocks, extra=content, known=("extensions",))
        case [{"questions": _questions}, *_more]:
            return marketplace.propose(content)
        case [{"type": _kind, "question": _text}, *_more]:
            return marketplace.propose([{"name": _("Questions"), "questions": content}])
        case {"type": _kind, "question": _text}:
            return marketplace.propose([{"name": _("Questions"), "questions": [content]}])
    raise ValueError(_not_known())


def _not_known() -> str:
    return _(
        "This file is laid out in a way that is not known here. Put the questions into a workbook,"
        " one on a row, and import that."
    )
