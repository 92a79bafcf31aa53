"""The shape of input: the base form, whose errors become the summary at the top of a page."""

from collections.abc import Iterator
from typing import Any

from django import forms

from apps.core.errors import DomainError, Incomplete


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
