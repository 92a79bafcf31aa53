"""A questionnaire from a file: the file itself, what is what in it, and how it comes in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.errors import Incomplete
from apps.core.forms import Form, LongSelect
from apps.rfp.forms.questions import unmarked
from apps.rfp.selectors.layouts import LayoutPage, SheetShown
from apps.rfp.workbooks.foreign import Layout
from apps.rfp.workbooks.merging import Way
from apps.rfp.workbooks.vocabulary import Role

ROLES: dict[Role, Any] = {
    Role.QUESTION: _("Question"),
    Role.CODE: _("Number"),
    Role.SECTION: _("Section"),
    Role.TOPIC: _("Topic"),
    Role.KIND: _("Kind of answer"),
    Role.OPTIONS: _("Choices"),
    Role.UNIT: _("Unit"),
    Role.REQUIRED: _("Mandatory"),
    Role.WEIGHT: _("Weight"),
    Role.WORD_LIMIT: _("Word limit"),
    Role.EVIDENCE: _("Evidence"),
    Role.GUIDANCE: _("Guidance"),
}
MOST_SHOWN = 6


class BringForm(Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader says it better
        error_messages={"required": _("Choose a file.")},
    )


class WayForm(Form):
    way = forms.ChoiceField(
        choices=[("", ""), *((way.value, way.value) for way in Way)], required=False
    )
    seen = forms.CharField(max_length=64, required=False)

    def given(self) -> dict[str, str]:
        """Return what came; what is none of ours counts as nothing, and the page says what is."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("way", "seen")}


class LayoutForm(Form):
    """For each sheet a tick; for each ticked one its row of headings and a column for each role."""

    def __init__(self, *args: Any, page: LayoutPage, wanted: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        chosen = [sheet.at for sheet in page.sheets if sheet.chosen]
        # the settings of all of a hundred sheets at once would be thousands of lists
        self.shown = {*chosen[:MOST_SHOWN], *(at for at in chosen if str(at) == wanted)}
        for sheet in page.sheets:
            self._add(sheet)

    def _add(self, sheet: SheetShown) -> None:
        at = sheet.at
        self.fields[f"take-{at}"] = forms.BooleanField(
            label=sheet.name, required=False, initial=sheet.chosen
        )
        if not self._open(sheet):
            return
        header = sheet.layout.header
        self.fields[f"header-{at}"] = forms.IntegerField(
            label=_("Row of the headings"),
            required=False,
            min_value=1,
            initial=None if header is None else header + 1,
            help_text=_("Leave it empty where there are none."),
            error_messages={
                "invalid": _("Give the number of a row, or nothing."),
                "min_value": _("Give the number of a row, or nothing."),
            },
        )
        self.fields[f"hidden-{at}"] = forms.BooleanField(
            label=_("Take hidden rows too"), required=False, initial=sheet.layout.hidden_rows
        )
        columns = [("", _("none")), *((str(column), name) for column, name in sheet.columns)]
        for role, label in ROLES.items():
            self.fields[f"role-{at}-{role}"] = forms.ChoiceField(
                label=label,
                choices=columns,
                required=False,
                widget=LongSelect,
                initial=str(sheet.layout.columns.get(role, "")),
                error_messages={"invalid_choice": _("Choose a column of the list.")},
            )
        unmarked(self, *(name for name in self.fields if not name.startswith("take-")))

    def _open(self, sheet: SheetShown) -> bool:
        """Whether the sheet's settings are shown: where it is chosen, or where they came."""
        if not self.is_bound:
            return sheet.at in self.shown
        return f"role-{sheet.at}-{Role.QUESTION}" in self.data

    def groups(self) -> list[dict[str, Any]]:
        """Return the fields sheet by sheet, for the template."""
        return [
            {
                "sheet": sheet,
                "take": self[f"take-{sheet.at}"],
                "header": self[f"header-{sheet.at}"]
                if f"header-{sheet.at}" in self.fields
                else None,
                "hidden": self[f"hidden-{sheet.at}"]
                if f"hidden-{sheet.at}" in self.fields
                else None,
                "roles": [
                    self[f"role-{sheet.at}-{role}"]
                    for role in ROLES
                    if f"role-{sheet.at}-{role}" in self.fields
                ],
            }
            for sheet in self.page.sheets
        ]

    def layouts(self) -> list[Layout]:
        given = self.checked()
        return [
            self._layout(sheet, given) for sheet in self.page.sheets if given[f"take-{sheet.at}"]
        ]

    @staticmethod
    def _layout(sheet: SheetShown, given: dict[str, Any]) -> Layout:
        """Return a sheet's layout: as it was given, or as it is proposed when it was just ticked."""
        if f"header-{sheet.at}" not in given:
            return sheet.layout
        header = given[f"header-{sheet.at}"]
        chosen = {role: given[f"role-{sheet.at}-{role}"] for role in ROLES}
        return Layout(
            sheet=sheet.name,
            header=None if header is None else header - 1,
            columns={role: int(column) for role, column in chosen.items() if column},
            hidden_rows=given[f"hidden-{sheet.at}"],
        )

    def carry_places(self, refused: Incomplete) -> None:
        """Show what is wrong with a layout beside the field of its sheet."""
        at = {sheet.name: sheet.at for sheet in self.page.sheets}
        for place, sentence in refused.fields.items():
            sheet, _dot, name = place.rpartition(".")
            field = (
                f"header-{at.get(sheet)}" if name == "header" else f"role-{at.get(sheet)}-{name}"
            )
            self.add_error(field if field in self.fields else None, sentence)
