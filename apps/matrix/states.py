from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class ScoringPhase(models.TextChoices):
    INDEPENDENT = "independent", _("Scoring alone")
    CONSENSUS = "consensus", _("Agreeing")
    LOCKED = "locked", _("Locked")


SCORING = Workflow(
    name="scoring",
    field="phase",
    moves={
        "open consensus": ((ScoringPhase.INDEPENDENT,), ScoringPhase.CONSENSUS),
        "return to scoring": ((ScoringPhase.CONSENSUS,), ScoringPhase.INDEPENDENT),
        "lock": ((ScoringPhase.CONSENSUS,), ScoringPhase.LOCKED),
    },
    sentences={
        "open consensus": _("Consensus has been opened already."),
        "return to scoring": _("Scores are locked; ask the lead for a new round."),
        "lock": _("Scores can be locked from the consensus, once."),
    },
)
