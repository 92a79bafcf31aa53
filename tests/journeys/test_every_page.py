"""Every page for every kind of person: no serious accessibility violation, nothing out of place."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.browser import DESKTOP, PHONE, Window, Windows
from tests.journeys.pages import Place, Places

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

SERIOUS = {"serious", "critical"}
EVERYTHING = {"resultTypes": ["violations"]}
# What a dark page can have on top of what the light one showed, and a narrow one on top of both:
# the colours are the same tokens at every width.
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
LAYOUT = {**EVERYTHING, "rules": {name: {"enabled": False} for name in COLOURS["runOnly"]}}
LOOKS = {
    DESKTOP: (("light", EVERYTHING), ("dark", COLOURS)),
    PHONE: (("dark", LAYOUT),),
}


def violations(window: Window, options: dict[str, object]) -> list[str]:
    found = Axe().run(window.page, options=options).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


def wider_than_the_screen(window: Window) -> bool:
    return bool(
        window.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    )


def look_at(window: Window, place: Place) -> list[str]:
    """Check a page at both widths, in light and in dark."""
    faults = []
    with window.refused(place.status):
        window.go(place.path)
    for (width, height), looks in LOOKS.items():
        window.page.set_viewport_size({"width": width, "height": height})
        for scheme, options in looks:
            window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            faults += [f"{width} {scheme} {one}" for one in violations(window, options)]
        if wider_than_the_screen(window):
            faults.append(f"{width}: the page is wider than the screen")
    window.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    return faults + window.forget_faults()


def test_no_page_has_a_serious_accessibility_violation_or_an_error(windows: Windows):
    faults: list[str] = []
    places = Places(windows).all()
    for person in sorted({place.person for place in places}):
        window = windows.open(person)
        faults += [
            f"{place.name} {place.path} as {person or 'a stranger'}: {fault}"
            for place in places
            if place.person == person
            for fault in look_at(window, place)
        ]
        window.close()
    assert not faults, "\n".join(faults)
