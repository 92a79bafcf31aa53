"""What the panel does: open the bids, score alone, agree, lock."""

from collections.abc import Callable
from http import HTTPStatus

from playwright.sync_api import Response

from tests.journeys.authoring import Tender
from tests.journeys.browser import Window

SCORED = ("4.15", "7.04", "12.01")  # what people score in the small tender; rules score the rest
REASON = (
    "Names the practice and one example; no figure over a year, which the next anchor asks for."
)


def turn_key(opener: Window, address: str, tender: Tender, button: str, code: str) -> None:
    """Turn a key for one kind of envelope; the product asks for the second factor once more."""
    page = opener.go(f"{tender.path}/opening/")
    page.get_by_role("link", name=button, exact=True).click()
    opener.give_code(address)
    page.get_by_label("Your code for this envelope").fill(code)
    opener.press("Turn the key")


def begin_scoring(lead: Window, tender: Tender) -> None:
    """Assign both evaluators to every section."""
    page = lead.go(f"{tender.path}/scoring/")
    for box in page.locator("main table").get_by_role("checkbox").all():
        box.check()
    lead.press("Begin scoring")


def score_by_keyboard(
    evaluator: Window, tender: Tender, digits: dict[str, tuple[int, ...]], reason: str
) -> None:
    """Score question by question without the mouse: digits, R for the reason, J for the next."""
    page = evaluator.go(f"{tender.path}/scoring/{SCORED[0]}/")
    for code in SCORED:
        page.wait_for_url(f"**/scoring/{code}/")
        page.locator(".bid .score input").first.focus()
        for place, digit in enumerate(digits[code]):
            if place:
                page.keyboard.press("]")
            _score_one(evaluator, place, digit, reason)
        page.keyboard.press("j")


def _score_one(evaluator: Window, place: int, digit: int, reason: str) -> None:
    """Choose a score, which alone is not enough; give the reason, which saves both."""
    page = evaluator.page
    address = page.locator(".bid").nth(place).get_attribute("data-autosave")

    def answered(status: int) -> Callable[[Response], bool]:
        return lambda found: found.url.endswith(str(address)) and found.status == status

    with (
        evaluator.refused(HTTPStatus.UNPROCESSABLE_ENTITY),
        page.expect_response(answered(HTTPStatus.UNPROCESSABLE_ENTITY)),
    ):
        page.keyboard.press(str(digit))
    page.keyboard.press("r")
    page.keyboard.insert_text(reason)
    with page.expect_response(answered(HTTPStatus.OK)):
        page.keyboard.press("Shift+Tab")


def finish_sections(evaluator: Window, tender: Tender) -> None:
    page = evaluator.go(f"{tender.path}/scoring/")
    while page.get_by_role("button", name="Finish section").count():
        page.get_by_role("button", name="Finish section").first.click()
        page.wait_for_load_state()


def open_consensus(moderator: Window, tender: Tender) -> None:
    moderator.go(f"{tender.path}/consensus/")
    moderator.press("Open consensus")


def agree(moderator: Window, tender: Tender, code: str, values: tuple[int, ...]) -> None:
    """Record one agreed score a bid with its reason."""
    page = moderator.go(f"{tender.path}/consensus/{code}/")
    rows = page.locator("table.cons tbody tr, .cons table tbody tr")
    for row, value in zip(rows.all(), values, strict=True):
        row.locator(f"input[type=radio][value='{value}']").check(force=True)
        row.get_by_role("textbox").fill(REASON)
    moderator.press("Record agreed scores")


def lock(moderator: Window, tender: Tender) -> None:
    moderator.go(f"{tender.path}/consensus/")
    moderator.press("Lock the scores")
