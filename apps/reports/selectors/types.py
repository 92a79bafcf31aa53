"""The report types, written out: a new one is a module here and a name in this table."""

from apps.reports.selectors.contract_schedule import CONTRACT_SCHEDULE
from apps.reports.selectors.decision_report import DECISION_REPORT
from apps.reports.selectors.paper import ReportType
from apps.reports.selectors.scorecard import SCORECARD

REPORT_TYPES: dict[str, ReportType] = {
    entry.slug: entry for entry in (SCORECARD, DECISION_REPORT, CONTRACT_SCHEDULE)
}
