"""What each act takes; a field nobody asked for is an error."""

from rest_framework import serializers

from apps.core.api import Input
from apps.rfp.states import EnvelopeKind, Preset, Procedure


class StartInput(Input):
    questionnaire = serializers.CharField(max_length=60)
    packs = serializers.ListField(child=serializers.CharField(max_length=60), required=False)
    preset = serializers.ChoiceField(Preset.choices, required=False)


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


class Nothing(Input):
    """An act without input: whatever is sent is refused."""
