"""The base of forms: a long list of options is drawn as a short one would be."""

import pytest
from django import forms
from django.test.html import parse_html

from apps.core.forms import LongSelect

CHOICES = [
    ("", "None"),
    ("Fact & figures", [("fact:a", "A <b>"), ("fact:b", 'B "quoted"')]),
    ("Questions", [("question:1", "1"), (2, "2")]),
    ("last", "Last"),
]


@pytest.mark.parametrize("value", ["", None, "fact:b", 2, "2", "nothing known"])
def test_a_long_list_has_the_markup_of_an_ordinary_one(value):
    def drawn(widget: type[forms.Select]) -> str:
        field = forms.ChoiceField(choices=CHOICES, widget=widget, required=False)
        return field.widget.render("a-name", value, attrs={"id": "id_a", "class": "in"})

    ours, theirs = drawn(LongSelect), drawn(forms.Select)
    assert parse_html(ours) == parse_html(theirs)
