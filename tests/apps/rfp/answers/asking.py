"""A question-like value for the tests of answers: no database."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Ask:
    code: str = "1.01"
    kind: str = "text_short"
    options: Any = ()
    unit: str = ""
    word_limit: int | None = None
    limits: dict[str, Any] = field(default_factory=dict)
    allows_na: bool = False
    scale_min: Decimal = Decimal(0)
    scale_max: Decimal = Decimal(5)
    knockout: dict[str, Any] = field(default_factory=dict)
    condition: dict[str, Any] = field(default_factory=dict)
    auto: Any = ()
