from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class DecisionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    APPROVED = "approved", _("Approved")


class ObligationKind(models.TextChoices):
    """Where a row of a contract's schedule comes from."""

    COMMITMENT = "commitment", _("Commitments")
    ASSUMPTION = "assumption", _("Accepted assumptions")
    CONDITION = "condition", _("Conditions of the award")
    LEVEL = "level", _("Service levels")
    PRICE = "price", _("Promises of the price sheet")
    KPI = "kpi", _("Key figures")
    TRANSITION = "transition", _("Transition")


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
