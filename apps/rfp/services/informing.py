"""Terms of a request for information: what it takes of a tender's, and who goes on its shortlist."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core.errors import Incomplete, WrongState
from apps.rfp.models import Rfp
from apps.rfp.services.drafting import minimum_of, refuse
from apps.rfp.states import ShortlistRule

MOST_TAKEN: Final = 100
HUNDRED: Final = Decimal(100)
# The terms that a request for information has; the others are about prices and the award.
TERMS: Final = frozenset(
    {
        *("introduction", "facts", "missing_policy", "hidden_counts", "quality_minimum"),
        *("scoring_method", "award_decimals", "needs_review", "question_days", "shortlist"),
    }
)


def require_tender(rfp: Rfp) -> None:
    """Refuse what only a tender has: prices, their workload, lots."""
    if not rfp.asks_price:
        raise WrongState(
            _("A request for information has no prices and no lots. The tender after it has them.")
        )


def refuse_foreign_terms(rfp: Rfp, names: Collection[str]) -> None:
    """Refuse the terms that this kind of RFP does not have, each beside its field."""
    if rfp.asks_price:
        wrong = {
            name: _("Only a request for information publishes who goes on its shortlist.")
            for name in names
            if name == "shortlist"
        }
    else:
        wrong = {
            name: _("A request for information has no such term: it asks for no price.")
            for name in names
            if name not in TERMS
        }
    if wrong:
        raise Incomplete(_("Some terms need another look."), fields=wrong)


def read_rule(raw: Any) -> dict[str, Any]:
    """Read who is taken: {"rule"} with "most", a whole number, or "least", quality points."""
    if raw in (None, {}):
        return {}
    if not isinstance(raw, Mapping) or not set(raw) <= {"rule", "most", "least"}:
        raise refuse("shortlist", _("Give the rule, and what belongs to it: most or least."))
    if raw.get("rule") not in ShortlistRule.values:
        raise refuse("shortlist", _("Choose who is taken: best, minimum or admitted."))
    kind = ShortlistRule(raw["rule"])
    if kind == ShortlistRule.BEST:
        return {"rule": kind.value, "most": _most(raw.get("most"))}
    if kind == ShortlistRule.MINIMUM:
        least = minimum_of(raw.get("least"), "least", HUNDRED)
        if least is None:
            raise refuse("least", _("Give the quality points, above 0 and up to 100."))
        return {"rule": kind.value, "least": f"{least.normalize():f}"}
    return {"rule": kind.value}


def _most(raw: Any) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool) and 1 <= raw <= MOST_TAKEN:
        return raw
    raise refuse("most", _("Give how many are taken, from 1 to {most}.").format(most=MOST_TAKEN))
