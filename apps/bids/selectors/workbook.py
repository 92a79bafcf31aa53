"""Opened bids beside the questions of a workbook: what this person may see, under the names they may see."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.bids.selectors.assumptions import confidential_marks, shareable, withheld
from apps.bids.selectors.opened import (
    attachments_of,
    for_panel,
    hidden_name,
    opened_answers,
    vendor_names,
)
from apps.bids.selectors.quotes import quotes_for
from apps.bids.types.blinding import mask
from apps.bids.types.evidence import OpenedFile
from apps.core.access import can
from apps.rfp import answers
from apps.rfp.models import Question, Rfp
from apps.rfp.selectors import lots_of, questionnaire
from apps.rfp.states import AnswerKind
from apps.rfp.workbooks.beside import Beside, Given, PriceLine
from apps.workspace.models import User

NOT_A_FIGURE = frozenset({"id", "vendor"})


def beside_of(user: User, rfp: Rfp) -> Beside:
    """Return the answers of opened envelopes and the price sheets of opened commercial ones.

    What a vendor marked as confidential stays in the opened bid: a workbook leaves the panel.

    Columns stand in the order of the names that are shown: the order of letters would tell who
    sees names which letter is whose.
    """
    names = vendor_names(user, rfp)
    order = sorted(names, key=lambda bid: (names[bid].casefold(), str(bid)))
    given, held = opened_answers(user, rfp), attachments_of(user, rfp)
    marks = confidential_marks(user, rfp)
    hidden = {bid.pk: hidden_name(user, bid) for bid in for_panel(user, rfp)}
    questions = [one for chapter in questionnaire(rfp) for one in chapter.questions]
    quotes = _quotes(user, rfp)
    priced = [bid for bid in order if str(bid) in quotes]
    return Beside(
        given=tuple(
            Given(
                names[bid],
                {
                    **shareable(
                        {
                            code: mask(said, hidden[bid])
                            for code, said in _texts(questions, given[bid], held.get(bid, {}))
                        },
                        marks[bid],
                    ),
                    **dict.fromkeys(marks[bid], withheld()),
                },
            )
            for bid in order
        ),
        priced=tuple(names[bid] for bid in priced),
        prices=_lines([quotes[str(bid)] for bid in priced]),
    )


def _quotes(user: User, rfp: Rfp) -> dict[str, dict[str, Any]]:
    if not can(user, "bids.read_prices", rfp):
        return {}
    lots = lots_of(rfp)
    if not lots:
        return {quote["id"]: quote for quote in quotes_for(user, rfp)}
    found: dict[str, dict[str, Any]] = {}
    for lot in lots:  # sheet by sheet: figures of two lots are never one figure
        title = _("Lot {code}: {name}").format(code=lot.code, name=lot.name)
        for quote in quotes_for(user, rfp, lot):
            sheet = {name: value for name, value in quote.items() if name not in NOT_A_FIGURE}
            found.setdefault(quote["id"], {})[title] = sheet
    return found


def _texts(
    questions: Sequence[Question],
    given: Mapping[str, Any],
    held: Mapping[str, Sequence[OpenedFile]],
) -> Iterator[tuple[str, str]]:
    """Write each answer as the page of the bid does; tables line by line, files by their names."""
    for question in questions:
        said = [_said(question, given.get(question.code))]
        said += [file.name for file in held.get(question.code, ())]
        yield question.code, "\n".join(filter(None, said))


def _said(question: Question, value: Any) -> str:
    """Write an answer as text; of a file question its files say it."""
    if question.kind == AnswerKind.FILE or value is None:
        return ""
    if table := answers.show_table(question, value):
        return "\n".join(" | ".join(cells) for cells in (table.columns, *table.rows))
    return answers.show(question, value)


def _lines(quotes: Sequence[Mapping[str, Any]]) -> list[PriceLine]:
    """Lay the sheets side by side, each figure under its path, in the order they first come."""
    flat = [dict(_figures("", quote)) for quote in quotes]
    paths = list(dict.fromkeys(path for one in flat for path in one))
    return [PriceLine(path, tuple(one.get(path, "") for one in flat)) for path in paths]


def _figures(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            if path or name not in NOT_A_FIGURE:
                yield from _figures(f"{path} · {name}" if path else str(name), one)
    elif isinstance(value, list):
        for number, one in enumerate(value, start=1):
            yield from _figures(f"{path} {number}", one)
    elif value is not None:
        yield path, str(value)
