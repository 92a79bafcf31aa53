"""Four evaluators and a moderator judge 30 answers of five bids, with the keyboard alone.

One evaluator has a conflict with a vendor, one abstains once, one is an outlier, one loses the line.
"""

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.workspace.models import User
from tests.journeys import panel
from tests.journeys.browser import Window, Windows
from tests.journeys.crowd import inside
from tests.journeys.panel import BIDS, QUESTIONS, Panel
from tests.journeys.product import Product
from tests.journeys.test_by_keyboard import FAR, choose, press, reach, sound, write

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

__all__ = ["inside"]
MARKED, ABSTAINED, OUTLYING, OFFLINE = 1, 3, 7, 11  # questions, by their place
ABSENT, OUTLIER = 1, 2  # the place of the bid that one abstains on, and of the one seen otherwise
CONFLICT = "E"  # the letter of the bid that one evaluator must not judge
LONG = 60_000  # ms for what records many agreements, or a whole ranking, on a busy machine
SECRET = "Only Aisha wrote this before the consensus."
WHY = "The plan is dated and owned; that it was carried out, which the next anchor asks for, is not said."


def by_all(question: int, bid: int) -> int:
    """What every evaluator gives, but for the exceptions: 4 where the outlier gives 0."""
    return (question + bid + 2) % 4 + 1


def rows(question: int, bids: int = BIDS) -> str:
    """A row of scores and one of reasons, as a spreadsheet copies them."""
    scores = [by_all(question, bid) for bid in range(bids)]
    reasons = [f"Meets anchor {score}: what it asks for is named." for score in scores]
    return "\t".join(map(str, scores)) + "\r\n" + "\t".join(reasons) + "\r\n"


