from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.models.offers import OfferRound
from apps.bids.states import EnvelopeState
from apps.rfp.states import EnvelopeKind


class Submission(SharedBidRow):
    """One version of a submitted bid. Append-only: a later version supersedes, nothing changes.

    `secret` is the vendor's own, in the memory of the request that submitted and nowhere else.

    `manifest_digest` is the SHA-256 of the salted manifest, which only the vendor's receipt and
    the sealed envelopes contain.
    """

    secret: bytes | None = None

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    # Of a final offer the round it answers; none of a bid as it was first submitted.
    offer_round = models.ForeignKey(OfferRound, models.PROTECT, null=True, related_name="+")
    # Of a final offer: the version of each sheet that was sealed, by code of its lot ("" without).
    sheets = models.JSONField(default=dict)
    answers_version = models.PositiveIntegerField(default=1)  # of the RFP, as it was submitted to
    # Of the data pack: the one its price was made on, and the newest when it was submitted.
    priced_on = models.PositiveIntegerField(default=0)
    lots = models.JSONField(default=list)  # codes of the lots it covers; [] where there are none
    arrived_at = models.DateTimeField()
    from_edge = models.BooleanField()
    committed_at = models.DateTimeField(db_default=models.Func(function="cceval_now"))
    manifest_digest = models.CharField(max_length=64)
    manifest = models.BinaryField()  # ciphertext under the bid's draft key: the vendor's receipt
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "number"], name="submission_numbers_are_unique")
        ]

    def __str__(self) -> str:
        return f"Submission {self.pk}: version {self.number}"


class WithdrawnOffer(SharedBidRow):
    """A final offer that its vendor took back before the closing time: it is not opened.

    Append-only. What was offered before it does not come back with it: the first offer stands.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="withdrawn")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(db_default=models.Func(function="cceval_now"))

    def __str__(self) -> str:
        return f"WithdrawnOffer {self.pk}"


class Envelope(SharedBidRow):
    """Ciphertext of one part of one submission and what it is bound to."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="envelopes")
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="envelopes")
    kind = models.CharField(max_length=10, choices=EnvelopeKind)
    offer_round = models.ForeignKey(OfferRound, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=EnvelopeState, default=EnvelopeState.SEALED)
    context = models.JSONField()
    ciphertext = models.BinaryField()
    # After the opening: the same package under the round's evaluation key.
    opened = models.BinaryField(null=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "kind"], name="one_envelope_per_kind"),
            models.CheckConstraint(
                condition=models.Q(state__in=EnvelopeState.values), name="envelope_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=EnvelopeKind.values), name="envelope_is_of_a_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(state="sealed", opened=None, opened_at=None)
                | models.Q(state="opened", opened__isnull=False, opened_at__isnull=False),
                name="opened_envelope_has_its_content",
            ),
        ]

    def __str__(self) -> str:
        return f"Envelope {self.pk}: {self.kind} {self.state}"
