"""Text that people type, as it is kept."""

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete


def plain_text(raw: str, field: str, most: int, *, needed: str = "") -> str:
    """Return a text with line feeds for every kind of line end and nothing blank around it.

    PostgreSQL keeps no NUL, so that none is kept. Incomplete beside `field` when the text is longer
    than `most` characters, or empty where a sentence says what is `needed`.
    """
    text = raw.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text and needed:
        raise Incomplete(needed, fields={field: needed})
    if len(text) > most:
        sentence = _("Shorten this to {most} characters; it has {length}.").format(
            most=most, length=len(text)
        )
        raise Incomplete(sentence, fields={field: sentence})
    return text
