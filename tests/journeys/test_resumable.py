"""A file goes in pieces in the vendor's browser: the line drops, the page is loaded anew, nothing is lost."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys import bidding, small
from tests.journeys.browser import Window, Windows
from tests.journeys.small import Tools

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

BODY = bytes(range(256)) * (10 << 10)  # 2.5 MB: three pieces
FIRST, SECOND = (
    {"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": start + BODY}
    for name, start in (("audit", b"%PDF-1.7 "), ("other", b"%PDF-1.6 "))
)
PIECES = re.compile(r"/evidence/uploads/[0-9a-f-]{36}/$")
EXPIRED_BEFORE = "The last day lies before the day of issue. Correct one of them."
WAITING = "The connection is down. Trying again; what came stays."


def keep(page: Page, file: dict[str, object]) -> None:
    page.locator("form[data-resumable] input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Keep this file").click()


class Line:
    """The line between browser and server: it drops the pieces whose number is given."""

    def __init__(self, page: Page, *dropped: int) -> None:
        self.sent: list[str] = []
        self.dropped = dropped
        page.route(PIECES, self._carry)

    def _carry(self, route: Route) -> None:
        self.sent.append(route.request.headers.get("upload-offset", ""))
        route.abort() if len(self.sent) in self.dropped else route.continue_()


def arrived(window: Window, name: str) -> None:
    heading = window.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(name, timeout=20_000)
    window.page.unroute(PIECES)


def a_wrong_day_is_told_at_its_field(window: Window, page: Page) -> None:
    for name, day in (("issued", "2026-05-01"), ("expires", "2025-05-01")):
        page.locator(f"[name={name}]").fill(day)
    keep(page, FIRST)
    expect(page.locator("[data-resumable-said]")).to_have_text(EXPIRED_BEFORE)
    expect(page.locator("[name=expires]")).to_be_focused()
    expect(page.locator("[name=expires]")).to_have_attribute("aria-invalid", "true")
    assert all("422" in fault for fault in window.forget_faults())


def test_a_dropped_connection_and_a_reload_cost_no_piece(tools: Tools, windows: Windows):
    pk = small.draft(tools.lead, "Daytime calls, with large files")
    small.publish(tools, pk, tools.product.now() + dt.timedelta(hours=2))
    window = windows.open()
    invited = small.invite(tools, pk, "Upland Voice")
    bid = bidding.accept(window, bidding.link_of(tools.product, invited))
    said = window.page.locator("[data-resumable-said]")

    a_wrong_day_is_told_at_its_field(window, window.go(f"{bid}evidence/"))

    page = window.go(f"{bid}evidence/")
    line = Line(page, 2)
    page.get_by_label("What it proves").select_option(label="SOC 2 Type II")
    keep(page, FIRST)
    expect(said).to_have_text(WAITING)
    arrived(window, "audit.pdf")
    assert line.sent == ["0", "1048576", "1048576", "2097152"], "the lost piece alone came twice"
    assert "SOC 2 Type II" in window.text

    page = window.go(f"{bid}evidence/")
    Line(page, *range(2, 100))
    keep(page, SECOND)
    expect(said).to_have_text(WAITING)
    page = window.go(f"{bid}evidence/")
    page.unroute(PIECES)
    assert "other.pdf: 1.0 MB of 2.5 MB are here." in window.text
    line = Line(page)
    keep(page, SECOND)
    arrived(window, "other.pdf")
    assert line.sent == ["1048576", "2097152"]
    window.faults = [one for one in window.faults if "ERR_FAILED" not in one]
    window.close()
