"""A question-like value for the tests of answers: no database."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Ask:
    code: str = "1.01"
    kind: str = "text_short"
    options: Any = ()
    unit: str = ""
    word_limit: int | None = None
    knockout: dict[str, Any] = field(default_factory=dict)
    condition: dict[str, Any] = field(default_factory=dict)
    auto: Any = ()
