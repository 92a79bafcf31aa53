"""The reports a person sees: of procurements they see, newest version first."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.access import can
from apps.core.errors import NotFound, WrongState
from apps.core.models import Job
from apps.reports.models import Report
from apps.reports.selectors.types import REPORT_TYPES
from apps.reports.states import ReportState
from apps.rfp.models import Lot
from apps.rfp.selectors import is_decided, lots_in, named_fact, of_lot
from apps.workspace.models import Procurement, User
from apps.workspace.rules import panel_roles
from apps.workspace.selectors import procurement_for
from apps.workspace.states import Phase, Role
from apps.workspace.types import Stage, Todo

KIND = "reports.produce"
STAGES = ("queued", "rendering", "signing", "storing", "done")
DECISION_REPORT = "decision_report"
ISSUED = frozenset({ReportState.SIGNED, ReportState.SUPERSEDED})


def reports_visible_to(user: User, procurement: Procurement) -> QuerySet[Report]:
    """Return the reports of a procurement whose panel the person sits on."""
    if not panel_roles(user, procurement):
        return Report.objects.none()
    return (
        Report.objects.filter(procurement=procurement)
        .defer("payload")
        .select_related("procurement", "lot", "requested_by")
        .order_by("-requested_at", "-pk")
    )


def report_for(user: User, *, procurement_id: uuid.UUID, report_id: uuid.UUID) -> Report:
    procurement = procurement_for(user, procurement_id=procurement_id)
    found = reports_visible_to(user, procurement).filter(pk=report_id).first()
    if found is None:
        raise NotFound(_("There is no such report."))
    return found


@dataclass(frozen=True)
class Row:
    """A report with its words; `stage` is one of STAGES, or "failed"."""

    report: Report
    name: str
    stage: str

    @property
    def in_progress(self) -> bool:
        return self.report.state == ReportState.REQUESTED

    @property
    def issued(self) -> bool:
        return self.report.state in ISSUED

    @property
    def label(self) -> str:
        return stage_words()[self.stage]

    @property
    def steps(self) -> list[Stage]:
        """Return the stages of its production: done, now, to come."""
        at = STAGES.index(self.stage)
        states = ["done" if i < at else "now" if i == at else "todo" for i in range(len(STAGES))]
        words = stage_words()
        return [Stage(words[stage], "", state) for stage, state in zip(STAGES, states, strict=True)]


def stage_words() -> dict[str, str]:
    return {
        "queued": _("Waiting for a worker"),
        "rendering": _("Rendering the pages"),
        "signing": _("Signing"),
        "storing": _("Checking and storing"),
        "done": _("Signed"),
        "failed": _("Failed"),
    }


def rows_of(reports: Iterable[Report]) -> list[Row]:
    """Return reports with their stages: one query for all that are in progress."""
    held = list(reports)
    waiting = [report.pk for report in held if report.state == ReportState.REQUESTED]
    jobs = Job.objects.filter(kind=KIND, subject_id__in=waiting).order_by("created_at")
    stages = dict(jobs.values_list("subject_id", "stage")) if waiting else {}
    return [
        Row(report, kind_name(report.kind, report.lot), _stage(report, stages)) for report in held
    ]


def _stage(report: Report, stages: dict[uuid.UUID, str]) -> str:
    if report.state == ReportState.FAILED:
        return "failed"
    if report.state in ISSUED:
        return "done"
    stage = stages.get(report.pk, "queued")
    # What the worker has stored becomes visible with its last commit.
    return stage if stage in STAGES[:-1] else "queued"


def kind_name(kind: str, lot: Lot | None = None) -> str:
    return named_fact(str(REPORT_TYPES[kind].name) if kind in REPORT_TYPES else kind, lot)


@dataclass(frozen=True)
class Card:
    """A report type; `missing` says what has to be done before it can be requested."""

    slug: str
    name: str
    about: str
    missing: str
    in_progress: bool
    issued: bool
    lot: Lot | None = None


@dataclass(frozen=True)
class Working:
    """The reports in progress; `mark` tells whether anything changed since it was last shown."""

    rows: Sequence[Row]

    @property
    def mark(self) -> str:
        return ",".join(f"{row.report.pk}:{row.stage}" for row in self.rows)

    def is_of(self, mark: str) -> bool:
        """Whether a mark names the same reports, at whatever stage."""
        named = [part.partition(":")[0] for part in mark.split(",") if part]
        return named == [str(row.report.pk) for row in self.rows]


@dataclass(frozen=True)
class Library:
    rows: Sequence[Row]
    cards: Sequence[Card]
    may_request: bool

    @property
    def featured(self) -> Row | None:
        """Return the signed report that stands: the decision's before any other, newest first."""
        standing = [row for row in self.rows if row.report.state == ReportState.SIGNED]
        decided = [row for row in standing if row.report.kind == DECISION_REPORT]
        return next(iter(decided + standing), None)

    @property
    def working(self) -> "Working":
        return Working([row for row in self.rows if row.in_progress])


def library(user: User, procurement: Procurement) -> Library:
    """Return everything the page of reports shows to a person."""
    rows = rows_of(reports_visible_to(user, procurement))
    may_request = can(user, "reports.request", procurement)
    return Library(
        rows=rows,
        cards=[
            _card(user, procurement, slug, rows, lot, may_request=may_request)
            for lot in lots_in(procurement) or (None,)
            for slug in REPORT_TYPES
        ],
        may_request=may_request,
    )


def _card(
    user: User,
    procurement: Procurement,
    slug: str,
    rows: Sequence[Row],
    lot: Lot | None,
    *,
    may_request: bool,
) -> Card:
    entry = REPORT_TYPES[slug]
    about = lot.pk if lot else None
    mine = [row for row in rows if row.report.kind == slug and row.report.lot_id == about]
    return Card(
        slug=slug,
        name=kind_name(slug, lot),
        about=str(entry.about),
        missing=_missing(user, procurement, slug, lot) if may_request else "",
        in_progress=any(row.in_progress for row in mine),
        issued=any(row.issued for row in mine),
        lot=lot,
    )


def _missing(user: User, procurement: Procurement, slug: str, lot: Lot | None) -> str:
    try:
        REPORT_TYPES[slug].require(user, procurement, lot)
    except WrongState as refusal:
        return refusal.sentence
    return ""


def working(user: User, procurement: Procurement) -> Working:
    """Return the reports in progress, for the part of the page that asks again and again."""
    waiting = reports_visible_to(user, procurement).filter(state=ReportState.REQUESTED)
    return Working(rows_of(waiting))


def todos(user: User, procurement: Procurement) -> list[Todo]:
    """Offer the decision report once the decision is taken and none has been issued."""
    if procurement.phase != Phase.DECIDED or Role.LEAD not in panel_roles(user, procurement):
        return []
    held = Report.objects.filter(procurement=procurement, kind=DECISION_REPORT)
    issued = set(held.values_list("lot", flat=True))
    lots = tuple(lot for lot in lots_in(procurement) if is_decided(lot)) or (None,)
    return [
        of_lot(_issue(procurement), lot) for lot in lots if (lot.pk if lot else None) not in issued
    ]


def _issue(procurement: Procurement) -> Todo:
    return Todo(
        title=_("Issue the decision report"),
        text=_("It is signed, carries its records, and anyone can verify it."),
        url=reverse("reports:library", args=[procurement.pk]),
        action=_("Open reports"),
        icon="file-check",
    )
