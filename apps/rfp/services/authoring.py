"""Writing an RFP, use case by use case; published content never changes again."""

from apps.rfp.services.arranging import move_question, move_section, place_question
from apps.rfp.services.asking import set_deadline, set_workload
from apps.rfp.services.questions import add_question, edit_question, remove_question
from apps.rfp.services.sections import (
    add_section,
    edit_section,
    remove_section,
    share_out,
    weigh_sections,
)
from apps.rfp.services.starting import keep_questions, start_from
from apps.rfp.services.terms import set_terms

__all__ = [
    "add_question",
    "add_section",
    "edit_question",
    "edit_section",
    "keep_questions",
    "move_question",
    "move_section",
    "place_question",
    "remove_question",
    "remove_section",
    "set_deadline",
    "set_terms",
    "set_workload",
    "share_out",
    "start_from",
    "weigh_sections",
]
