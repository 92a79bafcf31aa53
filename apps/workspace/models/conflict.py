from django.conf import settings
from django.db import models

from apps.workspace.models.organisation import Organisation, Owned
from apps.workspace.models.procurement import Procurement


class NamedConflict(Owned):
    """A vendor that an evaluator must not judge, in the evaluator's own words. Append-only.

    Letters and names are kept apart until the lock, so that nobody can point at a bid: the
    evaluator names the vendor, and a lead says which one of the tender it is.
    """

    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="named_conflicts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    named = models.CharField(max_length=160)
    note = models.TextField()

    def __str__(self) -> str:
        return f"NamedConflict {self.pk}"


class Recusal(Owned):
    """What a lead found a named conflict to be. Append-only.

    `vendor` is one of those invited, and its bid does not exist for the evaluator any more; null
    where none of them was meant.
    """

    conflict = models.OneToOneField(NamedConflict, models.PROTECT, related_name="recusal")
    procurement = models.ForeignKey(Procurement, models.PROTECT, related_name="recusals")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    vendor = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Recusal {self.pk}"
