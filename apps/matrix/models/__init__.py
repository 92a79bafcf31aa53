from apps.matrix.models.calibration import Calibration, MockAnswer, TrialScore
from apps.matrix.models.ranking import Ranking
from apps.matrix.models.reopening import Reopening
from apps.matrix.models.round import Assignment, ScoringRound
from apps.matrix.models.score import Consensus, Score
from apps.matrix.models.substitution import Substitution

__all__ = [
    "Assignment",
    "Calibration",
    "Consensus",
    "MockAnswer",
    "Ranking",
    "Reopening",
    "Score",
    "ScoringRound",
    "Substitution",
    "TrialScore",
]
