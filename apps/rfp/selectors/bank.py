"""The question bank: what was shipped, kept as a template or asked before, searched in one place.

A question that stands in several places with the same words is shown once, where it came from
first: shipped files, packs, own templates, earlier RFPs.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from apps.core import seeds
from apps.rfp.models import Question, Rfp, Template
from apps.rfp.selectors.reading import QUESTIONNAIRES
from apps.rfp.selectors.shipping import PACKS, pack_form, shipped_form
from apps.rfp.selectors.workbook import item_of
from apps.rfp.workbooks.form import Item, of_file
from apps.workspace.models import User
from apps.workspace.selectors import procurements_visible_to

SHIPPED, PACK, TEMPLATE, EARLIER = "shipped", "pack", "template", "rfp"
SOURCES: Mapping[str, Promise] = MappingProxyType(
    {
        SHIPPED: gettext_lazy("Shipped questionnaires"),
        PACK: gettext_lazy("Shipped packs"),
        TEMPLATE: gettext_lazy("Own templates"),
        EARLIER: gettext_lazy("Earlier RFPs"),
    }
)
LONGEST_SEARCH: Final = 200
# The database ranks: what holds every word before what holds some, the topic before the text; a
# word is found in any form of it.
RANK: Final = """
SELECT x.key FROM jsonb_to_recordset(%s::jsonb) AS x(key text, topic text, text text),
  plainto_tsquery('english', %s) AS whole,
  LATERAL (SELECT replace(whole::text, '&', '|')::tsquery AS part) AS asked,
  LATERAL (SELECT setweight(to_tsvector('english', x.topic), 'A')
                  || setweight(to_tsvector('english', x.text), 'B') AS words) AS found
WHERE found.words @@ asked.part
ORDER BY found.words @@ whole DESC, ts_rank(found.words, asked.part) DESC, x.key
"""


@dataclass(frozen=True)
class Found:
    """A question of the bank. `key` names it: source, place and code."""

    key: str
    source: str
    place: str  # the questionnaire, pack, template or RFP it stands in
    section: str
    item: Item


def words_of(text: str) -> str:
    """Return a text as it is compared: lower case, letters and digits alone."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def bank(
    user: User, rfp: Rfp, *, search: str = "", source: str = "", kind: str = ""
) -> list[Found]:
    """Return the questions of the bank, best match first: three queries, however many there are."""
    pool = [one for one in _once(_all(user, rfp, source)) if not kind or one.item.kind == kind]
    asked = search.strip()[:LONGEST_SEARCH]
    return _ranked(pool, asked) if asked else pool


def from_bank(user: User, rfp: Rfp, keys: Iterable[str]) -> list[Found]:
    """Return these questions in the order given; a key that names nothing here is left out."""
    known = {one.key: one for one in _all(user, rfp, "")}
    return [known[key] for key in keys if key in known]


def _all(user: User, rfp: Rfp, source: str) -> Iterator[Found]:
    readers = {SHIPPED: _shipped, PACK: _packs, TEMPLATE: _templates}
    for name, read in readers.items():
        if source in ("", name):
            yield from read()
    if source in ("", EARLIER):
        yield from _earlier(user, rfp)


def _shipped() -> Iterator[Found]:
    for slug in seeds.names(QUESTIONNAIRES):
        form = shipped_form(slug)
        for part, item in form.items:
            key = f"{SHIPPED}:{slug}:{item.code}"
            yield Found(key, SHIPPED, form.head["title"], part.title, item)


def _packs() -> Iterator[Found]:
    for slug in seeds.names(PACKS):
        form = pack_form(slug)
        for part, item in form.items:
            yield Found(f"{PACK}:{slug}:{item.code}", PACK, form.head["title"], part.title, item)


def _templates() -> Iterator[Found]:
    for template in Template.objects.order_by("name", "pk"):
        for part, item in of_file(template.content).items:
            key = f"{TEMPLATE}:{template.pk}:{item.code}"
            yield Found(key, TEMPLATE, template.name, part.title, item)


def _earlier(user: User, rfp: Rfp) -> Iterator[Found]:
    """Yield the questions of other RFPs whose procurement the person may see."""
    held = (
        Question.objects.filter(rfp__procurement__in=procurements_visible_to(user).values("pk"))
        .exclude(rfp=rfp)
        .select_related("section", "rfp__procurement")
        .order_by("-rfp__created_at", "rfp_id", "section__position", "position", "pk")
    )
    for one in held:
        place = f"{one.rfp.procurement.reference} {one.rfp.procurement.title}"
        key = f"{EARLIER}:{one.rfp_id}:{one.code}"
        yield Found(key, EARLIER, place, one.section.title, item_of(one))


def _once(pool: Iterable[Found]) -> Iterator[Found]:
    seen: set[str] = set()
    for one in pool:
        words = words_of(one.item.text)
        if words not in seen:
            seen.add(words)
            yield one


def _ranked(pool: list[Found], asked: str) -> list[Found]:
    known = {one.key: one for one in pool}
    rows = [{"key": one.key, "topic": one.item.topic, "text": one.item.text} for one in pool]
    with connection.cursor() as cursor:
        cursor.execute(RANK, [json.dumps(rows), asked])
        return [known[key] for (key,) in cursor.fetchall()]
