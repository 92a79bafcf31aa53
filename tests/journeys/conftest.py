"""One product and one browser for all journeys.

They end with the journeys: as long as Playwright runs, its event loop is in the way of tests that
run one of their own.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys import chapters
from tests.journeys.api import Caller
from tests.journeys.browser import Windows, launch
from tests.journeys.chapters import (
    LEAD,
    OPENERS,
    Answered,
    Compared,
    Decided,
    Evaluated,
    Published,
    Reported,
)
from tests.journeys.product import Product
from tests.journeys.small import Tools


@pytest.fixture(scope="package")
def product() -> Iterator[Product]:
    running = Product()
    try:
        running.start()
        running.seed()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def windows(product: Product, chromium: Browser) -> Windows:
    return Windows(chromium, product)


@pytest.fixture
def tools(windows: Windows) -> Tools:
    product = windows.product
    openers = {address: Caller(product, windows.cookies_of(address)) for address in OPENERS}
    return Tools(product, Caller(product, windows.cookies_of(LEAD)), openers)


@pytest.fixture(scope="package")
def published(windows: Windows) -> Published:
    return chapters.publish(windows)


@pytest.fixture(scope="package")
def answered(
    windows: Windows, published: Published, tmp_path_factory: pytest.TempPathFactory
) -> Answered:
    return chapters.answer(windows, published, tmp_path_factory.mktemp("evidence"))


@pytest.fixture(scope="package")
def evaluated(windows: Windows, answered: Answered) -> Evaluated:
    return chapters.evaluate(windows, answered)


@pytest.fixture(scope="package")
def compared(windows: Windows, answered: Answered, evaluated: Evaluated) -> Compared:
    return chapters.compare(windows, answered.tender)


@pytest.fixture(scope="package")
def decided(windows: Windows, answered: Answered, compared: Compared) -> Decided:
    return chapters.decide(windows, answered.tender)


@pytest.fixture(scope="package")
def reported(
    windows: Windows,
    answered: Answered,
    decided: Decided,
    tmp_path_factory: pytest.TempPathFactory,
) -> Reported:
    return chapters.report(windows, answered.tender, tmp_path_factory.mktemp("reports"))
