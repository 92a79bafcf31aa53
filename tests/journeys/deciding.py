"""From the opened prices to the approved decision and its reports."""

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.authoring import Tender
from tests.journeys.browser import Window
from tests.journeys.product import Product, wait_for

EVIDENCE = "Minutes of the steering group, 14 November."
PATIENCE = 90.0


def adopt_prices(lead: Window, tender: Tender, lowest_hour: str) -> None:
    """Give the lowest cost of an agent hour for each bid, save, adopt."""
    page = lead.go(f"{tender.path}/pricing/")
    for field in page.get_by_role("textbox", name=": Lowest cost of a paid agent hour").all():
        field.fill(lowest_hour)
    lead.press("Save assumptions")
    lead.press("Adopt comparison")


def freeze_ranking(lead: Window, tender: Tender) -> None:
    lead.go(f"{tender.path}/ranking/")
    lead.press("Freeze the ranking with prices")


def assess(lead: Window, tender: Tender, level: int) -> None:
    """Answer every question of the readiness framework with one level, then sign off."""
    page = lead.go(f"{tender.path}/readiness/")
    lead.press("Begin assessment")
    while True:
        page.wait_for_load_state()
        for group in page.locator("main form fieldset").all():
            group.get_by_role("radio").nth(level).check()
        for field in page.locator("main form textarea").all():
            field.fill(EVIDENCE)
        if not page.get_by_role("button", name="Save and go on").count():
            break
        lead.press("Save and go on")
    lead.press("Save")
    lead.go(f"{tender.path}/readiness/")
    lead.press("Sign off the assessment")


def state_facts(lead: Window, tender: Tender) -> int:
    """State every fact that only people can state; return how many there were."""
    page = lead.go(f"{tender.path}/decision/")
    forms = page.locator("form[action$='/decision/state/']")
    count = forms.count()
    for place in range(count):
        form = forms.nth(place)
        answer = "Yes" if "capability" in form.inner_text() else "No"
        form.get_by_role("radio", name=answer, exact=True).check()
        form.get_by_role("textbox").last.fill(EVIDENCE)
        form.get_by_role("button", name="State").click()
        page.wait_for_load_state()
    return count


def propose(lead: Window, tender: Tender, rationale: str) -> None:
    page = lead.go(f"{tender.path}/decision/")
    form = page.locator("form[action$='/propose/']")
    form.get_by_label("Reason for the decision").fill(rationale)
    form.get_by_role("button").click()
    page.wait_for_load_state()


def approval_of(approver: Window, tender: Tender) -> str:
    """Return the address that approves what is proposed."""
    page = approver.go(f"{tender.path}/decision/")
    return page.locator("form[action$='/approve/']").get_attribute("action")


def approve(approver: Window, tender: Tender) -> None:
    page = approver.go(f"{tender.path}/decision/")
    page.locator("form[action$='/approve/']").get_by_role("button").click()
    page.wait_for_load_state()


def request_report(lead: Window, tender: Tender, name: str) -> None:
    lead.go(f"{tender.path}/reports/")
    lead.press(f"Request {name}")


@contextmanager
def standing(product: Product) -> Iterator[None]:
    """Let the worker stand still, with everything it started."""
    worker = product.stack.supervisor.running["papers"].pid
    os.killpg(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(worker, signal.SIGCONT)


def shows(lead: Window, stage: str) -> str:
    """Wait until the page of reports shows this stage by itself, without reloading."""
    now = lead.page.locator("#working [aria-current=step]").filter(has_text=stage)
    now.first.wait_for(timeout=PATIENCE * 1000)
    return " ".join(now.first.inner_text().split())


def follow_reports(
    lead: Window, product: Product, tender: Tender, names: Iterable[str]
) -> frozenset[str]:
    """Request reports and look until all are done, without reloading; return the stages shown.

    The worker stands still until each stage was seen: how fast it is must not decide.
    """
    with standing(product):
        for name in names:
            request_report(lead, tender, name)
        waiting = shows(lead, "Waiting")
    rendering = (  # letters and receipts are rendered too
        "SELECT count(*) FROM core_job j JOIN reports_report r ON r.id = j.subject_id"
        " WHERE j.state = 'running' AND j.stage = 'rendering'"
    )
    wait_for(lambda: product.sql(rendering) != "0", "the rendering")
    with standing(product):
        seen = {waiting, shows(lead, "Rendering")}
    lead.page.locator("#working section").first.wait_for(state="detached", timeout=PATIENCE * 1000)
    return frozenset(seen)


def download(window: Window, name: str, folder: Path) -> Path:
    """Take the signed PDF of a report from the library."""
    row = window.page.get_by_role("row").filter(has_text=f"{name}, version")
    with window.page.expect_download() as started:
        row.get_by_role("link", name="PDF").click()
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def verify(stranger: Window, file: Path) -> str:
    """Give a file to the public page; return what it says."""
    page = stranger.go("/verify/")
    page.locator("input[type=file]").set_input_files(file)
    stranger.press("Check this file")
    return stranger.text
