from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SIGNED_OFF = "signed_off", _("Signed off")
    SUPERSEDED = "superseded", _("Superseded")


ASSESSMENT = Workflow(
    name="assessment",
    field="state",
    moves={
        "sign off": ((AssessmentState.DRAFT,), AssessmentState.SIGNED_OFF),
        "supersede": ((AssessmentState.SIGNED_OFF,), AssessmentState.SUPERSEDED),
    },
    sentences={
        "sign off": _("This assessment has been signed off. Begin a new one to change it."),
        "supersede": _("Only a signed-off assessment can be superseded."),
    },
)
