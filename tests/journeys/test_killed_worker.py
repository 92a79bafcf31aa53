"""A worker that is killed while it renders loses no report, and no report is made twice."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journeys import paper
from tests.journeys.by_api import Case
from tests.journeys.deciding import standing
from tests.journeys.product import Product, wait_for
from tests.journeys.small import Tools

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

DECIDED = (
    "SELECT id FROM workspace_procurement WHERE reference LIKE 'WVH-20%' AND phase = 'decided'"
)


def kill_worker(product: Product) -> None:
    """Kill the worker with everything it started; who keeps the programs starts it again."""
    worker = product.stack.supervisor.running["papers"]
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()
    product.stack.supervisor.look()


def kill_renderers(product: Product) -> None:
    """Kill the processes that do the worker's jobs; the worker itself lives on."""
    pid = product.stack.supervisor.running["papers"].pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        os.kill(int(child), signal.SIGKILL)


@pytest.mark.parametrize("kill", [kill_worker, kill_renderers])
def test_a_worker_killed_while_it_renders_loses_no_report_and_makes_none_twice(
    tools: Tools, kill: Callable[[Product], None], tmp_path: Path
):
    product = tools.product
    case = Case(product, product.sql(DECIDED), tools.lead, {})
    asked = case.ask("scorecard")
    job = f"FROM core_job WHERE subject_id = '{asked['id']}'"
    wait_for(lambda: product.sql(f"SELECT stage {job}") == "rendering", "the rendering")
    kill(product)
    assert product.sql(f"SELECT state, attempts {job}") == "running|1"

    # The lease of the dead lapses after half a minute; the test does not wait for it.
    product.sql(f"UPDATE core_job SET lease_until = now() WHERE subject_id = '{asked['id']}'")
    found = case.signed(asked["id"])

    assert product.sql(f"SELECT state, attempts {job}") == "done|2"
    assert product.sql(f"SELECT count(*) {job}") == "1"
    same = f"FROM reports_report WHERE kind = 'scorecard' AND procurement_id = '{case.pk}'"
    assert product.sql(f"SELECT count(*) {same} AND version = {found['version']}") == "1"
    assert product.sql(f"SELECT count(*) {same} AND state = 'requested'") == "0"
    file = tmp_path / "scorecard.pdf"
    file.write_bytes(case.pdf_of(found))
    assert "Signature Validation: Signature is Valid." in paper.signature_of(file)


def test_the_page_of_reports_shows_a_second_click_the_report_that_is_under_way(tools: Tools):
    case = Case(tools.product, tools.product.sql(DECIDED), tools.lead, {})
    first, second = case.ask("decision_report"), case.ask("decision_report")
    assert first["id"] == second["id"]
    assert case.signed(first["id"])["version"] == first["version"]


def test_a_report_that_was_asked_for_goes_before_the_receipts_that_a_rush_left(tools: Tools):
    product = tools.product
    case = Case(product, product.sql(DECIDED), tools.lead, {})
    receipts = "core_job WHERE kind = 'reports.receipt'"
    wait_for(lambda: product.sql(f"SELECT bool_and(state = 'done') FROM {receipts}") == "t", "rest")
    with standing(product):
        # Promised anew and rung for: the worker finds each of them done when it takes it.
        product.sql(
            "UPDATE core_job SET state = 'queued', attempts = 0, published_at = NULL,"
            " finished_at = NULL WHERE kind = 'reports.receipt'"
        )
        unheard = f"SELECT count(*) FROM {receipts} AND published_at IS NULL"
        wait_for(lambda: product.sql(unheard) == "0", "the rings")
        asked = case.ask("scorecard")
    case.signed(asked["id"])
    wait_for(lambda: product.sql(f"SELECT bool_and(state = 'done') FROM {receipts}") == "t", "rest")

    ended = f"SELECT finished_at FROM core_job WHERE subject_id = '{asked['id']}'"
    before = product.sql(f"SELECT count(*) FROM {receipts} AND finished_at < ({ended})")
    assert int(product.sql(f"SELECT count(*) FROM {receipts}")) > 2
    assert int(before) <= 1, "more than the one that the worker had in hand"
