"""Templates and static files keep the promises the content security policy and the budgets ask for."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "apps" / "core" / "static" / "core"
LONGEST = 150
# where strings become markup without escaping: drawings of our own, with their texts escaped
MARKUP_MAKERS = {
    "apps/core/templatetags/ui.py",
    "apps/core/templatetags/charts.py",
    "apps/workspace/adapters.py",  # the square of an authenticator's secret
}
CSS_BUDGET = 15 * 1024
JS_BUDGET = 6 * 1024


def pages() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def found(pattern: str, paths: Iterator[Path] | list[Path]) -> list[str]:
    """Where a pattern occurs, comments of the template language aside."""
    hits = []
    for path in paths:
        text = re.sub(
            r"\{#.*?#\}|\{% comment.*?endcomment %\}", "", path.read_text("utf-8"), flags=re.DOTALL
        )
        hits += [f"{name(path)}: {hit.group(0)[:60]}" for hit in re.finditer(pattern, text)]
    return hits


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\sstyle\s*=", "a style attribute"),
        (r"<style\b", "a style element"),
        (
            r"<script(?![^>]*(?:\ssrc=|\stype=\"application/json\"))",
            "an inline script",
        ),  # JSON never runs
        (r"[\s\"']on[a-z]+\s*=\s*[\"']", "an event handler"),
        (r"hx-on", "an inline handler of htmx"),
        (r"hx-vals\s*=\s*[\"']js:", "script in hx-vals"),
        (r"javascript:", "a script address"),
        (r"\|safe\b|\{%\s*autoescape off", "unescaped output"),
        (r"(?:src|href)=\"https?://", "an address outside this service"),
    ],
)
def test_no_template_needs_a_looser_policy(pattern: str, why: str) -> None:
    assert found(pattern, pages()) == [], why


def test_no_template_is_longer_than_a_screen_or_three() -> None:
    lengths = {name(path): len(path.read_text("utf-8").splitlines()) for path in pages()}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST} == {}


def test_only_the_listed_places_make_markup_from_strings() -> None:
    sources = (path for path in (ROOT / "apps").rglob("*.py"))
    using = {hit.split(":")[0] for hit in found(r"\bmark_safe\(|\bSafeString\(", sources)}
    assert using - MARKUP_MAKERS == set()


def test_every_icon_a_template_names_exists() -> None:
    drawn = {path.stem for path in (STATIC / "icons").glob("*.svg")}
    named: set[str] = set()
    for path in pages():
        text = path.read_text("utf-8")
        named |= set(re.findall(r'\{% icon "([^"]+)"', text))
        named |= set(re.findall(r'<c-[^>]*?\sicon="([a-z0-9-]+)"', text))
        named |= set(re.findall(r'\{% icon icon\|default:"([^"]+)"', text))
    assert sorted(named - drawn) == []


def test_every_component_a_template_names_exists() -> None:
    known = {path.stem.replace("_", "-") for path in (TEMPLATES / "ui").glob("*.html")} | {
        "vars",
        "slot",
    }
    used = {tag for path in pages() for tag in re.findall(r"<c-([a-z-]+)", path.read_text("utf-8"))}
    assert sorted(used - known) == []


def test_no_dynamic_attribute_is_read_back_from_rendered_text() -> None:
    """`:x="{{ text }}"` would be evaluated as a literal: what a stranger typed must stay text."""
    assert found(r"\s:[a-z_-]+=\"[^\"]*\{[{%]", pages()) == []


def test_every_static_file_a_template_names_exists() -> None:
    named = {
        path
        for page in pages()
        for path in re.findall(r'\{% static "([^"]+)" %\}', page.read_text("utf-8"))
    }
    assert sorted(path for path in named if finders.find(path) is None) == []


def test_every_address_in_a_style_sheet_is_a_file_beside_it() -> None:
    missing = [
        address
        for sheet in STATIC.rglob("*.css")
        for address in re.findall(r"url\(\"([^\"]+)\"\)", sheet.read_text("utf-8"))
        if not (sheet.parent / address).is_file()
    ]
    assert missing == []


def test_a_literal_colour_stands_in_the_tokens_or_is_a_chart_ink() -> None:
    literal = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgb\(")
    loose = [
        f"{sheet.name}: {line.strip()[:70]}"
        for sheet in sorted((STATIC / "css").glob("*.css"))
        if sheet.name != "tokens.css"
        for line in sheet.read_text("utf-8").splitlines()
        if literal.search(line) and not (line.strip().startswith(".ch ") and "light-dark(" in line)
    ]
    assert loose == []


def test_style_sheets_use_logical_directions() -> None:
    physical = re.compile(
        r"[\s{;](?:margin|padding|border)-(?:left|right|top|bottom)\b|[\s{;](?:left|right):"
    )
    lines = [
        f"{sheet.name}: {line.strip()[:70]}"
        for sheet in sorted((STATIC / "css").glob("*.css"))
        for line in sheet.read_text("utf-8").splitlines()
        if physical.search(line)
    ]
    assert lines == []


def packed(paths: list[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_style_sheets_stay_within_15_kb() -> None:
    assert packed(sorted((STATIC / "css").glob("*.css"))) <= CSS_BUDGET


def test_the_scripts_of_any_page_stay_within_6_kb() -> None:
    every_page = re.findall(r"core/js/([a-z-]+\.js)", (TEMPLATES / "base.html").read_text("utf-8"))
    for page in pages():
        own = re.findall(r"core/js/([a-z-]+\.js)", page.read_text("utf-8"))
        scripts = {*every_page, *own}
        assert packed([STATIC / "js" / script for script in scripts]) <= JS_BUDGET, name(page)


def test_scripts_build_no_code_from_text() -> None:
    scripts = sorted((STATIC / "js").glob("*.js"))
    assert (
        found(r"\beval\(|new Function|document\.write|setAttribute\(\"style|\.cssText", scripts)
        == []
    )


def test_third_party_files_keep_their_licences() -> None:
    assert [path.name for path in sorted(STATIC.rglob("LICENSE*"))] == [
        "LICENSE-OFL-ibm-plex.txt",
        "LICENSE-lucide.txt",
    ]
