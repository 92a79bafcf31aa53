"""The shape of input: the base form, whose errors become the summary at the top of a page."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.errors import DomainError, Incomplete

OPTION: Final = '<option value="{}"{}>{}</option>'


class LongSelect(forms.Select):
    """A list of hundreds of options: Django renders a template for each of them, this does not."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the same markup as `forms.Select`."""
        del renderer
        held = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        chosen = set(self.format_value(value))
        groups: list[SafeString] = []
        for choice, label in self.choices:
            if isinstance(label, list | tuple):
                inside = format_html_join("", OPTION, _options(label, chosen))
                groups.append(format_html('<optgroup label="{}">{}</optgroup>', choice, inside))
            else:
                groups.append(format_html(OPTION, *next(_options([(choice, label)], chosen))))
        return format_html(
            "<select{}>{}</select>",
            flatatt(held),
            format_html_join("", "{}", ((g,) for g in groups)),
        )


def _options(choices: Iterable[Any], chosen: set[str]) -> Iterator[tuple[str, str, object]]:
    for value, label in choices:
        text = "" if value is None else str(value)
        yield text, " selected" if text in chosen else "", label


class Form(forms.Form):
    """A form that can carry a service's sentences back to its own fields."""

    use_required_attribute = False  # the server's sentence is better than the browser's bubble

    def checked(self) -> dict[str, Any]:
        """Return the cleaned values; Incomplete when the form has errors."""
        if not self.is_valid():
            raise Incomplete(
                "Some fields need another look.",
                fields={name: str(errors[0]) for name, errors in self.errors.items()},
            )
        return self.cleaned_data

    def carry(self, error: DomainError) -> None:
        """Show a refusal beside its fields, or above the form where it has none."""
        self.is_valid()
        for name, sentence in error.fields.items():
            if sentence not in self.errors.get(name, ()):  # `checked` brings the form's own back
                self.add_error(name if name in self.fields else None, sentence)
        if not error.fields:
            self.add_error(None, error.sentence)

    def summary(self) -> Iterator[tuple[str, str]]:
        """Yield (id of the control, sentence) for the error summary, in the order of the page."""
        for sentence in self.non_field_errors():
            yield "", str(sentence)
        for bound in self:
            for sentence in bound.errors:
                yield bound.id_for_label, str(sentence)
