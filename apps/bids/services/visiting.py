"""Where the vendor's people are: a sign of life from a section, and what is new to its reader."""

import datetime as dt

from django.db import transaction

from apps.bids import selectors
from apps.bids.models import Bid, SectionVisit
from apps.core import clock
from apps.core.access import authorise
from apps.rfp.models import Section
from apps.workspace.models import User

A_VISIT = dt.timedelta(minutes=30)  # silence after which the next look is a new visit


@transaction.atomic
def look(*, bid: Bid, section: Section, actor: User, place: str = "") -> SectionVisit:
    """Note that a person is at a section, at the question `place` where it is known.

    No event of the record, and for the vendor's own people alone. A new visit begins after half
    an hour of silence: what others changed since the one before is then marked as new.
    """
    authorise(actor, "bids.answer", bid)
    selectors.require_seen(bid, section)
    now, known = clock.now(), _code(section, place)
    held, made = SectionVisit.objects.get_or_create(
        bid=bid,
        section=section,
        person=actor,
        defaults={
            "organisation_id": bid.organisation_id,
            "vendor_id": bid.vendor_id,
            "at": now,
            "place": known,
        },
    )
    if made:
        return held
    if now - held.at > A_VISIT:
        held.before = held.at
    held.at, held.place = now, known or held.place
    held.save(update_fields=["at", "before", "place"])
    return held


def _code(section: Section, place: str) -> str:
    """Return the code of a question of this section; empty for anything else."""
    return place if place and section.questions.filter(code=place).exists() else ""
