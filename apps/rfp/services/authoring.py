"""Writing an RFP, use case by use case; published content never changes again."""

from apps.rfp.services.arranging import move_question, move_section, place_question
from apps.rfp.services.asking import set_deadline, set_workload
from apps.rfp.services.banking import add_from_bank
from apps.rfp.services.library import delete_template, rename_template, save_template
from apps.rfp.services.lots import add_lot, assign_sections, edit_lot, limit_lots, remove_lot
from apps.rfp.services.presets import set_preset
from apps.rfp.services.questions import add_question, edit_question, remove_question
from apps.rfp.services.sections import (
    add_section,
    edit_section,
    remove_section,
    share_out,
    weigh_sections,
)
from apps.rfp.services.starting import add_pack, keep_questions, start, start_from
from apps.rfp.services.terms import set_terms
from apps.rfp.services.undoing import undo
from apps.rfp.services.weighing import save_weights

__all__ = [
    "add_from_bank",
    "add_lot",
    "add_pack",
    "add_question",
    "add_section",
    "assign_sections",
    "delete_template",
    "edit_lot",
    "edit_question",
    "edit_section",
    "keep_questions",
    "limit_lots",
    "move_question",
    "move_section",
    "place_question",
    "remove_lot",
    "remove_question",
    "remove_section",
    "rename_template",
    "save_template",
    "save_weights",
    "set_deadline",
    "set_preset",
    "set_terms",
    "set_workload",
    "share_out",
    "start",
    "start_from",
    "undo",
    "weigh_sections",
]
