"""Price comparisons: what may be read of them, and how they read."""

from apps.pricing.selectors.assuming import assumptions_of, merged
from apps.pricing.selectors.business import business_page, change_of, changed_of
from apps.pricing.selectors.comparing import (
    IN_HOUSE,
    adopted_for,
    case_of,
    checked,
    comparison,
    latest_comparison,
    prices_are_open,
    quotes_of,
    run,
    seed_of,
    tender_of,
    todos,
)
from apps.pricing.selectors.pages import compared, price_page

__all__ = [
    "IN_HOUSE",
    "adopted_for",
    "assumptions_of",
    "business_page",
    "case_of",
    "change_of",
    "changed_of",
    "checked",
    "compared",
    "comparison",
    "latest_comparison",
    "merged",
    "price_page",
    "prices_are_open",
    "quotes_of",
    "run",
    "seed_of",
    "tender_of",
    "todos",
]
