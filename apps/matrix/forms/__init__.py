"""The shape of what is typed on the evaluation's pages; services decide whether it holds."""

import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.bids.types.offering import Asked, Place, out_field
from apps.core.errors import Incomplete
from apps.core.forms import Form
from apps.matrix.selectors.frozen import Part
from apps.matrix.selectors.shortlisting import Standing
from apps.rfp.forms.publishing import DeadlineForm
from apps.rfp.forms.questions import unmarked
from apps.rfp.models import Lot, Section
from apps.rfp.services.following import COPY
from apps.rfp.states import Preset
from apps.rfp.types import Shipped
from apps.workspace.models import User


class AssignmentsForm(Form):
    """Check boxes: which evaluators score which section. A field is named by its section."""

    def __init__(
        self, *args: Any, sections: Sequence[Section], evaluators: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for section in sections:
            self.fields[str(section.pk)] = forms.TypedMultipleChoiceField(
                label=f"{section.code} {section.title}",
                choices=[(str(person.pk), person.name) for person in evaluators],
                coerce=uuid.UUID,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                error_messages={"invalid_choice": _("Choose evaluators of this panel.")},
            )

    def assignments(self) -> dict[uuid.UUID, list[uuid.UUID]]:
        """Return evaluators by section; Incomplete when a name is not on the panel."""
        return {uuid.UUID(name): people for name, people in self.checked().items()}


class NameConflictForm(Form):
    """A vendor that an evaluator must not judge."""

    named = forms.CharField(label=gettext_lazy("Vendor"), required=False)
    note = forms.CharField(
        label=gettext_lazy("What is the conflict?"), required=False, widget=forms.Textarea
    )


class SettleForm(Form):
    """Which invited vendor was meant, or none of them."""

    vendor = forms.ChoiceField(label=gettext_lazy("Which vendor is meant"), required=False)

    def __init__(self, *args: Any, vendors: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["vendor"]
        field.choices = [*vendors, ("none", _("None of those invited"))]

    def chosen(self) -> uuid.UUID | None:
        """Return the vendor's identifier, None for none of them; Incomplete without a choice."""
        given = self.checked()["vendor"]
        if not given:
            sentence = _("Choose one of the vendors, or none of them.")
            raise Incomplete(sentence, fields={"vendor": sentence})
        return None if given == "none" else uuid.UUID(given)


class AssignForm(Form):
    """One more evaluator for one section."""

    section = forms.ChoiceField(label=gettext_lazy("Section"))
    evaluator = forms.ChoiceField(label=gettext_lazy("Evaluator"))

    def __init__(
        self, *args: Any, sections: Sequence[Section], evaluators: Sequence[User], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        chapters: Any = self.fields["section"]
        people: Any = self.fields["evaluator"]
        chapters.choices = [(str(one.pk), f"{one.code} {one.title}") for one in sections]
        people.choices = [(str(one.pk), one.name) for one in evaluators]


class OffersForm(DeadlineForm):
    """When final offers close, why they are asked for, in which lots, and why a bid is not asked.

    Each admitted bid has a field of its own in each lot, named by `out_field`: empty asks it.
    """

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Every vendor that is asked reads it. Name no other vendor."),
        error_messages={
            "required": gettext_lazy("Say why; every vendor that is asked will read it.")
        },
    )

    def __init__(self, *args: Any, candidates: Sequence[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].label = gettext_lazy("Final offers close on")
        self._candidates = tuple(candidates)
        self._out = {out_field(one.place): one for one in candidates if not one.left_out_because}
        self._add_lots()
        for name, one in self._out.items():
            self.fields[name] = forms.CharField(
                label=_("Not {name}, because").format(name=one.name),
                required=False,
                help_text=_("Leave this empty to ask {name} too.").format(name=one.name),
            )

    def _add_lots(self) -> None:
        """Offer the lots in which somebody can be asked; all of them, until one is taken out."""
        held = {one.lot.code: one.lot.name for one in self._out.values() if one.lot}
        if not held:
            return
        self.fields["lots"] = forms.MultipleChoiceField(
            label=_("Lots that are reopened"),
            choices=[(code, f"{code} {name}") for code, name in held.items()],
            initial=list(held),
            widget=forms.CheckboxSelectMultiple,
            help_text=_("In every other lot the first offers stand. You can ask only once."),
            error_messages={
                "required": _("Choose at least one lot in which a vendor can be asked."),
                "invalid_choice": _("Choose lots that are not decided yet."),
            },
        )

    def left_out(self) -> dict[Place, str]:
        """Return the reason by bid and lot that is not asked; call it on a checked form."""
        given = ((one.place, self.cleaned_data[name].strip()) for name, one in self._out.items())
        return {place: why for place, why in given if why}

    def lots(self) -> list[str] | None:
        """Return the codes of the lots that are reopened; None where the tender has none."""
        return self.cleaned_data["lots"] if "lots" in self.fields else None

    @property
    def lots_field(self) -> forms.BoundField | None:
        return self["lots"] if "lots" in self.fields else None

    @property
    def parts(self) -> list[tuple[Lot | None, list[forms.BoundField], list[Asked]]]:
        """Each lot, or the whole, with a field for who can be asked, and who cannot."""
        return [
            (
                lot,
                [self[name] for name, one in self._out.items() if one.lot == lot],
                [one for one in self._candidates if one.lot == lot and one.left_out_because],
            )
            for lot in dict.fromkeys(one.lot for one in self._candidates)
        ]


class ReturnForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Why does the panel score alone again?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FreezeForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is the frozen ranking replaced?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class WeightsForm(Form):
    """Weights to try, one field per part of the matrix, in percent."""

    def __init__(self, *args: Any, parts: Sequence[Part], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = tuple(parts)
        for part in self.parts:
            self.fields[part.field] = forms.DecimalField(
                label=part.label,
                min_value=0,
                max_value=100,
                max_digits=12,
                error_messages=_weight_sentences(part.label),
            )

    def weights(self) -> Mapping[str, Decimal]:
        """Return the weights by node of the record; Incomplete with a sentence per field."""
        given = self.checked()
        return {part.id: given[part.field] for part in self.parts}


def _weight_sentences(label: str) -> dict[str, str]:
    sentence = _("Give {label} a weight from 0 to 100.").format(label=label)
    return dict.fromkeys(
        ("required", "invalid", "min_value", "max_value", "max_digits", "max_whole_digits"),
        sentence,
    )


class ChooseForm(Form):
    """Whom a person takes where the rule left a tie; without one both fields stay empty."""

    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Taken of those that tie"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why these"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Kept on record. No vendor reads it."),
    )

    def __init__(self, *args: Any, tied: Sequence[Standing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["chosen"]
        chosen.choices = [(str(one.bid_id), f"{one.letter} {one.name}") for one in tied]
        unmarked(self)


class TenderForm(Form):
    """The procurement of the tender, and what its questionnaire starts from."""

    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=160,
        error_messages={"required": gettext_lazy("Give the procurement a title.")},
    )
    reference = forms.CharField(
        label=gettext_lazy("Your reference"),
        max_length=40,
        help_text=gettext_lazy("Another one than that of this request."),
        error_messages={"required": gettext_lazy("Give the procurement a reference of your own.")},
    )
    source = forms.ChoiceField(label=gettext_lazy("Start from"))
    preset = forms.ChoiceField(
        label=gettext_lazy("How much ceremony"), choices=Preset.choices, initial=Preset.ASSURED
    )

    def __init__(self, *args: Any, shipped: Sequence[Shipped], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "t_%s", **kwargs})
        source: Any = self.fields["source"]
        source.choices = [
            (COPY, gettext_lazy("The questions of this request")),
            *((one.slug, one.title) for one in shipped),
            ("empty", gettext_lazy("Nothing")),
        ]
