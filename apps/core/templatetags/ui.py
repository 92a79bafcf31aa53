"""Tags the components are built from: icons, the mark, vendor glyphs, meters, form controls.

The markup returned here is ours (icons from this package, figures formatted as numbers); whatever comes
from people goes through `format_html` and is escaped.
"""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django import template
from django.forms import BaseForm, BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from apps.core.charts import vendor_glyph as glyphs

register = template.Library()

ICONS: Final = Path(__file__).resolve().parent.parent / "static" / "core" / "icons"
_BOXES: Final = frozenset(
    {
        "text", "email", "url", "password", "number", "tel", "search", "textarea", "date",
        "datetime", "time", "datetimelocal", "select", "longselect", "selectmultiple", "nullbooleanselect",
    }
)  # fmt: skip
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MARK: Final = (
    '<svg class="mark-c" viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor"'
    ' stroke-linecap="round"><path d="M19.6 6.6a9.3 9.3 0 1 0 0 10.8" stroke-width="2.6"/>'
    '<path d="M15.2 8.9a4.6 4.6 0 1 0 0 6.2" stroke-width="2.4"/>'
    '<circle cx="20.6" cy="12" r="1.7" fill="currentColor" stroke="none"/></svg>'
)


@lru_cache(maxsize=256)
def _drawing(name: str) -> SafeString:
    """The shapes of one Lucide icon, read once per process."""
    if not _NAME.fullmatch(name):
        raise template.TemplateSyntaxError(f"{name!r} is not the name of an icon.")
    path = ICONS / f"{name}.svg"
    if not path.is_file():
        raise template.TemplateSyntaxError(f"There is no icon named {name!r} in {ICONS.name}/.")
    inner = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
    if inner is None:
        raise template.TemplateSyntaxError(f"{path.name} holds no drawing.")
    return mark_safe(re.sub(r"\s+", " ", inner[1]).strip())  # noqa: S308 -- our own icon files


@register.simple_tag(takes_context=True)
def error_prefix(context: template.RequestContext) -> str:
    """Begin the title of a page with "Error: " where something is wrong, whichever form it is.

    Who listens to a page hears its title first. `errors` are those of pages without a form.
    """
    shown: dict[Any, Any] = context.flatten()
    forms: list[BaseForm] = [
        one
        for value in shown.values()
        for one in (value if isinstance(value, list | tuple) else [value])
        if isinstance(one, BaseForm)
    ]
    wrong = bool(shown.get("errors")) or any(form.errors for form in forms)
    return f"{gettext('Error:')} " if wrong else ""


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """`{% icon "lock" %}`; with text beside it, or with `label=` where it stands alone."""
    if label:
        return format_html(
            '<svg class="i {}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>',
            css,
            label,
            _drawing(name),
        )
    return format_html(
        '<svg class="i {}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', css, _drawing(name)
    )


@register.simple_tag
def brand_mark() -> SafeString:
    """The double C of cceval."""
    return mark_safe(_MARK)  # noqa: S308 -- a constant


@register.simple_tag
def vendor_glyph(letter: str, label: str = "", small: object = "") -> SafeString:
    """`{% vendor_glyph "A" %}`: letter, shape and hue; give a label where no name stands beside it."""
    drawn = glyphs.render(
        glyphs.VendorGlyph(letter=letter, label=label), css="vg vg-s" if small else "vg"
    )
    return mark_safe(drawn)  # noqa: S308 -- the chart module escapes its texts


@register.simple_tag
def meter(value: float | None, maximum: float = 100, tone: str = "", label: str = "") -> SafeString:
    """A bar of `value` out of `maximum`; `tone` is ok, warn, bad, seal or idle."""
    share = 0.0 if not value or not maximum else min(max(float(value) / float(maximum), 0.0), 1.0)
    width = f"{share * 100:.1f}"
    name = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" {}>'
        '<rect class="{}" width="{}" height="6"/></svg>',
        name,
        tone,
        width,
    )


@register.simple_tag
def control(field: BoundField, css: str = "") -> SafeString:
    """The widget of a form field with the design's classes; Django adds its hint and error ids.

    Numbers are typed as text: a number input throws away what it cannot read, and people could not
    see what they had typed.
    """
    kind = field.widget_type
    attrs: dict[str, str | bool] = {}
    if kind == "number":
        field.field.widget.input_type = "text"
        attrs["inputmode"] = "decimal"
        css = f"in-n {css}"
    if kind in _BOXES:
        attrs["class"] = f"in {css}".strip()
    return SafeString(field.as_widget(attrs=attrs))


@register.filter
def is_choice_set(field: BoundField) -> bool:
    """Radios and check boxes are a fieldset with a legend, not a label with a control."""
    return bool(field.use_fieldset)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return field.widget_type == "checkbox"


@register.filter
def percent_of(value: float | None, maximum: float) -> float:
    """A share for `|percentage`, where the page has a count and a total: `{{ done|percent_of:all }}`."""
    return 0.0 if not value or not maximum else float(value) / float(maximum)


@register.filter
def plain(value: object) -> str:
    """A number as HTML attributes want it: 12.5 in every locale."""
    return "" if value is None else str(value)


@register.filter
def time_left(until: datetime, now: datetime) -> timedelta:
    """For `|duration`: what remains of a deadline, never below zero."""
    return max(until - now, timedelta(0))


@register.filter
def problems(form: BaseForm) -> list[tuple[str, str]]:
    """List a form's errors as (id of the control, sentence), for forms that are not our own."""
    found = [("", str(sentence)) for sentence in form.non_field_errors()]
    for bound in form:
        found += [(bound.id_for_label, str(sentence)) for sentence in bound.errors]
    return found
