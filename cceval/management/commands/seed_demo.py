"""Play the demo case through the product's own services, from founding to the signed report."""

import datetime as dt
import time
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core import clock, files, keystore
from apps.core.tasks import load_handlers
from apps.reports.models import Report
from apps.reports.services import requesting
from apps.reports.states import ReportState
from apps.rfp.states import KeyKind
from apps.workspace.models import Procurement
from apps.workspace.states import Role
from cceval.demo import content, evaluation, tender
from cceval.demo.people import Cast, acting, found_buyer, sign_ins_path

ANSWERING = dt.timedelta(seconds=20)  # how long the demo's vendors have; extended when too short
AS_AUTHORING = 5  # times as long as writing the RFP took: a slow machine gives them longer
GRACE = dt.timedelta(seconds=1)
PATIENCE = 180.0


class Command(BaseCommand):
    help = "Loads the demo case, unless it is there, and prints the path of its decision report."

    def handle(self, *_args: Any, **_options: Any) -> None:
        target = Path(settings.ENV.data_dir) / "reports" / "decision-report.pdf"
        if not (sign_ins_path().exists() and target.exists()):
            self._play(target)
        self.stdout.write(str(target))

    def _play(self, target: Path) -> None:
        load_handlers()
        keystore.create(keystore.SERVICE)
        cast, case = Cast(), content.load("case")
        found_buyer(cast, case)
        case_pk = self._first(cast, case)
        self._second(cast, case)
        cast.write(sign_ins_path())
        for kind in ("scorecard", "decision_report"):
            report = self._produce(cast, case_pk, kind)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files.read(report.blob))

    def _first(self, cast: Cast, case: dict[str, Any]) -> uuid.UUID:
        lead = cast["kovac"]
        procurement = tender.open_case(lead, case["procurement"])
        for person in case["people"]:
            for role in person["roles"]:
                if role != "lead":
                    tender.appoint(procurement, cast[person["key"]], Role(role), lead)
        evaluation.assess(cast, procurement.pk, case)
        began = time.monotonic()
        rfp = tender.author(
            procurement,
            lead,
            case["rfp"],
            case["workload"],
            content.in_house(case["in_house"]),
            case["source"]["note"],
        )
        vendors = content.vendors()
        pace = dt.timedelta(seconds=time.monotonic() - began)
        bids = self._bid(cast, rfp, vendors, max(ANSWERING, AS_AUTHORING * pace))
        tender.open_bids(cast, rfp, lead, KeyKind.TECHNICAL)
        evaluation.score(cast, procurement.pk, case, content.load("scores"), bids)
        tender.open_bids(cast, rfp, lead, KeyKind.COMMERCIAL)
        evaluation.compare_prices(cast, procurement.pk, case, bids)
        evaluation.decide(cast, procurement.pk, case)
        return procurement.pk

    def _bid(
        self, cast: Cast, rfp: Any, vendors: list[dict[str, Any]], window: dt.timedelta
    ) -> dict[str, uuid.UUID]:
        closes_at = clock.database_now() + window
        tender.publish(cast, rfp, cast["kovac"], cast["hargreave"], closes_at, GRACE)
        bids = {}
        for vendor in vendors:
            bid = tender.invite(cast, rfp, cast["kovac"], vendor)
            tender.answer(cast, bid, vendor)
            closes_at = tender.keep_open(rfp, cast["kovac"], cast["lindqvist"], closes_at)
            tender.submit(cast, bid, vendor)
            bids[vendor["key"]] = bid.pk
        tender.wait_for_opening(closes_at, GRACE)
        return bids

    def _second(self, cast: Cast, case: dict[str, Any]) -> None:
        """A procurement half way, and one hardly begun: every state in between."""
        second, lead = content.load("second"), cast["kovac"]
        procurement = tender.open_case(lead, second["procurement"])
        panel = second["panel"]
        for person in panel["evaluators"]:
            tender.appoint(procurement, cast[person["person"]], Role.EVALUATOR, lead)
        for role in (Role.MODERATOR, Role.OPENER, Role.APPROVER, Role.AUDITOR):
            for key in panel.get(role, []):
                tender.appoint(procurement, cast[key], role, lead)
        rfp = tender.author(
            procurement, lead, second["rfp"], second["workload"], None, case["source"]["note"]
        )
        closes_at = clock.database_now() + dt.timedelta(days=second["rfp"]["answer_days"])
        tender.publish(
            cast,
            rfp,
            lead,
            cast["hargreave"],
            closes_at.replace(hour=12, minute=0, second=0, microsecond=0),
            None,
        )
        known = {vendor["key"]: vendor for vendor in content.vendors()}
        for given in second["vendors"]:
            vendor = {**known[given["key"]], "evidence": [], "price_sheet": None, **given}
            if vendor["price_sheet"] is None:
                del vendor["price_sheet"]
            bid = tender.invite(cast, rfp, lead, vendor)
            tender.answer(cast, bid, vendor)
            if given["state"] == "submitted":
                tender.submit(cast, bid, vendor)
        draft = second["draft"]
        third = tender.open_case(lead, draft)
        tender.author(third, lead, draft["rfp"], None, None, "")

    def _produce(self, cast: Cast, case_pk: uuid.UUID, kind: str) -> Report:
        """Request a report and wait for the worker to sign it."""
        with acting(cast["kovac"]) as actor:
            procurement = Procurement.objects.get(pk=case_pk)
            report = requesting.request(kind=kind, procurement=procurement, actor=actor)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with acting(cast["kovac"]):
                report = Report.objects.get(pk=report.pk)
            if report.state == ReportState.SIGNED:
                return report
            if report.state == ReportState.FAILED:
                raise CommandError(f"The {kind} could not be produced: {report.failure}")
            time.sleep(0.3)
        raise CommandError(f"The {kind} is not signed after {PATIENCE:.0f} s. Is a worker running?")
