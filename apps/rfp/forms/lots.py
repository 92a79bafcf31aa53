"""Lots: what they are called, their own figures of the price formula, which sections are theirs."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import Form
from apps.engine.matrix.prices import PRICE_FORMULAE
from apps.rfp.forms.questions import unmarked
from apps.rfp.models import Lot, Section


class AddLotForm(Form):
    code = forms.CharField(
        label=_("Code"), required=False, help_text=_("Empty gives the next number. It stays.")
    )
    name = forms.CharField(label=_("Name"), error_messages={"required": _("Give the lot a name.")})
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self)


class EditLotForm(Form):
    """Name and description; a field named `param-<name>` for each figure of the price formula."""

    name = forms.CharField(label=_("Name"), error_messages={"required": _("Give the lot a name.")})
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    least_contacts = forms.IntegerField(
        label=_("Minimum volume"),
        required=False,
        min_value=1,
        help_text=_("What you commit to in this lot. Empty commits to none."),
    )

    def __init__(self, data: Any = None, *, lot: Lot) -> None:
        held = {f"param-{name}": value for name, value in lot.price_params.items()}
        initial = {
            "name": lot.name,
            "description": lot.description,
            "least_contacts": lot.least_contacts,
            **held,
        }
        super().__init__(data, initial=initial, auto_id=f"id_{lot.pk}_%s")
        self.lot = lot
        self.params = [one.name for one in PRICE_FORMULAE[lot.rfp.price_formula].fields]
        for name in self.params:
            self.fields[f"param-{name}"] = forms.CharField(
                label=name.replace("_", " ").capitalize(),
                required=False,
                help_text=_("Empty takes the figure of the terms."),
            )
        unmarked(self)

    @property
    def figures(self) -> list[Any]:
        return [self[f"param-{name}"] for name in self.params]

    def values(self) -> dict[str, Any]:
        given = self.checked()
        return {
            "name": given["name"],
            "description": given["description"],
            "price_params": {name: given[f"param-{name}"] for name in self.params},
            "least_contacts": given["least_contacts"],
        }


class AssignForm(Form):
    """One field per section, named `lot-<code>`."""

    def __init__(
        self, data: Any = None, *, sections: Iterable[Section], lots: Iterable[Lot]
    ) -> None:
        held = list(lots)
        codes: dict[Any, str] = {lot.pk: lot.code for lot in held}
        self.codes = [one.code for one in sections]
        initial = {f"lot-{one.code}": codes.get(one.lot_id, "") for one in sections}
        super().__init__(data, initial=initial)
        choices = [("", _("All lots")), *((one.code, f"{one.code} {one.name}") for one in held)]
        for one in sections:
            self.fields[f"lot-{one.code}"] = forms.ChoiceField(
                label=f"{one.code} {one.title}", required=False, choices=choices
            )
        unmarked(self)

    @property
    def lines(self) -> list[Any]:
        return [self[f"lot-{code}"] for code in self.codes]

    def lots(self) -> dict[str, str]:
        given = self.checked()
        return {code: given[f"lot-{code}"] for code in self.codes}


class LimitForm(Form):
    most_lots = forms.IntegerField(
        label=_("Most lots that one vendor may win"),
        required=False,
        min_value=1,
        help_text=_("Published with the RFP. Empty sets no limit."),
        error_messages=dict.fromkeys(
            ("invalid", "min_value"), _("Give a number of lots from 1, or leave it empty.")
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unmarked(self)
