from django.conf import settings
from django.db import models

from apps.decision.states import DecisionState
from apps.rfp.models import Lot
from apps.workspace.models import Owned, Procurement


class Statement(Owned):
    """A fact the tree asks for that only people can state, with its evidence. Append-only."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="statements")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    fact = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()
    value = models.CharField(max_length=40)
    evidence = models.TextField()
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procurement", "lot", "fact", "number"],
                nulls_distinct=False,
                name="one_statement_number",
            )
        ]

    def __str__(self) -> str:
        return f"Statement {self.pk}: {self.fact}"


class Decision(Owned):
    """A recommendation with its evidence frozen, proposed by one person, approved by another."""

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="decisions")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    number = models.PositiveSmallIntegerField(default=1)
    tree = models.CharField(max_length=60)
    tree_version = models.CharField(max_length=20)
    record = models.TextField()  # the engine's walk: tree, evidence, path, reasons, flips
    digest = models.CharField(max_length=64)
    recommendation = models.CharField(max_length=60)
    outcome = models.CharField(max_length=60)  # differs from the recommendation when overridden
    rationale = models.TextField()
    state = models.CharField(max_length=10, choices=DecisionState, default=DecisionState.DRAFT)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    # Why the approver sent it back; empty while it was not.
    sent_back_reason = models.TextField(default="", blank=True)
    sent_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sent_back_at = models.DateTimeField(null=True)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["procurement", "lot", "number"],
                nulls_distinct=False,
                name="one_decision_number",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=DecisionState.values), name="decision_state_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("proposed_by")),
                name="approver_is_not_the_proposer",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state="approved", approved_by__isnull=False, approved_at__isnull=False
                )
                | (~models.Q(state="approved") & models.Q(approved_by=None, approved_at=None)),
                name="approved_decision_has_its_approver",
            ),
        ]

    def __str__(self) -> str:
        return f"Decision {self.pk}: {self.recommendation} {self.state}"
