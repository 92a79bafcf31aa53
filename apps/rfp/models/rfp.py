from django.db import models

from apps.rfp.states import (
    EnvelopeOrder,
    FinalOffers,
    HiddenCounts,
    Preset,
    Procedure,
    RfpKind,
    RfpState,
)
from apps.workspace.models import Owned, Procurement


class Rfp(Owned):
    """What vendors are asked and how their bids will be judged. Frozen when published."""

    procurement = models.OneToOneField(Procurement, models.PROTECT, related_name="rfp")
    state = models.CharField(max_length=10, choices=RfpState, default=RfpState.DRAFT)
    kind = models.CharField(
        max_length=12, choices=RfpKind, default=RfpKind.TENDER, db_default=RfpKind.TENDER
    )
    # The request for information from whose shortlist this tender was started.
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    # Of a request for information: {"rule", "most" or "least"}, who is taken; {} until said.
    shortlist = models.JSONField(default=dict, blank=True, db_default={})
    questionnaire = models.CharField(max_length=60)  # slug of the shipped file it started from
    packs = models.JSONField(default=list, blank=True)  # slugs of the shipped packs added to it
    preset = models.CharField(max_length=10, choices=Preset, default=Preset.ASSURED)
    procedure = models.CharField(max_length=10, choices=Procedure, default="", blank=True)
    periods = models.JSONField(default=dict, blank=True)  # period → {"days", "reason"}: the buyer's
    introduction = models.TextField(default="", blank=True)
    envelope_order = models.CharField(
        max_length=16, choices=EnvelopeOrder, default=EnvelopeOrder.TECHNICAL_FIRST
    )
    final_offers = models.CharField(
        max_length=8, choices=FinalOffers, default=FinalOffers.NO, db_default=FinalOffers.NO
    )
    # Whether letters name the selected tender and its stronger criteria; null follows the preset.
    explains = models.BooleanField(null=True, blank=True)
    # Whether a price sheet holds the vendor's own worksheet of its lowest cost.
    asks_cost_floor = models.BooleanField(default=False, db_default=False)
    # Whether, in a public tender, vendors that submitted read each other's names after the opening.
    names_published = models.BooleanField(default=False, db_default=False)
    # How many openers turn their keys together, and whether one key more is kept offline.
    keys_needed = models.PositiveSmallIntegerField(default=2, db_default=2)
    spare_key = models.BooleanField(default=True, db_default=True)
    quality_weight = models.DecimalField(max_digits=7, decimal_places=4, default=60)
    price_weight = models.DecimalField(max_digits=7, decimal_places=4, default=40)
    # Percent of the quality points below which a bid is excluded; null asks for none.
    quality_minimum = models.DecimalField(max_digits=7, decimal_places=4, null=True, blank=True)
    # Slugs of the engine's registries, checked in form and service: no choices, no migration.
    scoring_method = models.CharField(max_length=40, default="weighted-sum")
    price_formula = models.CharField(max_length=40, default="absolute-linear")
    price_params = models.JSONField(default=dict)
    # Decimals that price points are rounded to, half up, before they are added; null rounds nothing.
    price_decimals = models.PositiveSmallIntegerField(null=True, blank=True)
    pricing_models = models.JSONField(default=list)
    # Which model, volume, extra costs and discount rate decide the price points; {} until said.
    price_of_record = models.JSONField(default=dict, blank=True)
    missing_policy = models.CharField(max_length=10, default="zero")
    hidden_counts = models.CharField(
        max_length=10, choices=HiddenCounts, default=HiddenCounts.LEAVES
    )
    award_decimals = models.PositiveSmallIntegerField(default=9)
    # Facts that conditions and knock-outs ask for: channels, CRM, regulated, card payments …
    facts = models.JSONField(default=dict)
    term_months = models.PositiveSmallIntegerField(default=36)
    # Contacts a month that the buyer commits to, over the whole tender; null commits to none.
    least_contacts = models.PositiveIntegerField(null=True, blank=True)
    accepted_findings = models.JSONField(default=dict)  # linter code → the lead's reason
    needs_review = models.BooleanField(default=True)  # a second person approves before publication
    question_days = models.PositiveSmallIntegerField(default=5)  # vendors ask until so long before
    # Of the lots, how many one vendor may win; null sets no limit.
    most_lots = models.PositiveSmallIntegerField(null=True, blank=True)
    cancelled_because = models.TextField(default="", blank=True)
    published_at = models.DateTimeField(null=True)
    frozen = models.TextField(default="", blank=True)  # canonical JSON of everything published
    digest = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=RfpState.values), name="rfp_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=RfpKind.values), name="rfp_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=RfpKind.TENDER) | models.Q(follows=None),
                name="only_a_tender_follows",
            ),
            models.CheckConstraint(
                condition=models.Q(quality_minimum=None)
                | models.Q(quality_minimum__gt=0, quality_minimum__lte=100),
                name="quality_minimum_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=models.Q(preset__in=Preset.values), name="preset_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(procedure__in=["", *Procedure.values]),
                name="procedure_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(envelope_order__in=EnvelopeOrder.values),
                name="envelope_order_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(final_offers__in=FinalOffers.values),
                name="final_offers_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(hidden_counts__in=HiddenCounts.values),
                name="hidden_counts_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(keys_needed__gte=1, keys_needed__lte=6),
                name="keys_needed_is_possible",
            ),
            models.CheckConstraint(
                condition=models.Q(most_lots=None) | models.Q(most_lots__gt=0),
                name="most_lots_is_positive",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "cancelled"]) | ~models.Q(digest=""),
                name="published_rfp_has_a_digest",
            ),
        ]

    @property
    def asks_price(self) -> bool:
        """Whether vendors give a price; a request for information asks for none."""
        return self.kind == RfpKind.TENDER

    def __str__(self) -> str:
        return f"Rfp {self.pk}: {self.state}"
