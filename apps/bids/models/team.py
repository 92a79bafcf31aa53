"""How a vendor's own people share the work on a bid. No buyer's session reads a row of this file."""

from django.conf import settings
from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.states import SignOffPart
from apps.rfp.models import Question, Section


class PriceReader(SharedBidRow):
    """A respondent whom the owner lets see the price. Owners always do; for others it is not there."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="price_readers")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "reader"], name="one_price_reader_per_person")
        ]

    def __str__(self) -> str:
        return f"PriceReader {self.pk}"


class Delegation(SharedBidRow):
    """A section that one person answers. Colleagues may still help."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="delegations")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bid", "section"], name="one_delegate_per_section")
        ]

    def __str__(self) -> str:
        return f"Delegation {self.pk}"


class SectionVisit(SharedBidRow):
    """Where a person is, and since when the changes of others are new to them.

    `at` moves with every sign of life; `before` is when the visit before this one ended, and
    `place` the code of the question that has the cursor.
    """

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="+")
    section = models.ForeignKey(Section, models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    place = models.CharField(max_length=12, default="", blank=True)
    at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "section", "person"], name="one_visit_per_section_and_person"
            )
        ]

    def __str__(self) -> str:
        return f"SectionVisit {self.pk}"


class Comment(SharedBidRow):
    """What the vendor's people say to one another about an answer. Encrypted, append-only."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="comments")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ciphertext = models.BinaryField()  # of the text and the names of those who are mentioned

    def __str__(self) -> str:
        return f"Comment {self.pk}"


class SignOffDuty(SharedBidRow):
    """The owner asks one person to sign a part off; without it the bid is not submitted."""

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="sign_off_duties")
    part = models.CharField(max_length=10, choices=SignOffPart)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "part", "person"], name="one_duty_per_part_and_person"
            ),
            models.CheckConstraint(
                condition=models.Q(part__in=SignOffPart.values), name="duty_part_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"SignOffDuty {self.pk}: {self.part}"


class SignOff(SharedBidRow):
    """A person signed a part off as it stood: `fingerprint` names its state, not its content.

    Append-only. It holds while the part's fingerprint is the same, and not a moment longer.
    """

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="sign_offs")
    part = models.CharField(max_length=10, choices=SignOffPart)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(part__in=SignOffPart.values), name="sign_off_part_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"SignOff {self.pk}: {self.part}"
