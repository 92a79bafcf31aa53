"""Pictures of every page for every kind of person: `./run shots [FOLDER] [WORD]`.

One PNG a page at 1440 and 390 pixels, light and dark, named by route, object and person. With a
word, only the pages whose name holds it.
"""

import sys
from pathlib import Path

import django
from playwright.sync_api import sync_playwright

from tests.journeys.browser import DESKTOP, PHONE, Window, Windows, launch
from tests.journeys.pages import Place, Places
from tests.journeys.product import Product


def shoot(window: Window, place: Place, folder: Path) -> None:
    """Take the four pictures of a page, from its top to its end."""
    with window.refused(place.status):
        window.go(place.path)
    for width, height in (DESKTOP, PHONE):
        window.page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            path = folder / f"{place.label}-{width}-{scheme}.png"
            window.page.screenshot(path=path, full_page=True)


def shoot_all(windows: Windows, folder: Path, word: str = "") -> int:
    """Take the pictures of every page whose name holds the word; return how many pages."""
    folder.mkdir(parents=True, exist_ok=True)
    places = [place for place in Places(windows).all() if word in place.label]
    for person in sorted({place.person for place in places}):
        window = windows.open(person)
        for place in places:
            if place.person == person:
                shoot(window, place, folder)
        window.context.close()
    return len(places)


def main(folder: str = "shots", word: str = "") -> None:
    django.setup()
    product = Product()
    try:
        product.start()
        product.seed()
        with sync_playwright() as playwright:
            count = shoot_all(Windows(launch(playwright), product), Path(folder), word)
        sys.stdout.write(f"{count} pages, four pictures each, in {folder}\n")
    finally:
        product.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
