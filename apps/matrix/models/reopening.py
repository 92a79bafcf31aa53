import uuid

from django.db import models

from apps.matrix.models.round import ScoringRound
from apps.matrix.states import ReopeningState
from apps.rfp.models.second_person import SecondPerson, decided_by_another
from apps.workspace.models import Recusal


class Reopening(SecondPerson):
    """Locked scores that one person asks to agree anew, and another one confirms or drops.

    What was asked stands from the first moment; a trigger lets only the decision be added, once, and
    lets no round supersede another without a confirmed row.
    """

    scoring_round = models.ForeignKey(ScoringRound, models.PROTECT, related_name="reopenings")
    state = models.CharField(
        max_length=10, choices=ReopeningState, default=ReopeningState.REQUESTED
    )
    reason = models.TextField()
    answer = models.TextField(default="", blank=True)  # why it was dropped
    # The conflict that was settled after the lock and asked for it; null where a person did.
    recusal = models.ForeignKey(Recusal, models.PROTECT, null=True, related_name="+")
    # Whether a price had been opened when it was confirmed.
    prices_known = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ReopeningState.values),
                name="reopening_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["scoring_round"],
                condition=~models.Q(state=ReopeningState.DROPPED),
                name="one_reopening_per_round",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="reopening_has_its_reason"),
            decided_by_another(
                "reopening_is_confirmed_by_another", models.Q(state=ReopeningState.CONFIRMED)
            ),
        ]

    @property
    def procurement_id(self) -> uuid.UUID:
        """Whose record its moves belong to; read the round along with it."""
        return self.scoring_round.procurement_id

    def __str__(self) -> str:
        return f"Reopening {self.pk}: {self.state}"
