from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class ScoringPhase(models.TextChoices):
    INDEPENDENT = "independent", _("Scoring alone")
    CONSENSUS = "consensus", _("Agreeing")
    LOCKED = "locked", _("Locked")


class ReopeningState(models.TextChoices):
    """Whether locked scores are agreed anew."""

    REQUESTED = "requested", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    DROPPED = "dropped", _("Dropped")


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
REOPENING = Workflow(
    name="reopening",
    field="state",
    moves={
        "confirm": ((ReopeningState.REQUESTED,), ReopeningState.CONFIRMED),
        "drop": ((ReopeningState.REQUESTED,), ReopeningState.DROPPED),
    },
    sentences={
        "confirm": _("This request has been decided already."),
        "drop": _("This request has been decided already."),
    },
)
