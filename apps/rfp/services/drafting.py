"""What every change of a draft shares: the lock, the refusal once published, one audit event."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.rfp.models import Rfp
from apps.rfp.services import journal
from apps.rfp.states import RfpState
from apps.workspace.models import User

LARGEST_WEIGHT = Decimal(100)
WEIGHT_STEP = Decimal("0.0001")
# Digits and a point: no exponent, no digit of another script, no sign.
FIGURE = re.compile(r"\d{1,4}(\.\d{1,8})?", re.ASCII)


def open_draft(rfp: Rfp, actor: User) -> None:
    """Let the lead change a draft: nobody publishes it meanwhile, and nothing published changes."""
    authorise(actor, "rfp.author", rfp)
    locked = Rfp.objects.select_for_update(of=("self",)).get(pk=rfp.pk)
    if locked.state != RfpState.DRAFT:
        raise WrongState(
            _("This RFP has been published; its content is frozen. Nothing was changed.")
        )
    journal.begin(actor)


def lock(rfp: Rfp) -> Rfp:
    """Return the RFP as it stands now, locked until the transaction ends."""
    Rfp.objects.select_for_update(of=("self",)).get(pk=rfp.pk)
    rfp.refresh_from_db()
    return rfp


def record(rfp: Rfp, act: str, actor: User, **details: Any) -> None:
    """Append the one event of a change; decimals and identifiers are written as text."""
    journal.name(act, details)
    audit.record(
        action=f"rfp.{act}",
        actor=actor,
        subject=rfp,
        procurement_id=rfp.procurement_id,
        payload=plain_data(details),
    )


def plain_data(value: Any) -> Any:
    """Copy a value into what canonical JSON knows: text, whole numbers, lists and mappings."""
    if isinstance(value, Mapping):
        return {str(name): plain_data(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_data(one) for one in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def refuse(field: str, sentence: str) -> Incomplete:
    """Return a refusal that stands beside its field."""
    return Incomplete(sentence, fields={field: sentence})


def weight_of(raw: object, field: str = "weight", most: Decimal = LARGEST_WEIGHT) -> Decimal:
    """Read a weight from 0 to `most` with at most four decimals."""
    sentence = _("Give a weight from 0 to {most}, with at most four decimals.").format(most=most)
    written = format(raw, "f") if isinstance(raw, Decimal) else str(raw).strip()
    if isinstance(raw, bool) or not FIGURE.fullmatch(written):
        raise refuse(field, sentence)
    weight = Decimal(written)
    if weight > most:
        raise refuse(field, sentence)
    if weight != weight.quantize(WEIGHT_STEP):
        raise refuse(field, sentence)
    return weight


def minimum_of(raw: object, field: str, most: Decimal = LARGEST_WEIGHT) -> Decimal | None:
    """Read a minimum above 0; a blank asks for none."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    try:
        found = weight_of(raw, field, most)
    except Incomplete:
        found = Decimal(0)
    if not found:
        sentence = _("Give a minimum above 0 and up to {most}, or leave it empty.")
        raise refuse(field, sentence.format(most=most))
    return found


def text_of(raw: object, field: str, most: int, *, needed: str = "") -> str:
    """Read a text of at most `most` characters; `needed` is the sentence when it is empty."""
    if not isinstance(raw, str):
        raise refuse(field, _("Write this as text."))
    text = raw.replace("\r\n", "\n").strip()
    if needed and not text:
        raise refuse(field, needed)
    if len(text) > most:
        sentence = _("Shorten this to {most} characters; it has {length}.")
        raise refuse(field, sentence.format(most=most, length=len(text)))
    if "\x00" in text:
        raise refuse(field, _("Paste this as plain text; it holds a control character."))
    return text
