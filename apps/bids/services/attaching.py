"""A file of the vendor's store goes into a bid, for one question or for several."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from apps.bids import selectors
from apps.bids.models import Attachment
from apps.bids.selectors.evidence import BidEvidence
from apps.bids.services import answering
from apps.core.access import authorise
from apps.core.errors import Incomplete
from apps.workspace.models import User


@transaction.atomic
def attach_kept(*, subject: BidEvidence, codes: Iterable[str], actor: User) -> list[Attachment]:
    """Give the questions with these codes a copy of a kept file, all of them or none."""
    authorise(actor, "bids.answer", subject)
    wanted = list(dict.fromkeys(codes))
    known = {one.code: one for one in selectors.questions_for_files(subject.bid)}
    if not wanted or any(code not in known for code in wanted):
        sentence = _("Choose one or more questions that take a file.")
        raise Incomplete(sentence, fields={"questions": sentence})
    file, content = selectors.held_file(subject.evidence), selectors.file_content(subject.evidence)
    return [
        answering.attach(
            bid=subject.bid,
            question=known[code],
            name=file.name,
            content=content,
            expires=file.about.expires,
            actor=actor,
        )
        for code in wanted
    ]
