from typing import Final

from django.conf import settings
from django.db import models

from apps.rfp.models.rfp import Rfp
from apps.workspace.models import Owned

PLACES: Final = (
    *("rfp_section", "rfp_question", "rfp_rfp", "rfp_workload", "rfp_owncost", "rfp_round"),
    *("rfp_lot", "rfp_lotowncost"),
)


class Template(Owned):
    """A questionnaire that an organisation keeps to start from: canonical content of a file."""

    name = models.CharField(max_length=120)
    note = models.CharField(max_length=500, default="", blank=True)
    questionnaire = models.CharField(max_length=60)  # the shipped file whose facts it asks
    content = models.JSONField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_template_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="template_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"Template {self.pk}: {self.name}"


class Change(Owned):
    """One reversible change of a draft. The database writes it with the rows that changed.

    Triggers on the questionnaire, the RFP's own settings, workload and deadline do so while a
    service has named the change in the settings of the transaction (`services.journal`); only the
    last 50 of an RFP are kept.
    """

    rfp = models.ForeignKey(Rfp, models.CASCADE, related_name="changes")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    act = models.CharField(max_length=40, default="", blank=True)
    about = models.CharField(max_length=200, default="", blank=True)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rfp", "number"], name="one_change_number"),
        ]

    def __str__(self) -> str:
        return f"Change {self.pk}: {self.act}"


class ChangedRow(Owned):
    """One row that a change touched: the columns that differ, before and after, as the table has them.

    Without `before` the row was added, without `after` it was removed.
    """

    change = models.ForeignKey(Change, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    step = (
        models.PositiveIntegerField()
    )  # the statement that changed it; rows of one go back at once
    place = models.CharField(max_length=20)  # the table
    row = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["change", "position"], name="one_changed_row_position"),
            models.CheckConstraint(
                condition=models.Q(place__in=PLACES),
                name="changed_place_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"ChangedRow {self.pk}: {self.place}"
