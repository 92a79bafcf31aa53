from django.conf import settings
from django.db import models

from apps.bids.models import Bid
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


class Award(Owned):
    """What a decision gives to whom, and what each vendor is told of it. Append-only.

    `record` is canonical JSON: ranking, winner, back-up, conditions and the notice of every bid. A
    second person approves it with its decision. Without a winner the tender ends without an award.
    """

    decision = models.OneToOneField(Decision, models.PROTECT, related_name="award")
    winner = models.ForeignKey(Bid, models.PROTECT, null=True, related_name="+")
    backup = models.ForeignKey(Bid, models.PROTECT, null=True, related_name="+")
    conditions = models.TextField(default="", blank=True)
    record = models.TextField()
    digest = models.CharField(max_length=64)
    # Days after the notice in which no contract may be concluded; 0 where none are published.
    standstill_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(backup=None)
                | (models.Q(winner__isnull=False) & ~models.Q(backup=models.F("winner"))),
                name="a_backup_stands_behind_a_winner",
            )
        ]

    def __str__(self) -> str:
        return f"Award {self.pk}"


class Contract(Owned):
    """That the contract of an award was concluded, and when. Append-only; never in a standstill."""

    award = models.OneToOneField(Award, models.PROTECT, related_name="contract")
    signed_on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Contract {self.pk}"


class Schedule(Owned):
    """What a contract obliges to, row by row, frozen with the contract. Append-only.

    `record` is canonical JSON: each row with its source, wording, value, unit, due, and who reports.
    """

    contract = models.OneToOneField(Contract, models.PROTECT, related_name="schedule")
    record = models.TextField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"Schedule {self.pk}"
