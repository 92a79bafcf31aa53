"""Where the points of one section come from: every criterion of it, with what each vendor got."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.errors import NotFound
from apps.matrix.selectors.frozen import SECTION, Frozen, Part
from apps.matrix.selectors.ranking_page import Row, row_of


@dataclass(frozen=True)
class CriteriaPage:
    frozen: Frozen
    sections: tuple[Part, ...]
    section: Part
    rows: tuple[Row, ...]  # criteria in their order; those that count for nobody are left out
    total: Row


def criteria_page(held: Frozen, code: str = "") -> CriteriaPage:
    """Return the criteria of a section, of the first where none is named. No query."""
    sections = tuple(part for part in held.parts if part.id.startswith(SECTION))
    chosen = [part for part in sections if code in ("", part.code)]
    if not chosen:
        raise NotFound(_("There is no such section in this ranking."))
    section, counted = chosen[0], set(held.result["criteria_in_play"])
    shown = [
        Part(node["id"], held.labels[node["id"]], node["percent_of_total"])
        for node in held.result["weights"]["nodes"]
        if node["parent"] == section.id and node["id"] in counted
    ]
    return CriteriaPage(
        frozen=held,
        sections=sections,
        section=section,
        rows=tuple(row_of(held, part) for part in shown),
        total=row_of(held, section),
    )
