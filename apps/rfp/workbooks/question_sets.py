"""Question sets in JSON or YAML: found out by their shape, taken over as proposals."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete
from apps.rfp.workbooks import filed, marketplace, vsaq
from apps.rfp.workbooks.proposals import Proposal


def is_filed(content: Any) -> bool:
    """Whether this is a questionnaire file of ours, whose questions keep their numbers."""
    return isinstance(content, Mapping) and isinstance(content.get("sections"), list)


def propose(content: Any) -> Proposal:
    """Return the questions of a set that was read as plain data, with remarks for all the rest."""
    try:
        found = _propose(content)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError):
        raise Incomplete(_not_known()) from None
    if not any(True for _one in found.form.items):
        raise Incomplete(_("There is no question in this file that can be taken over."))
    return found


def _propose(content: Any) -> Proposal:
    match content:
        case {"sections": [*_sections]}:
            return filed.propose(content)
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
