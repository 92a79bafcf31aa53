"""Every page for every kind of person: no serious accessibility violation, nothing out of place."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.journeys.browser import DESKTOP, PHONE, Window, Windows
from tests.journeys.pages import Place, Places

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]

SERIOUS = {"serious", "critical"}
EVERYTHING = {"resultTypes": ["violations"]}
# What depends on colours, and everything else: the colours are the same tokens at every width.
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
LAYOUT = {**EVERYTHING, "rules": {name: {"enabled": False} for name in COLOURS["runOnly"]}}
# Each kind of element that holds text, in its colour on the ground it stands on.
KINDS = """() => {
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor
      if (colour !== "rgba(0, 0, 0, 0)") return colour
    }
  }
  const holds = (one) => one.matches("input, select, textarea")
    || [...one.childNodes].some((part) => part.nodeType === 3 && part.data.trim())
  return [...new Set([...document.querySelectorAll("body *")].filter(holds).map((one) =>
    `${one.tagName}.${one.className.baseVal ?? one.className} `
    + `${getComputedStyle(one).color} on ${ground(one)}`))]
}"""


def violations(window: Window, options: dict[str, object]) -> list[str]:
    """Return what axe finds, and nothing of the megabytes about what it found in order."""
    if window.page.evaluate("typeof axe") == "undefined":
        window.page.evaluate(AXE_SCRIPT)
    found = window.page.evaluate("o => axe.run(document, o).then(r => r.violations)", options)
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


def look_at(window: Window, place: Place, coloured: set[str]) -> list[str]:
    """Check a page at both widths, and its colours in light and in dark.

    `coloured` collects the kinds of elements whose colours were checked: those of a page with no
    new kind have been.
    """
    with window.refused(place.status):
        window.go(place.path)
    window.page.emulate_media(color_scheme="light", reduced_motion="reduce")
    kinds = set(window.page.evaluate(KINDS))
    new, faults = not kinds <= coloured, []
    coloured |= kinds
    for size, scheme, options in (
        (DESKTOP, "light", EVERYTHING if new else LAYOUT),
        (DESKTOP, "dark", COLOURS if new else None),
        (PHONE, "dark", LAYOUT),
    ):
        if options is not None:
            window.page.set_viewport_size({"width": size[0], "height": size[1]})
            window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            faults += [f"{size[0]} {scheme} {one}" for one in violations(window, options)]
        if wider_than_the_screen(window):
            faults.append(f"{size[0]}: the page is wider than the screen")
    window.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    return faults + window.forget_faults()


def test_no_page_has_a_serious_accessibility_violation_or_an_error(windows: Windows):
    faults: list[str] = []
    coloured: set[str] = set()
    places = Places(windows).all()
    for person in sorted({place.person for place in places}):
        window = windows.open(person)
        faults += [
            f"{place.name} {place.path} as {person or 'a stranger'}: {fault}"
            for place in places
            if place.person == person
            for fault in look_at(window, place, coloured)
        ]
        window.close()
    assert not faults, "\n".join(faults)
