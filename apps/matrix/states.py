from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.workflow import Workflow


class ScoringPhase(models.TextChoices):
    INDEPENDENT = "independent", _("Scoring alone")
    CONSENSUS = "consensus", _("Agreeing")
    LOCKED = "locked", _("Locked")


class CalibrationState(models.TextChoices):
    """How far a round on a mock bid is."""

    WRITING = "writing", _("Being written")
    SCORING = "scoring", _("Being scored")
    SHOWN = "shown", _("Scores shown")


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
CALIBRATION = Workflow(
    name="calibration",
    field="state",
    moves={
        "start": ((CalibrationState.WRITING,), CalibrationState.SCORING),
        "show": ((CalibrationState.SCORING,), CalibrationState.SHOWN),
    },
    sentences={
        "start": _("The panel has this mock bid already."),
        "show": _("Scores are shown once, while the panel scores a mock bid."),
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
