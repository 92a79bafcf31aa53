"""The texts that vendors are asked to agree to, set while the RFP is a draft."""

from collections.abc import Mapping

from django.db import transaction

from apps.rfp.models import Rfp, Undertaking
from apps.rfp.services.drafting import open_draft, record, text_of
from apps.rfp.states import UndertakingKind
from apps.workspace.models import User

LONGEST = 20_000


@transaction.atomic
def set_undertakings(*, rfp: Rfp, texts: Mapping[UndertakingKind, str], actor: User) -> None:
    """Set the text of each kind; an empty one asks for nothing. Frozen at publication."""
    open_draft(rfp, actor)
    read = {kind: text_of(text, kind.value, LONGEST) for kind, text in texts.items()}
    held = {one.kind: one for one in Undertaking.objects.filter(rfp=rfp)}
    changed = []
    for kind, text in read.items():
        before = held.get(kind.value)
        if text == (before.text if before else ""):
            continue
        changed.append(kind.value)
        if before is not None and not text:
            before.delete()
        elif before is not None:
            Undertaking.objects.filter(pk=before.pk).update(text=text)
        else:
            Undertaking.objects.create(
                organisation_id=rfp.organisation_id, rfp=rfp, kind=kind, text=text
            )
    if changed:
        record(rfp, "set_undertakings", actor, changed=sorted(changed))
