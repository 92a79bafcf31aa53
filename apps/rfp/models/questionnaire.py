from django.db import models

from apps.rfp.models.lot import Lot
from apps.rfp.models.rfp import Rfp
from apps.rfp.states import IN_STAGES, AnswerKind, EnvelopeKind, EvidenceClass, ScoringMode
from apps.workspace.models import Owned


class Section(Owned):
    """A chapter of the questionnaire: its weight is a percentage of quality, of each lot it is asked for."""

    rfp = models.ForeignKey(Rfp, models.CASCADE, related_name="sections")
    # The one lot that it is asked for; null for all of them, and where there are none.
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="sections")
    code = models.CharField(max_length=12)
    title = models.CharField(max_length=120)
    weight = models.DecimalField(max_digits=7, decimal_places=4)
    # Percent of its points below which a bid is excluded; null asks for none.
    minimum = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    envelope = models.CharField(max_length=10, choices=EnvelopeKind, default=EnvelopeKind.TECHNICAL)
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "code"], name="one_section_code"),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0), name="section_weight_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(minimum=None) | models.Q(minimum__gt=0, minimum__lte=100),
                name="section_minimum_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=models.Q(envelope__in=EnvelopeKind.values), name="envelope_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Section {self.pk}: {self.code}"


class Question(Owned):
    """One question. `weight` is points inside the section; the scale is the rubric's end points.

    `knockout`, `condition` and `auto` are rules as plain data, parsed by `rfp.answers`; `limits`
    are `{"least", "most", "whole"}` of a figure, or the fewest and most rows.
    """

    rfp = models.ForeignKey(Rfp, models.CASCADE, related_name="questions")
    section = models.ForeignKey(Section, models.CASCADE, related_name="questions")
    code = models.CharField(max_length=12)
    topic = models.CharField(max_length=120)
    text = models.TextField()
    kind = models.CharField(max_length=14, choices=AnswerKind)
    options = models.JSONField(default=list, blank=True)
    unit = models.CharField(max_length=60, default="", blank=True)
    weight = models.DecimalField(max_digits=7, decimal_places=4)
    required = models.BooleanField(default=True)
    mode = models.CharField(max_length=8, choices=ScoringMode, default=ScoringMode.MANUAL)
    rubric = models.JSONField(default=dict, blank=True)  # "0" … "5" → what this point means
    scale_min = models.DecimalField(max_digits=6, decimal_places=2, default=0)
    scale_max = models.DecimalField(max_digits=6, decimal_places=2, default=5)
    # The score below which a bid is excluded; null asks for none.
    minimum = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    # The score above which unexpired evidence of `evidence_class` is asked for; null asks for none.
    held_at = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    knockout = models.JSONField(default=dict, blank=True)
    condition = models.JSONField(default=dict, blank=True)
    auto = models.JSONField(default=list, blank=True)
    evidence = models.CharField(max_length=200, default="", blank=True)
    evidence_required = models.BooleanField(default=False)
    evidence_class = models.CharField(max_length=14, choices=EvidenceClass, default="", blank=True)
    evidence_expires = models.BooleanField(default=False)  # a file comes with its expiry date
    limits = models.JSONField(default=dict, blank=True)
    allows_na = models.BooleanField(default=False)  # "not applicable" is an answer, with a reason
    commitment = models.BooleanField(default=False)  # the answer becomes a contract row
    word_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    domain = models.CharField(max_length=20, default="", blank=True)
    position = models.PositiveSmallIntegerField()
    # By an addendum: not asked any more. The row stays, for answers were given to it.
    withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "code"], name="one_question_code"),
            models.CheckConstraint(
                condition=models.Q(kind__in=AnswerKind.values), name="answer_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(mode__in=ScoringMode.values), name="scoring_mode_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(evidence_class__in=["", *EvidenceClass.values]),
                name="evidence_class_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(weight__gte=0), name="question_weight_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(scale_min__lt=models.F("scale_max")), name="scale_has_a_range"
            ),
        ]

    @property
    def in_stage(self) -> bool:
        """Whether it is scored in a stage: part of the weights, and asked of no vendor."""
        return self.mode in IN_STAGES

    def __str__(self) -> str:
        return f"Question {self.pk}: {self.code}"
