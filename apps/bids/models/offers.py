"""Best and final offers: asked for by one person, confirmed by another, sealed and opened once."""

import uuid

from django.db import models

from apps.bids.models.bid import Bid, SharedBidRow
from apps.bids.states import OfferState
from apps.rfp.models import Lot, Rfp
from apps.rfp.models.second_person import SecondPerson, decided_by_another
from apps.rfp.states import ExtensionState


class OfferRound(SecondPerson):
    """A second price from the bids that are asked: the price alone, until a time of its own.

    Nobody is asked before a second person confirms. It is opened by the SQL function
    `cceval_open_offers` alone, after its closing time and the grace of the tender's round.
    """

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="offer_rounds")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.REQUESTED)
    closes_at = models.DateTimeField()
    reason = models.TextField()  # every vendor that is asked reads it
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=OfferState.values), name="offer_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["rfp"],
                condition=~models.Q(state=OfferState.DROPPED),
                name="one_offer_round_per_rfp",
            ),
            decided_by_another(
                "offer_round_is_confirmed_by_another",
                models.Q(state__in=[OfferState.RUNNING, OfferState.OPENED]),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=OfferState.OPENED) | models.Q(opened_at__isnull=False),
                name="opened_offer_round_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(opened_at=None) | models.Q(opened_at__gte=models.F("closes_at")),
                name="offers_open_after_closing",
            ),
        ]

    def __str__(self) -> str:
        return f"OfferRound {self.pk}: {self.state}"


class OfferExtension(SecondPerson):
    """A later closing time of final offers, because of an outage: one person asks, another confirms.

    Nothing moves until it is confirmed: the SQL function `cceval_extend_offers` reads this row.
    """

    offer_round = models.ForeignKey(OfferRound, models.PROTECT, related_name="extensions")
    state = models.CharField(
        max_length=10, choices=ExtensionState, default=ExtensionState.REQUESTED
    )
    before = models.DateTimeField()  # the closing time that it moves
    closes_at = models.DateTimeField()
    reason = models.TextField()
    outage = models.UUIDField(db_index=True)  # with every other deadline in its window

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ExtensionState.values),
                name="offer_extension_state_is_known",
            ),
            models.UniqueConstraint(
                fields=["offer_round"],
                condition=models.Q(state=ExtensionState.REQUESTED),
                name="one_open_extension_per_offer_round",
            ),
            decided_by_another(
                "offer_extension_is_confirmed_by_another", models.Q(state=ExtensionState.CONFIRMED)
            ),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("before")),
                name="offer_extension_is_to_later",
            ),
        ]

    @property
    def procurement_id(self) -> uuid.UUID:
        """Whose record its moves belong to; read the RFP along with it."""
        return self.offer_round.procurement_id

    def __str__(self) -> str:
        return f"OfferExtension {self.pk}: {self.state}"


class OfferRequest(SharedBidRow):
    """Whether one bid is asked for a final offer, in one lot where there are lots; if not, why not.

    A lot without a row is not reopened. A vendor sees its own rows once they have been sent, and
    never a row that leaves it out.
    """

    offer_round = models.ForeignKey(OfferRound, models.PROTECT, related_name="requests")
    bid = models.ForeignKey(Bid, models.PROTECT, related_name="offer_requests")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="+")  # null: no lots
    left_out_because = models.TextField(default="", blank=True)  # empty where the bid is asked
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer_round", "bid", "lot"],
                nulls_distinct=False,
                name="one_offer_request_per_bid_and_lot",
            ),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(left_out_because=""),
                name="only_who_is_asked_is_told",
            ),
        ]

    @property
    def asked(self) -> bool:
        return not self.left_out_because

    def __str__(self) -> str:
        return f"OfferRequest {self.pk}"
