"""What the overview of a case file says about scores: none before they are locked."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.templatetags.formats import in_currency, number
from apps.matrix.selectors.frozen import frozen
from apps.matrix.selectors.rounds import latest_ranking
from apps.rfp.models import Lot
from apps.rfp.selectors import lots_in, named_fact, query_of
from apps.workspace.models import Procurement, User
from apps.workspace.types import Fact


def facts(user: User, procurement: Procurement) -> list[Fact]:
    """Return who leads the ranking that stands, of each lot by itself, and with which total."""
    return [
        fact for lot in lots_in(procurement) or (None,) for fact in _facts(user, procurement, lot)
    ]


def _facts(user: User, procurement: Procurement, lot: Lot | None) -> list[Fact]:
    ranking = latest_ranking(user, procurement, lot)
    if ranking is None:
        return []
    held = frozen(user, ranking)
    first = [one for one in held.admitted if one.rank == 1]
    if not first:
        return []
    total = first[0].total
    shown = number(total, 1) if held.in_points else in_currency(total, held.result["basis"]["unit"])
    words = _("{total} points") if held.in_points else _("adjusted price {total}")
    stage = _("quality and price") if held.with_price else _("quality alone")
    return [
        Fact(
            label=named_fact(_("First in the ranking"), lot),
            value=", ".join(one.name for one in first),
            note=f"{words.format(total=shown)}, {stage}",
            url=reverse("matrix:ranking", args=[procurement.pk]) + query_of(lot),
        )
    ]
