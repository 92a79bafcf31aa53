from apps.pricing.selectors.comparing import (
    assumptions_of,
    case_of,
    comparison,
    latest_comparison,
    prices_are_open,
    todos,
)

__all__ = [
    "assumptions_of",
    "case_of",
    "comparison",
    "latest_comparison",
    "prices_are_open",
    "todos",
]
