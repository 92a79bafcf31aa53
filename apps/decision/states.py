from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class DecisionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")


DECISION = Workflow(
    name="decision",
    field="state",
    moves={
        "propose": ((DecisionState.DRAFT,), DecisionState.PROPOSED),
        "send back": ((DecisionState.PROPOSED,), DecisionState.DRAFT),
        "approve": ((DecisionState.PROPOSED,), DecisionState.APPROVED),
    },
    sentences={
        "propose": _("This decision has been proposed already."),
        "send back": _("Only a proposed decision can be sent back."),
        "approve": _("A decision is approved once, after it was proposed."),
    },
)
