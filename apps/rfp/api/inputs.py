"""What each act takes; a field nobody asked for is an error."""

import zoneinfo
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.core.api import Input
from apps.rfp.states import EnvelopeKind, Preset, Procedure, RfpKind
from apps.rfp.workbooks.merging import Way
from apps.rfp.workbooks.stamps import Order
from apps.rfp.workbooks.vocabulary import Role


class StartInput(Input):
    questionnaire = serializers.CharField(max_length=60)
    packs = serializers.ListField(child=serializers.CharField(max_length=60), required=False)
    preset = serializers.ChoiceField(Preset.choices, required=False)
    kind = serializers.ChoiceField(RfpKind.choices, required=False)


class KeepInput(Input):
    codes = serializers.ListField(child=serializers.CharField(max_length=12), allow_empty=False)


class PresetInput(Input):
    preset = serializers.ChoiceField(Preset.choices)
    procedure = serializers.ChoiceField(["", *Procedure.values], required=False)
    periods = serializers.DictField(child=serializers.DictField(), required=False)


class WeightsInput(Input):
    weights = serializers.DictField(child=serializers.CharField(max_length=12))


class SectionInput(Input):
    title = serializers.CharField(max_length=120)
    envelope = serializers.ChoiceField(EnvelopeKind.choices, default=EnvelopeKind.TECHNICAL)


class WorkloadInput(Input):
    content = serializers.DictField()
    in_house = serializers.DictField(allow_null=True, required=False)
    source = serializers.CharField(  # type: ignore[assignment]  # a field, which the class takes away
        max_length=500, allow_blank=True, required=False
    )


class IntervalsInput(Input):
    zone = serializers.ChoiceField(sorted(zoneinfo.available_timezones()))
    order = serializers.ChoiceField([one.value for one in Order], default="", allow_blank=True)
    first_month = serializers.IntegerField(min_value=1, max_value=12, default=1)
    queue = serializers.JSONField(default=dict)

    def validate_queue(self, value: object) -> dict[str, Any]:
        """Take an object alone; the engine's parser looks at what is in it."""
        if not isinstance(value, dict) or not isinstance(value.get("name", ""), str):
            raise serializers.ValidationError(_("Give an object with named values here."))
        return value


class TakeIntervalsInput(Input):
    token = serializers.CharField(max_length=2_000_000)


class LotInput(Input):
    code = serializers.CharField(max_length=12, allow_blank=True, required=False)
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=4000, allow_blank=True, required=False)


class EditLotInput(Input):
    name = serializers.CharField(max_length=120)
    description = serializers.CharField(max_length=4000, allow_blank=True, default="")
    price_params = serializers.DictField(required=False)
    least_contacts = serializers.IntegerField(allow_null=True, default=None)


class AssignInput(Input):
    """The code of a lot by section code; empty asks a section for all lots."""

    sections = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=12))


class LimitInput(Input):
    most_lots = serializers.IntegerField(min_value=1, allow_null=True)


class DeadlineInput(Input):
    closes_at = serializers.DateTimeField()
    zone = serializers.CharField(max_length=60)


class ExtendInput(Input):
    closes_at = serializers.DateTimeField()
    reason = serializers.CharField(max_length=500)


class ReasonInput(Input):
    reason = serializers.CharField(max_length=500)


class NoteInput(Input):
    note = serializers.CharField(max_length=2000, allow_blank=True, default="")


class CommentInput(Input):
    place = serializers.CharField(max_length=12, allow_blank=True, default="")
    text = serializers.CharField(max_length=2000)


class VerdictInput(Input):
    verdict = serializers.CharField(max_length=2000, allow_blank=True, default="")


class AcceptInput(Input):
    code = serializers.CharField(max_length=60)
    reason = serializers.CharField(max_length=500)


class SheetInput(serializers.Serializer[Any]):
    sheet = serializers.CharField(max_length=60, trim_whitespace=False)
    header = serializers.IntegerField(min_value=1, allow_null=True, default=None)
    columns = serializers.DictField(child=serializers.IntegerField(min_value=1))
    hidden_rows = serializers.BooleanField(default=False)

    def validate_columns(self, value: dict[str, int]) -> dict[str, int]:
        """Take the columns of known roles alone."""
        if unknown := sorted(set(value) - set(Role)):
            sentence = _("Columns have these meanings: {names}; {unknown} is none of them.")
            raise serializers.ValidationError(
                sentence.format(names=", ".join(Role), unknown=unknown[0][:40])
            )
        return value


class LayoutInput(Input):
    layouts = serializers.ListField(child=SheetInput(), max_length=60)


class ConfirmInput(Input):
    way = serializers.ChoiceField([way.value for way in Way])
    seen = serializers.CharField(max_length=64)
