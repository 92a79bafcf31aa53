"""The keys of a round: one per opener and envelope, one per envelope, and its wraps."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.rfp.states import KeyKind
from apps.workspace.models import Owned

SPARE = "spare"


class OpenerKey(Owned):
    """The public half of an opener's key for one envelope. The secret half is the opener's code.

    A spare is no opener's own: whoever took its code keeps it offline, and any opener may turn it.
    Frozen with the published RFP.
    """

    rfp = models.ForeignKey(Rfp, models.CASCADE, related_name="opener_keys")
    kind = models.CharField(max_length=10, choices=KeyKind)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    spare = models.BooleanField(default=False)
    public = models.BinaryField()
    proved_at = models.DateTimeField(null=True)  # when its code was typed back

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rfp", "kind", "holder"], name="one_opener_key_per_person"
            ),
            models.UniqueConstraint(
                fields=["rfp", "kind"], condition=models.Q(spare=True), name="one_spare_key"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=KeyKind.values), name="opener_key_kind_is_known"
            ),
        ]

    @property
    def slot(self) -> str:
        """What the key is called where it is bound: the opener's identifier, or the spare."""
        return SPARE if self.spare else str(self.holder_id)

    def __str__(self) -> str:
        return f"OpenerKey {self.pk}: {self.kind}"


class Rehearsal(Owned):
    """A code typed back once more after publication. Append-only."""

    key = models.ForeignKey(OpenerKey, models.PROTECT, related_name="rehearsals")

    def __str__(self) -> str:
        return f"Rehearsal {self.pk}"


class EnvelopeKey(Owned):
    """The public half of an envelope's key, to which bids are sealed. Append-only.

    Its private half exists as `KeyWrap` alone, one for each group of openers that opens.
    """

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="envelope_keys")
    kind = models.CharField(max_length=10, choices=KeyKind)
    needed = models.PositiveSmallIntegerField()
    keys = models.PositiveSmallIntegerField()  # how many there are, the spare included
    public = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "kind"], name="one_envelope_key_per_kind"),
            models.CheckConstraint(
                condition=models.Q(kind__in=KeyKind.values), name="envelope_key_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"EnvelopeKey {self.pk}: {self.kind}"


class KeyWrap(Owned):
    """The private half of an envelope's key, for one group of openers together. Append-only."""

    rfp = models.ForeignKey(Rfp, models.PROTECT, related_name="+")
    key = models.ForeignKey(EnvelopeKey, models.PROTECT, related_name="wraps")
    openers = ArrayField(models.CharField(max_length=36))  # slots of the group, sorted
    blob = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "openers"], name="one_wrap_per_group")
        ]

    def __str__(self) -> str:
        return f"KeyWrap {self.pk}"
