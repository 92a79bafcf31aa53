"""What an answer is, and what these modules need to know about a question."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn, Protocol, TypeAlias

from apps.core.errors import Incomplete

Row: TypeAlias = dict[str, Any]
Value: TypeAlias = str | list[str] | list[Row] | Row
Answers: TypeAlias = Mapping[str, Value]
Facts: TypeAlias = Mapping[str, Any]


class Question(Protocol):
    """Anything shaped like a question: the model, or a frozen copy of it.

    `options` are choices, columns (`{"name", "kind", "options"?}`) or file extensions, by the
    kind. `limits` bound a figure or the number of rows. `knockout`, `condition` and `auto` are
    rules as plain data.
    """

    @property
    def code(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def options(self) -> Sequence[Any]: ...
    @property
    def unit(self) -> str: ...
    @property
    def word_limit(self) -> int | None: ...
    @property
    def limits(self) -> Mapping[str, Any]: ...
    @property
    def allows_na(self) -> bool: ...
    @property
    def scale_min(self) -> Decimal: ...
    @property
    def scale_max(self) -> Decimal: ...
    @property
    def knockout(self) -> Mapping[str, Any]: ...
    @property
    def condition(self) -> Mapping[str, Any]: ...
    @property
    def auto(self) -> Sequence[Mapping[str, Any]]: ...


def empty(raw: object) -> bool:
    """Whether nothing came in: no text but spaces, or an empty list."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return True
    return isinstance(raw, Sequence) and not isinstance(raw, str) and len(raw) == 0


def refuse(sentence: str) -> NoReturn:
    """Say in one sentence what to change about an answer."""
    raise Incomplete(sentence, fields={"answer": sentence})
