"""The headline of the decision and the remarks beside it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.finding import Finding
from apps.decision.selectors import wording
from apps.decision.types import Taken

Plain = Mapping[str, Any]


def finding(result: Plain, taken: Taken | None) -> Finding:
    """Say what was decided or proposed, what the tree recommends, or where it stops."""
    if taken is not None:
        before = _("Decided: ") if taken.approved else _("Proposed, waiting for approval: ")
        against = _(", against the recommendation of the tree.")
        return Finding(before, taken.outcome, against if taken.overridden else ".")
    count = len(result["path"])
    if result["leaf"] is None:
        before = _("The tree stops at question {number}. Not shown yet: ").format(number=count)
        return Finding(before, wording.fact_name(result["missing"][0]))
    before = ngettext(
        "{count} question leads to one recommendation: ",
        "{count} questions lead to one recommendation: ",
        count,
    ).format(count=count)
    return Finding(before, result["name"])


def notes(warnings: Iterable[Plain], *, outdated_ranking: bool) -> tuple[str, ...]:
    """Say what has to be known beside the path."""
    found = []
    if outdated_ranking:
        found.append(
            _("The ranking was frozen on other prices than those adopted since. Freeze it again.")
        )
    if any(warning["code"] == "sole_remaining_bid" for warning in warnings):
        found.append(_("One bid is left: nothing was ranked against it."))
    return tuple(found)
