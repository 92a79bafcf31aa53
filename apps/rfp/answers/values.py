"""What an answer is, and what these modules need to know about a question."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, Protocol, TypeAlias

from apps.core.errors import Incomplete

Row: TypeAlias = dict[str, Any]
Value: TypeAlias = str | list[str] | list[Row]
Answers: TypeAlias = Mapping[str, Value]
Facts: TypeAlias = Mapping[str, Any]


class Question(Protocol):
    """Anything shaped like a question: the model, or a frozen copy of it.

    `options` are choices, columns (`{"name", "kind"}`) or file extensions, by the kind.
    `knockout`, `condition` and `auto` are rules as plain data.
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
    def knockout(self) -> Mapping[str, Any]: ...
    @property
    def condition(self) -> Mapping[str, Any]: ...
    @property
    def auto(self) -> Sequence[Mapping[str, Any]]: ...


def refuse(sentence: str) -> NoReturn:
    """Say in one sentence what to change about an answer."""
    raise Incomplete(sentence, fields={"answer": sentence})
