"""A newcomer's first tender, from signing in to publication: counted in screens and inputs.

The estimate holds the promise of 45 minutes: half a minute to read a screen, half a minute for
each thing typed, chosen or ticked, and ten minutes to look at the shipped questions. It is no
measurement of people; what it guards is the number of things that are asked for.
"""

import datetime as dt
import secrets

import pytest
from playwright.sync_api import Locator

from tests.apps.rfp.test_newcomer import JARGON
from tests.journeys import authoring
from tests.journeys.browser import Window, Windows
from tests.journeys.chapters import LEAD, OPENERS

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]
SCREEN, INPUT, READING, PROMISED = 0.5, 0.5, 10, 45  # minutes
PANEL = {"Aisha Rahman": "Evaluator", "Tove Lindqvist": "Opener", "Dele Oyelaran": "Opener"}


class Tally:
    """A person at their window: every screen they see and every input they give."""

    def __init__(self, window: Window) -> None:
        self.window, self.screens, self.inputs = window, 0, 0
        window.page.on("domcontentloaded", self._seen)

    def _seen(self, *_page: object) -> None:
        self.screens += 1

    def read(self) -> None:
        """Nobody meets a word of mathematics or cryptography."""
        assert not JARGON.findall(self.window.text), self.window.path

    def fill(self, name: str, value: str) -> None:
        typed = self.window.page.locator("main input:not([type=radio]), main textarea")
        self._field(name).and_(typed).first.fill(value)
        self.inputs += 1

    def choose(self, name: str, label: str) -> None:
        self._field(name).first.select_option(label=label)
        self.inputs += 1

    def check(self, name: str) -> None:
        self.window.page.get_by_label(name).check()
        self.inputs += 1

    def _field(self, name: str) -> Locator:
        return self.window.page.locator("main").get_by_label(name)

    def press(self, name: str) -> None:
        self.window.press(name)
        self.read()

    def follow(self, name: str) -> None:
        self.window.page.get_by_role("link", name=name).first.click()
        self.window.page.wait_for_load_state()
        self.read()

    @property
    def minutes(self) -> float:
        return READING + self.screens * SCREEN + self.inputs * INPUT


@pytest.fixture
def lead(windows: Windows):
    window = windows.open(LEAD)
    window.go("/")
    yield Tally(window)
    window.close()


def start(lead: Tally) -> None:
    lead.follow("New procurement")
    lead.fill("What do you want to buy?", "Parking helpline")
    lead.fill("Your reference", f"PK-{secrets.token_hex(3)}")
    lead.fill("Currency of prices", "GBP")
    lead.press("Open the procurement")
    lead.follow("Start")
    lead.check("Contact-centre outsourcing, voice-led")
    lead.check("Essential")
    lead.press("Start the questionnaire")
    lead.follow("Check and publish")


def terms(lead: Tally) -> None:
    lead.follow("Choose at least one pricing model")
    lead.fill("Cap", "900000")
    lead.fill("Floor", "450000")
    lead.check("Per FTE")
    lead.fill("Introduction for vendors", "Calls about parking permits.")
    lead.press("Save terms")


def workload(lead: Tally) -> None:
    lead.follow("Workload")
    lead.fill("Contacts a month", "6000")
    lead.press("Work out the week")
    lead.fill("Queue", "voice-en")
    lead.fill("Handle time", "300")
    lead.press("Save workload")


def people(lead: Tally) -> None:
    lead.follow("Panel")
    for name, role in PANEL.items():
        lead.choose("Person", name)
        lead.choose("Role", role)
        lead.press("Appoint to the panel")


def keys(lead: Tally, windows: Windows) -> None:
    """The openers take their codes and type them back; the lead does with the spare."""
    pk = lead.window.path.split("/")[2]
    for address in OPENERS:
        opener = windows.open(address)
        authoring.hold_key(opener, pk)
        opener.close()
    lead.inputs += len(authoring.hold_key(lead.window, pk))
    lead.read()


def test_a_newcomer_publishes_in_the_time_that_is_promised(lead: Tally, windows: Windows):
    start(lead)
    terms(lead)
    workload(lead)
    people(lead)
    keys(lead, windows)
    lead.follow("Publish")
    closes = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=30)
    lead.fill("Bids close on", closes.isoformat())
    lead.press("Set deadline")
    assert "block publication" not in lead.window.text
    lead.press("Publish")
    assert "Published" in lead.window.text
    assert lead.minutes <= PROMISED, (lead.screens, lead.inputs)
    assert lead.screens <= 24, lead.screens
    assert lead.inputs <= 24, lead.inputs
