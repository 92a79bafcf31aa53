"""From the opened prices to the approved decision and its report."""

from tests.journeys.authoring import Tender
from tests.journeys.browser import Window


def adopt_prices(lead: Window, tender: Tender) -> None:
    lead.go(f"{tender.path}/pricing/")
    lead.press("Adopt comparison")


def freeze_ranking(lead: Window, tender: Tender) -> None:
    lead.go(f"{tender.path}/ranking/")
    lead.press("Freeze the ranking with prices")


def state_facts(lead: Window, tender: Tender) -> int:
    """State every fact that only people can state; return how many there were."""
    page = lead.go(f"{tender.path}/decision/")
    forms = page.locator("form[action$='/decision/state/']")
    count = forms.count()
    for place in range(count):
        form = forms.nth(place)
        choice = form.get_by_role("radio", name="No", exact=True)
        if choice.count():
            choice.check()
        else:
            form.get_by_role("textbox").first.fill("1")
        form.get_by_role("textbox").last.fill("Minutes of the steering group, 14 November.")
        form.get_by_role("button", name="State").click()
        page.wait_for_load_state()
    return count


def propose(lead: Window, tender: Tender, rationale: str) -> None:
    page = lead.go(f"{tender.path}/decision/")
    page.get_by_role("textbox", name="rationale").fill(rationale)
    lead.press("Propose")


def approve(approver: Window, tender: Tender) -> None:
    approver.go(f"{tender.path}/decision/")
    approver.press("Approve the decision")