def reach_inside(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is inside."""
    for _press in range(FAR):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one.contains(document.activeElement)"):
            return
    raise AssertionError(f"{FAR} tabs do not lead into {wanted}")


def paste(page: Page, text: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    page.keyboard.press("Control+V")


def settled(page: Page) -> None:
    """Wait until everything typed has arrived."""
    expect(page.locator("html[data-saving]")).to_have_count(0)
    expect(page.locator("[data-save][data-state=saved]")).to_have_count(1)


def rewrite(page: Page, text: str) -> None:
    """Go from the score to its reason, write another one, and come back, which saves it."""
    page.keyboard.press("r")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Tab")


def begin(lead: Window, seated: Panel) -> None:
    """Every evaluator scores both sections."""
    page = lead.go(f"{seated.path}/scoring/")
    boxes = page.locator("main table").get_by_role("checkbox")
    reach_inside(page, page.locator("main table"))
    for _box in range(boxes.count()):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    assert all(box.is_checked() for box in boxes.all())
    press(page, "Begin scoring")
    expect(page.get_by_text("Counts only")).to_be_visible()


def name_conflict(windows: Windows, lead: Window, seated: Panel, person: User) -> None:
    """The evaluator names the vendor, the lead settles whose bid that is."""
    vendor = seated.vendors[CONFLICT]
    evaluator = windows.open(person.email)
    page = evaluator.go(f"{seated.path}/scoring/conflicts/")
    write(page, "Vendor", vendor)
    write(page, "What is the conflict?", "My sister leads their sales.")
    press(page, "Name the vendor")
    expect(page.get_by_text("Waits for the lead")).to_be_visible()
    page = lead.go(f"{seated.path}/scoring/conflicts/")
    choose(page, "Which vendor is meant", vendor)
    press(page, "Settle")
    expect(page.get_by_text("Conflicted")).to_be_visible()
    evaluator.close()


def start(window: Window, seated: Panel) -> Page:
    """Go to the first question, and into the first bid."""
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.go(f"{seated.path}/scoring/")
    reach(page, "link", "Start")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/scoring/{seated.codes[0]}/")
    reach_inside(page, page.locator(".bid").first)
    return page


def score(window: Window, seated: Panel, person: User) -> None:
    """Score every question: a paste, what is special about it, J for the next one."""
    page = start(window, seated)
    bids = page.locator(".bid").count()
    for place, code in enumerate(seated.codes):
        expect(page.locator(".bid:focus-within")).to_have_count(1)
        if place == OFFLINE and person == seated.evaluators[2]:
            lose_the_line(window, seated, code)
        else:
            paste(page, rows(place, bids))
        if place == 0:
            try_the_keys(page)
        if place == MARKED and person == seated.evaluators[3]:
            mark_evidence(page)
        if place == OUTLYING and person == seated.evaluators[0]:
            be_the_outlier(page)
        if place == ABSTAINED and person == seated.evaluators[1]:
            abstain(page)
        if place < QUESTIONS - 1:
            page.keyboard.press("j")
            page.wait_for_url(f"**/scoring/{seated.codes[place + 1]}/")
    settled(page)


def mark_evidence(page: Page) -> None:
    """Mark a word with H and all of it by the button, take it away, mark again: it is kept."""
    settled(page)
    bid = page.locator(".bid").first
    answer, marks = bid.locator("[data-paragraph]"), bid.locator("mark")
    word = {"x": 12, "y": 8}
    answer.dblclick(position=word)
    page.keyboard.press("h")
    expect(marks).to_have_count(1)
    kept = marks.inner_text()
    answer.select_text()
    bid.get_by_role("button", name="Mark").click()
    expect(marks).to_have_text(answer.inner_text())
    answer.dblclick(position=word)
    page.keyboard.press("H")
    expect(marks).to_have_count(0)
    answer.dblclick(position=word)
    page.keyboard.press("h")
    expect(marks).to_have_text(kept)
    settled(page)
    page.reload()
    expect(marks).to_have_text(kept)
    reach_inside(page, bid)


def try_the_keys(page: Page) -> None:
    """What is no row of scores is refused as a whole; arrows move a score, brackets the bid."""
    said = page.locator("[data-unpasted]")
    expect(said).to_be_hidden()
    paste(page, "3\t9\t2")
    expect(said).to_be_visible()
    values = page.locator(".bid .score input:checked")
    assert values.first.get_attribute("value") == str(by_all(0, 0))
    page.keyboard.press("]")
    expect(page.locator(".bid").nth(1).locator("input:focus")).to_have_value(str(by_all(0, 1)))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".bid").nth(1).locator("input:checked")).to_have_value(
        str(by_all(0, 1) - 1)
    )
    page.keyboard.press("ArrowRight")
    page.keyboard.press("[")
    expect(page.locator(".bid").first.locator("input:focus")).to_have_count(1)
    paste(page, str(by_all(0, 0)))
    expect(said).to_be_hidden()
    settled(page)


def be_the_outlier(page: Page) -> None:
    for _bid in range(OUTLIER):
        page.keyboard.press("]")
    page.keyboard.press("0")
    rewrite(page, SECRET)


def abstain(page: Page) -> None:
    page.keyboard.press("]")
    page.keyboard.press("a")
    rewrite(page, "I know the author of this plan.")


def lose_the_line(window: Window, seated: Panel, code: str) -> None:
    """The line drops, a row is pasted, the page is lost; back on the line it is there and sent."""
    page, product = window.page, window.product
    saved = (
        "SELECT count(*) FROM matrix_score s JOIN rfp_question q ON q.id = s.question_id"
        f" WHERE q.code = '{code}' AND s.evaluator_id = '{seated.evaluators[2].pk}'"
    )
    window.context.set_offline(True)
    paste(page, rows(OFFLINE))
    expect(page.locator("[data-save] [data-text]")).to_have_text(
        "Kept on this device, not yet sent"
    )
    page.goto("about:blank")
    # What left with the page may pass: the browser's line is only said to be down.
    assert int(product.sql(saved)) < BIDS
    window.context.set_offline(False)
    faults = window.forget_faults()
    assert all("ERR_INTERNET_DISCONNECTED" in fault for fault in faults), faults
    window.go(f"{seated.path}/scoring/{code}/")
    settled(page)
    assert product.sql(saved) == str(BIDS)
    reach_inside(page, page.locator(".bid").first)


def agree_on(moderator: Window, seated: Panel, place: int, bid: int, value: int) -> str:
    """Agree on one score, and return what stood on the page."""
    page = moderator.go(f"{seated.path}/consensus/{seated.codes[place]}/")
    read = moderator.text
    letter = "ABCDE"[bid]
    reach_inside(page, page.get_by_role("group", name=f"Agreed score for Bid {letter}"))
    for _step in range(value):
        page.keyboard.press("ArrowRight")
    write(page, f"Reason for Bid {letter}", WHY)
    press(page, "Record agreed scores")
    expect(page.get_by_text("Recorded.")).to_be_visible()
    return read


def evaluate(windows: Windows, seated: Panel, person: User) -> None:
    """Score everything and finish both sections; nobody reads what another one wrote."""
    conflicted = person == seated.evaluators[3]
    window = windows.open(person.email)
    score(window, seated, person)
    page = window.go(f"{seated.path}/scoring/{seated.codes[OUTLYING]}/")
    assert (SECRET in page.content()) is (person == seated.evaluators[0])
    assert page.locator(".bid").count() == BIDS - conflicted
    if conflicted:
        sound(window)
    page = window.go(f"{seated.path}/scoring/")
    for _section in range(2):
        press(page, "Finish section")
        page.wait_for_load_state()
    expect(page.get_by_text("Finished", exact=True)).to_have_count(2)
    window.close()


def scored(product: Product, seated: Panel) -> int:
    """How many answers have a score, counted once an evaluator."""
    return int(
        product.sql(
            "SELECT count(DISTINCT (s.evaluator_id, s.bid_id, s.question_id)) FROM matrix_score s"
            " JOIN matrix_scoringround r ON r.id = s.scoring_round_id"
            f" WHERE r.procurement_id = '{seated.pk}'"
        )
    )


def moderate(moderator: Window, seated: Panel) -> None:
    """Open the consensus, adopt what is unanimous, agree on the rest, lock."""
    page = moderator.go(f"{seated.path}/consensus/")
    press(page, "Open consensus")
    press(page, "Adopt the 148 unanimous scores")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("148 of 150 scores agreed", timeout=LONG)
    widest = moderator.table("Scores to agree on")[1]
    assert widest[0].startswith(seated.codes[OUTLYING])
    assert widest[3:] == ["4", "To agree"]
    sound(moderator)
    read = agree_on(moderator, seated, OUTLYING, OUTLIER, 4)
    assert "The widest gap is 4" in read
    assert f"Aisha Rahman, 0 {SECRET}" in read
    assert "Piet Janssen, conflicted" in read
    read = agree_on(moderator, seated, ABSTAINED, ABSENT, by_all(ABSTAINED, ABSENT))
    assert "Jonas Berg, abstained" in read
    page = moderator.go(f"{seated.path}/consensus/")
    reach(page, "link", "Go to the lock")  # past 150 answers
    page.keyboard.press("Enter")
    press(page, "Lock the scores")
    page.wait_for_url("**/ranking/", timeout=LONG)


def test_a_panel_judges_thirty_answers_of_five_bids_by_keyboard_alone(
    inside: Product, windows: Windows
):
    seated = panel.seat(inside, windows)
    assert (len(seated.codes), len(seated.vendors)) == (QUESTIONS, BIDS)
    lead = windows.open(seated.buyer.lead.email)
    begin(lead, seated)
    name_conflict(windows, lead, seated, seated.evaluators[3])
    lead.close()
    for person in seated.evaluators:
        evaluate(windows, seated, person)
    assert scored(inside, seated) == QUESTIONS * (BIDS * 4 - 1)
    moderator = windows.open(seated.buyer.moderator.email)
    moderate(moderator, seated)
    moderator.go(f"{seated.path}/ranking/")
    assert all(name in moderator.text for name in seated.vendors.values())
    moderator.close()
