"""Plain questionnaires as rows: every field of a question that the tables know, whatever it is."""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from psycopg import sql

from apps.rfp.models import Lot, Question, Rfp, Section
from apps.rfp.workbooks.form import Form, Item, Part

# The scale has two columns of its own; `more` is what a file says beyond the table.
NAMES: Final = tuple(one.name for one in fields(Item) if one.name not in {"scale", "more"})


def values_of(item: Item) -> dict[str, Any]:
    """Return the columns of a question; shared shipped values are copied."""
    low, high = item.scale
    plain = {name: _plain(getattr(item, name)) for name in NAMES}
    figures = {"weight": item.weight, "scale_min": low, "scale_max": high}
    least = Decimal(item.minimum) if item.minimum else None
    held_at = Decimal(item.held_at) if item.held_at else None
    written = {name: Decimal(text) for name, text in figures.items()}
    return {**plain, **written, "minimum": least, "held_at": held_at}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def section_of(rfp: Rfp, part: Part, position: int, weight: str | None = None) -> Section:
    """Return a section, not saved yet; `weight` in percent of quality, else that of the part."""
    return Section(
        organisation_id=rfp.organisation_id,
        rfp=rfp,
        code=part.code,
        title=part.title,
        weight=Decimal(part.weight if weight is None else weight),
        minimum=Decimal(part.minimum) if part.minimum else None,
        envelope=part.envelope,
        position=position,
    )


def question_of(section: Section, item: Item, position: int) -> Question:
    """Return a question, not saved yet."""
    return Question(
        organisation_id=section.organisation_id,
        rfp=section.rfp,
        section=section,
        position=position,
        **values_of(item),
    )


def update(rows: Sequence[Section | Question], names: Collection[str]) -> None:
    """Write these fields of rows that are stored: one statement, however many there are.

    The values travel as one JSON text; an UPDATE with a CASE per field and row takes far longer.
    """
    if not rows or not names:
        return
    meta = rows[0]._meta
    fields: list[Any] = [meta.get_field(name) for name in sorted(names)]
    content = [
        {"id": str(row.pk), **{one.column: _written(getattr(row, one.attname)) for one in fields}}
        for row in rows
    ]
    table = sql.Identifier(meta.db_table)
    given: Any = sql.SQL(", ").join(
        [sql.SQL("{0} = v.{0}").format(sql.Identifier(one.column)) for one in fields]
    )
    statement = sql.SQL(
        "UPDATE {table} AS t SET {given}"
        " FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) AS v WHERE t.id = v.id"
    ).format(table=table, given=given)
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(content)])


def _written(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | uuid.UUID) else value


def write_form(rfp: Rfp, form: Form) -> None:
    """Write a whole questionnaire with its lots: three statements."""
    held = write_lots(rfp, form)
    write(rfp, form.parts, lots=held)


def write_lots(rfp: Rfp, form: Form) -> dict[str, Lot]:
    """Write the lots of a form behind those of the RFP; returns all that its sections may name."""
    held = {one.code: one for one in Lot.objects.filter(rfp=rfp)}
    after = max((one.position for one in held.values()), default=0)
    new = [one for one in form.lots if one.code not in held]
    made = Lot.objects.bulk_create(
        Lot(
            organisation_id=rfp.organisation_id,
            rfp=rfp,
            code=one.code,
            name=one.name,
            description=one.description,
            position=position,
        )
        for position, one in enumerate(new, start=after + 1)
    )
    return {**held, **{one.code: one for one in made}}


def write(
    rfp: Rfp,
    parts: Iterable[Part],
    *,
    after: int = 0,
    weight: str | None = None,
    lots: Mapping[str, Lot] | None = None,
) -> None:
    """Write sections with their questions: two statements, however many there are."""
    held = [
        (section_of(rfp, part, position, weight), part)
        for position, part in enumerate(parts, start=after + 1)
    ]
    for section, part in held:
        section.lot = (lots or {}).get(part.lot)
    Section.objects.bulk_create(section for section, _part in held)
    Question.objects.bulk_create(
        question_of(section, item, place)
        for section, part in held
        for place, item in enumerate(part.items, start=1)
    )
