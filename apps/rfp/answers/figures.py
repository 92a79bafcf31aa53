"""Reads a number that a person typed, or says why it can be read in two ways."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from apps.rfp.answers.values import refuse

MOST_DIGITS = 15  # before the separator: more than any sum of money a tender sees
MOST_DECIMALS = 6
PLAIN = re.compile(rf"-?\d{{1,{MOST_DIGITS}}}(?:[.,]\d{{1,{MOST_DECIMALS}}})?", re.ASCII)
# One to three digits without a leading zero, a separator, exactly three digits: 1,250 is a
# thousand in London and a bit more than one in Berlin.
TWO_WAYS = re.compile(r"-?([1-9]\d{0,2})[.,](\d{3})", re.ASCII)


def read(raw: object) -> str:
    """Return a decimal string with the digits as typed; a comma becomes the point it stands for.

    Trailing zeros stay, so that what was written unambiguously is read again the same way.
    """
    text = str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw
    if not isinstance(text, str):
        refuse(_("Write the number as text, for example 12.5."))
    text = text.strip()
    both = TWO_WAYS.fullmatch(text)
    if both:
        sentence = _("{text} can be read in two ways. Write {whole} or {part}.")
        sign = "-" if text.startswith("-") else ""
        whole, part = sign + "".join(both.groups()), sign + ".".join(both.groups()) + "0"
        refuse(sentence.format(text=text, whole=whole, part=part))
    if not PLAIN.fullmatch(text):
        refuse(
            _(
                "Write a number with digits only, for example 1234.5. Leave out spaces, thousands"
                " separators and units."
            )
        )
    return text.replace(",", ".")


def read_between(raw: object, least: Decimal | int | None, most: Decimal | int | None) -> str:
    """Read a number inside its bounds; either side may be open."""
    text = read(raw)
    figure = Decimal(text)
    if least is not None and figure < least:
        refuse(_("Give a number of {least} or more.").format(least=least))
    if most is not None and figure > most:
        refuse(_("Give a number of {most} or less.").format(most=most))
    return text


def decimal(text: object) -> Decimal | None:
    """Return a stored decimal string as a number, None when it is something else."""
    if not isinstance(text, str) or not PLAIN.fullmatch(text):
        return None
    return Decimal(text.replace(",", "."))


def grouped(text: str) -> str:
    """Show a decimal string for reading: 12500.5 becomes 12,500.5."""
    return f"{Decimal(text):,}"
