"""An opening by keys: openers turn theirs one after another, within a quarter of an hour."""

import uuid

from django.conf import settings
from django.db import models

from apps.bids.models.offers import OfferRound
from apps.bids.states import CeremonyState
from apps.rfp.models import OpenerKey, Rfp
from apps.rfp.states import KeyKind
from apps.workspace.models import Owned


class Ceremony(Owned):
    """One try to open one kind of envelope: it gathers keys until enough are turned, or ends."""

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="ceremonies")
    kind = models.CharField(max_length=10, choices=KeyKind)
    offer_round = models.ForeignKey(OfferRound, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=CeremonyState, default=CeremonyState.GATHERING)
    needed = models.PositiveSmallIntegerField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=CeremonyState.values), name="ceremony_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=KeyKind.values), name="ceremony_kind_is_known"
            ),
            models.UniqueConstraint(
                fields=["rfp", "kind"],
                condition=models.Q(state=CeremonyState.GATHERING),
                name="one_ceremony_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=KeyKind.FINAL, offer_round__isnull=False)
                | (~models.Q(kind=KeyKind.FINAL) & models.Q(offer_round=None)),
                name="ceremony_of_final_offers_names_them",
            ),
        ]

    @property
    def procurement_id(self) -> uuid.UUID:
        """Whose record its moves belong to; read the RFP along with it."""
        return self.rfp.procurement_id

    def __str__(self) -> str:
        return f"Ceremony {self.pk}: {self.kind} {self.state}"


class Turn(Owned):
    """A key that was turned and waits for the others. Append-only.

    `sealed` is the opener's secret under a key of the ceremony that lies outside the database and
    is destroyed when the ceremony ends.
    """

    ceremony = models.ForeignKey(Ceremony, models.PROTECT, related_name="turns")
    key = models.ForeignKey(OpenerKey, models.PROTECT, related_name="+")
    turned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ceremony", "key"], name="one_turn_per_key"),
            models.UniqueConstraint(fields=["ceremony", "turned_by"], name="one_turn_per_person"),
        ]

    def __str__(self) -> str:
        return f"Turn {self.pk}"
