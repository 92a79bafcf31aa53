"""Earlier answers as they are brought, laid out, changed and packed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.bids.selectors.library import Preview
from apps.bids.selectors.passports import PassportPage
from apps.bids.types.library import (
    COLUMNS,
    LONGEST_ANSWER,
    LONGEST_NAME,
    LONGEST_QUESTION,
    Entry,
    Layout,
    day_of,
)
from apps.core.forms import Form

SHOWN = 30  # characters of a heading


class BringForm(Form):
    file = forms.FileField(
        label=_("Workbook or document"),
        allow_empty_file=True,
        help_text=_(
            "xlsx, xls, ods or csv: one row for each question, its answer beside it. docx: tables of"
            " two columns, or headings with the answer below."
        ),
        error_messages={"required": _("Choose a file first.")},
    )


class PassportFileForm(Form):
    file = forms.FileField(
        label=_("Passport"),
        allow_empty_file=True,
        help_text=_("A zip file that another installation signed."),
        error_messages={"required": _("Choose a file first.")},
    )


class PasteForm(Form):
    text = forms.CharField(
        label=_("Text of a document"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_(
            "Copy it from Word: tables, “Q:” and “A:”, or questions that end with a question mark."
        ),
        error_messages={"required": _("Paste the text first.")},
    )


class LayoutForm(Form):
    """Which sheet and which columns; columns are counted from 1, as people do."""

    sheet = forms.TypedChoiceField(label=_("Sheet"), coerce=int, choices=())
    first_row = forms.IntegerField(
        label=_("First row of answers"), min_value=1, max_value=100_000, initial=1
    )
    question = forms.ChoiceField(label=_("Question"), choices=())
    answer = forms.ChoiceField(label=_("Answer"), choices=())
    topic = forms.ChoiceField(label=_("Topic"), choices=(), required=False)
    owner = forms.ChoiceField(label=_("Owner"), choices=(), required=False)
    day = forms.ChoiceField(label=_("Date"), choices=(), required=False)

    def __init__(self, data: Any = None, *, preview: Preview) -> None:
        super().__init__(data, initial=_initial(preview.layout))
        self.fields["sheet"].choices = [  # type: ignore[attr-defined]  # a choice field
            (at, one.name) for at, one in enumerate(preview.sheets)
        ]
        columns = _columns(preview)
        for name in COLUMNS:
            none = [] if name in {"question", "answer"} else [("", _("None"))]
            self.fields[name].choices = [*none, *columns]  # type: ignore[attr-defined]  # the same

    def layout(self) -> Layout:
        """Return the layout that was chosen; Incomplete where it makes no sense."""
        given = self.checked()
        return Layout(
            sheet=given["sheet"],
            first_row=given["first_row"] - 1,
            columns={name: int(given[name]) if given[name] else None for name in COLUMNS},
        )


def _initial(layout: Layout) -> dict[str, Any]:
    columns = {name: "" if at is None else str(at) for name, at in layout.columns.items()}
    return {"sheet": layout.sheet, "first_row": layout.first_row + 1, **columns}


def _columns(preview: Preview) -> list[tuple[str, str]]:
    sheet = preview.sheets[preview.layout.sheet]
    width = max(one.width for one in preview.sheets)
    first = sheet.rows[max(preview.layout.first_row - 1, 0)] if sheet.rows else ()
    return [
        (
            str(at),
            _now("Column {n}: {heading}").format(
                n=at + 1, heading=first[at][:SHOWN] if at < len(first) else ""
            ),
        )
        for at in range(width)
    ]


class EntryForm(Form):
    question = forms.CharField(
        label=_("Question"), max_length=LONGEST_QUESTION, widget=forms.Textarea(attrs={"rows": 3})
    )
    answer = forms.CharField(
        label=_("Answer"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 10})
    )
    topic = forms.CharField(label=_("Topic"), max_length=LONGEST_NAME, required=False)
    owner = forms.CharField(
        label=_("Owner"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Who knows whether it is still right."),
    )
    day = forms.CharField(
        label=_("Answered on"),
        max_length=10,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def entry(self) -> Entry:
        given: Mapping[str, str] = self.checked()
        return Entry(**{**given, "day": day_of(given["day"])})


class PackForm(Form):
    """What goes into a passport."""

    library = forms.BooleanField(label=_("Library"), required=False, initial=True)
    bids = forms.MultipleChoiceField(
        label=_("Written answers of your bids"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence = forms.MultipleChoiceField(
        label=_("Evidence"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, page: PassportPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("bids", ((str(one.bid.pk), one.label) for one in page.bids))
        self._offer("evidence", ((str(one.held.pk), one.name) for one in page.files))

    def _offer(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        offered = list(choices)
        self.fields[name].choices = offered  # type: ignore[attr-defined]  # a choice field
        if not offered:
            del self.fields[name]


class TakeInForm(Form):
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    pin = forms.CharField(
        label=_("Trust this key from now on, under this name"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=_("Leave it empty unless you compared the fingerprint with whoever signed."),
    )
