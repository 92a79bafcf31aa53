"""The changes of a draft that can be undone, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.rfp.models import Change, Rfp

ACTS: Mapping[str, Promise] = MappingProxyType(
    {
        "accept_finding": gettext_lazy("finding accepted"),
        "add_from_bank": gettext_lazy("questions added from the bank"),
        "add_lot": gettext_lazy("lot {about} added"),
        "add_pack": gettext_lazy("{about} added"),
        "add_question": gettext_lazy("question {about} added"),
        "add_section": gettext_lazy("section {about} added"),
        "assign_lots": gettext_lazy("sections given to lots"),
        "edit_lot": gettext_lazy("lot {about} edited"),
        "edit_question": gettext_lazy("question {about} edited"),
        "edit_section": gettext_lazy("section {about} edited"),
        "import_workbook": gettext_lazy("workbook imported"),
        "keep_questions": gettext_lazy("questions chosen"),
        "move_question": gettext_lazy("question {about} moved"),
        "move_section": gettext_lazy("section {about} moved"),
        "rebalance": gettext_lazy("weights rebalanced"),
        "remove_lot": gettext_lazy("lot {about} removed"),
        "remove_question": gettext_lazy("question {about} removed"),
        "remove_section": gettext_lazy("section {about} removed"),
        "set_deadline": gettext_lazy("deadline set"),
        "set_preset": gettext_lazy("preset chosen"),
        "set_terms": gettext_lazy("terms changed"),
        "set_workload": gettext_lazy("workload set"),
        "share_out": gettext_lazy("weights brought to 100"),
        "weigh_sections": gettext_lazy("sections weighed"),
    }
)


@dataclass(frozen=True)
class Undoable:
    """The change that Undo takes back, in words."""

    pk: UUID
    words: str


def last_change(rfp: Rfp) -> Change | None:
    return Change.objects.filter(rfp=rfp, undone=False).order_by("-number").first()


def undoable(rfp: Rfp) -> Undoable | None:
    """Return the change that can be undone next; None where nothing was changed."""
    change = last_change(rfp)
    if change is None:
        return None
    words = str(ACTS.get(change.act, _("the last change")))
    return Undoable(pk=change.pk, words=words.format(about=change.about))
