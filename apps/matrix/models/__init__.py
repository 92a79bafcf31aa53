from apps.matrix.models.ranking import Ranking
from apps.matrix.models.round import Assignment, ScoringRound
from apps.matrix.models.score import Consensus, Score

__all__ = ["Assignment", "Consensus", "Ranking", "Score", "ScoringRound"]
