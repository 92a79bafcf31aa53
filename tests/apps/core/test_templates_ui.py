"""Components in their states, layouts with their frames, refusals with their sentences."""

import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from apps.core.templatetags import gallery

HOSTILE = '"><script>alert(1)</script>'


def draw(source: str, **context: Any) -> str:
    """Render a piece of a template; cotton's loader would compile it the same way."""
    return Template(CottonCompiler().process(source)).render(Context(context)).strip()


class Page(HTMLParser):
    """The start tags of a page, each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def first(self, tag: str, **wanted: str) -> dict[str, str]:
        return next(
            attrs
            for name, attrs in self.tags
            if name == tag and all(attrs.get(key) == value for key, value in wanted.items())
        )


class Answer(forms.Form):
    minutes = forms.DecimalField(label="Handle time", help_text="In minutes")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "One")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")
    note = forms.CharField(label="Note", required=False)


@pytest.fixture
def refused() -> Answer:
    form = Answer({"minutes": "about six"})
    form.is_valid()
    return form


@pytest.fixture(scope="module")
def component_page() -> str:
    return render_to_string("ui_gallery.html")


def test_the_component_page_shows_every_component(component_page: str) -> None:
    assert re.findall(r"</?c-|\{\{|\{%|COTTON", component_page) == []
    for words in ("Price sealed", "There is a problem", "Question 1", "2 problems", "7QK4-MD"):
        assert words in component_page


def test_ids_of_the_component_page_are_unique(component_page: str) -> None:
    ids = [attrs["id"] for _, attrs in Page(component_page).tags if "id" in attrs]
    assert sorted(ids) == sorted(set(ids))


def test_what_describes_or_labels_an_element_exists(component_page: str) -> None:
    page = Page(component_page)
    ids = {attrs.get("id") for _, attrs in page.tags}
    named = {
        one
        for _, attrs in page.tags
        for key in ("aria-describedby", "aria-labelledby", "for", "popovertarget")
        for one in attrs.get(key, "").split()
    }
    assert sorted(named - ids) == []


def test_a_page_carries_no_inline_style_script_or_handler(component_page: str) -> None:
    for tag, attrs in Page(component_page).tags:
        assert [key for key in attrs if key == "style" or key.startswith("on")] == []
        assert tag != "style"
        assert tag != "script" or attrs.get("src")


@pytest.mark.parametrize(
    ("source", "css"),
    [
        ("<c-button>Preview</c-button>", "btn"),
        ('<c-button kind="primary">Publish</c-button>', "btn btn-p"),
        ('<c-button kind="danger" size="small">Withdraw</c-button>', "btn btn-bad btn-s"),
        ('<c-button kind="quiet" size="large">Cancel</c-button>', "btn btn-q btn-l"),
    ],
)
def test_a_button_wears_its_kind_and_size(source: str, css: str) -> None:
    button = Page(draw(source)).first("button")
    assert (button["class"].split(), button["type"]) == (css.split(), "submit")


def test_a_button_with_an_address_is_a_link() -> None:
    tags = Page(draw('<c-button href="/next/" kind="primary">Next</c-button>')).tags
    assert [(tag, attrs["href"]) for tag, attrs in tags] == [("a", "/next/")]


def test_a_button_that_is_not_ready_stays_focusable_and_says_why() -> None:
    button = Page(draw('<c-button blocked="why">Open 4 bids</c-button>')).first("button")
    assert (button["aria-disabled"], button["aria-describedby"]) == ("true", "why")
    assert "disabled" not in button


def test_a_busy_button_says_so() -> None:
    assert (
        Page(draw('<c-button busy="1">Signing</c-button>')).first("button")["aria-busy"] == "true"
    )


def test_a_button_without_words_needs_and_keeps_its_name() -> None:
    button = Page(draw('<c-button icon="x" aria-label="Close" />')).first("button")
    assert button["aria-label"] == "Close"
    assert "btn-i" in button["class"].split()


@pytest.mark.parametrize(
    "source",
    [
        '<c-status tone="ok">{{ text }}</c-status>',
        '<c-vendor letter="A" :name="text" :note="text" />',
        '<c-vendor letter="A" name="{{ text }}" />',
        '<c-button data-copy="{{ text }}" name="{{ text }}">Copy</c-button>',
        '<c-task href="/x/" :label="text" :hint="text" state="done" />',
        '<c-section id="x" :title="text">body</c-section>',
        '<c-page-head :title="text" sub="{{ text }}" />',
        '<c-file :name="text" detail="{{ text }}" />',
        '<c-labelled id="x" :label="text" :error="text">field</c-labelled>',
        '<c-score-input name="{{ text }}" :legend="text" :choices="scale" />',
        "{% vendor_glyph text label=text %}",
        '{% icon "lock" css=text label=text %}',
        "{% meter 3 4 text text %}",
    ],
)
def test_the_words_of_strangers_are_escaped_once(source: str) -> None:
    drawn = draw(source, text=HOSTILE, scale=(0, 1))
    assert "<script" not in drawn
    assert "&amp;lt;" not in drawn
    assert "&lt;script" in drawn or "&quot;&gt;" in drawn


def test_a_page_variable_does_not_leak_into_a_slot_nobody_filled() -> None:
    leaking = dict.fromkeys(("actions", "aside", "action", "table", "crumbs", "below"), "LEAK")
    source = (
        '<c-page-head title="t" /><c-section id="a" title="t">b</c-section><c-empty title="t">b</c-empty>'
        '<c-chart-card id="c" title="t">b</c-chart-card><c-todo title="t">b</c-todo><c-note>b</c-note>'
    )
    assert "LEAK" not in draw(source, **leaking)


def test_a_filled_slot_shows() -> None:
    source = '<c-page-head title="t"><c-slot name="actions">ACT</c-slot></c-page-head>'
    assert "ACT" in draw(source)


def test_a_field_names_its_hint_and_its_error(refused: Answer) -> None:
    drawn = draw('<c-field :field="field" unit="min" />', field=refused["minutes"])
    page = Page(drawn)
    control = page.first("input")
    assert control["aria-describedby"].split() == ["id_minutes_helptext", "id_minutes_error"]
    assert (control["aria-invalid"], control["value"]) == ("true", "about six")
    assert control["class"].split() == ["in", "in-n"]
    assert page.first("label", **{"for": "id_minutes"}) == {"for": "id_minutes"}
    assert [attrs["id"] for tag, attrs in page.tags if tag == "p"] == control[
        "aria-describedby"
    ].split()


def test_numbers_are_typed_as_text_so_that_mistakes_stay_visible(refused: Answer) -> None:
    control = Page(draw('<c-field :field="f" />', f=refused["minutes"])).first("input")
    assert (control["type"], control["inputmode"]) == ("text", "decimal")


def test_radios_are_a_fieldset_with_a_legend(refused: Answer) -> None:
    drawn = draw('<c-field :field="f" question="4.4" />', f=refused["kind"])
    assert [tag for tag, _ in Page(drawn).tags][:2] == ["fieldset", "legend"]
    assert '<span class="qno">4.4</span>' in drawn


def test_a_field_that_may_stay_empty_says_so(refused: Answer) -> None:
    assert "(optional)" in draw('<c-field :field="f" />', f=refused["note"])
    assert "(optional)" not in draw('<c-field :field="f" />', f=refused["minutes"])


def test_the_error_summary_links_each_sentence_to_its_field() -> None:
    drawn = draw(
        '<c-error-summary :items="items" />', items=(("id_x", "Enter a number"), ("", "Later"))
    )
    page = Page(drawn)
    assert page.first("div")["role"] == "alert"
    assert [attrs["href"] for tag, attrs in page.tags if tag == "a"] == ["#id_x"]
    assert draw('<c-error-summary :items="items" />', items=()) == ""


@pytest.mark.parametrize(
    ("attributes", "checked", "disabled", "invalid"),
    [
        ("", [], 0, False),
        (':value="4"', ["4"], 0, False),
        ('error="Give a score or abstain"', [], 0, True),
        (':value="3" locked="1"', ["3"], 6, False),
    ],
)
def test_a_score_is_empty_chosen_missing_or_locked(
    attributes: str, checked: list[str], disabled: int, *, invalid: bool
) -> None:
    source = f'<c-score-input name="s" legend="Bid A" :choices="scale" {attributes} />'
    page = Page(draw(source, scale=tuple(range(6))))
    radios = [attrs for tag, attrs in page.tags if tag == "input"]
    assert [radio["value"] for radio in radios] == list("012345")
    assert [radio["value"] for radio in radios if "checked" in radio] == checked
    assert len([radio for radio in radios if "disabled" in radio]) == disabled
    assert ("aria-invalid" in page.first("div", **{"data-score": "s"})) is invalid


@pytest.mark.parametrize(
    ("state", "words", "links"),
    [
        ("done", "Completed", 1),
        ("progress", "In progress", 1),
        ("todo", "Not yet started", 1),
        ("problem", "1 problem", 1),
        ("wait", "Cannot start yet", 0),
    ],
)
def test_a_task_says_where_it_stands(state: str, words: str, links: int) -> None:
    drawn = draw(f'<c-task href="/x/" label="Service" state="{state}" />')
    assert words in drawn
    assert len([tag for tag, _ in Page(drawn).tags if tag == "a"]) == links


@pytest.mark.parametrize("state", ["saved", "offline", "error"])
def test_a_save_state_shows_one_icon_and_speaks_politely(state: str) -> None:
    page = Page(draw(f'<c-save-state state="{state}" text="14:32" />'))
    shown = [
        attrs["data-when"]
        for _, attrs in page.tags
        if "data-when" in attrs and "hidden" not in attrs
    ]
    assert shown == [state]
    assert page.first("span")["role"] == "status"


@pytest.mark.parametrize("tone", ["ok", "warn", "bad", "seal"])
def test_a_status_is_icon_word_and_colour(tone: str) -> None:
    drawn = draw(f'<c-status tone="{tone}">Word</c-status>')
    assert [tag for tag, _ in Page(drawn).tags][:2] == ["span", "svg"]
    assert "Word" in drawn


def test_a_wide_table_scrolls_in_a_named_box_that_takes_focus() -> None:
    box = Page(draw('<c-table labelled_by="h"><tbody></tbody></c-table>')).first("div")
    assert (box["role"], box["aria-labelledby"], box["tabindex"]) == ("group", "h", "0")


def test_the_current_stage_is_the_current_step() -> None:
    stages = [SimpleNamespace(label=s, state=s, note="") for s in ("done", "now", "todo")]
    page = Page(draw('<c-stage-track :stages="stages" />', stages=stages))
    assert [attrs.get("aria-current") for tag, attrs in page.tags if tag == "li"] == [
        None,
        "step",
        None,
    ]


def test_progress_is_words_first_then_a_bar() -> None:
    drawn = draw('<c-progress :value="8" :maximum="14" text="8 of 14" share="1" />')
    assert Page(drawn).first("rect")["width"] == "57.1"
    assert "57%" in drawn


@pytest.mark.parametrize(
    ("value", "maximum", "width"), [(0, 0, "0.0"), (20, 10, "100.0"), (-1, 10, "0.0")]
)
def test_a_bar_never_leaves_its_box(value: int, maximum: int, width: str) -> None:
    assert Page(draw("{% meter v m %}", v=value, m=maximum)).first("rect")["width"] == width


def test_a_weight_is_a_number_field_until_a_script_makes_it_a_slider() -> None:
    page = Page(draw('<c-weight-row id="w" name="w" label="Price" :value="w" />', w=12.5))
    assert (page.first("input")["type"], page.first("input")["value"]) == ("number", "12.5")
    assert "hidden" in page.first("button")


def test_an_icon_nobody_drew_is_an_error() -> None:
    for name in ("no-such-icon", "../secret", ""):
        with pytest.raises(TemplateSyntaxError):
            draw("{% icon name %}", name=name)


def test_a_chart_is_drawn_twice_on_the_web_and_once_on_paper() -> None:
    chart = gallery.ranks()
    web = draw('{% rank_shares c size="m" %}', c=chart)
    paper = draw("{% rank_shares c paper=640 %}", c=chart)
    assert [web.count(css) for css in ("chart-wide", "chart-narrow", "<svg ")] == [1, 1, 2]
    assert (paper.count("<svg "), paper.startswith("<svg ")) == (1, True)
    assert 'viewBox="0 0 640 ' in paper


def test_a_chart_of_an_unknown_size_is_an_error() -> None:
    with pytest.raises(TemplateSyntaxError, match="xs, s, m, l, xl"):
        draw('{% rank_shares c size="huge" %}', c=gallery.ranks())


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 429, 500])
def test_a_refusal_renders_alone_with_a_heading_and_a_way_on(status: int) -> None:
    html = render_to_string(f"errors/{status}.html")
    page = Page(html)
    assert html.count("<h1") == 1
    assert page.first("a", **{"class": "brand"})["href"] == "/"


def test_a_refusal_repeats_the_service_s_sentence() -> None:
    sentence = "Scores are locked since 3 May; ask the lead for a new round."
    assert sentence in render_to_string("errors/409.html", {"sentence": sentence})


def test_the_buyer_s_layout_marks_the_place_in_the_rail() -> None:
    item = SimpleNamespace(
        label="Scoring", url="/s/", icon="scale", current=True, count=3, hot=False
    )
    rail = [SimpleNamespace(label="Evaluate", items=(item,))]
    page = Page(render_to_string("layouts/buyer.html", {"rail": rail}))
    marked = [attrs["href"] for tag, attrs in page.tags if tag == "a" and "aria-current" in attrs]
    assert marked == ["/s/", "/s/"]  # in the rail and in the menu of small screens


def test_the_portal_s_layout_puts_the_buyer_first_and_cceval_last() -> None:
    html = render_to_string("layouts/portal.html", {"buyer_name": "Halden Energy"})
    body = html[html.index("<body") :]
    assert body.index("Halden Energy") < body.index("Powered by cceval")


@pytest.mark.parametrize("layout", ["buyer", "portal", "public", "focus"])
def test_every_layout_has_a_skip_link_to_its_one_main(layout: str) -> None:
    page = Page(render_to_string(f"layouts/{layout}.html"))
    assert page.first("a", **{"class": "skip"})["href"] == "#main"
    assert [attrs["id"] for tag, attrs in page.tags if tag == "main"] == ["main"]


@pytest.mark.parametrize(
    ("cookie", "expected"), [("dark", "dark"), ("light", "light"), ("x", None)]
)
def test_the_theme_cookie_decides_the_first_paint(cookie: str, expected: str | None) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    html = render_to_string("layouts/public.html", {"request": request})
    assert Page(html).first("html").get("data-theme") == expected


def test_a_page_with_errors_says_so_in_its_title(refused: Answer) -> None:
    html = render_to_string("layouts/public.html", {"form": refused})
    assert "<title>Error: " in html


def test_a_component_never_reads_the_page_around_it(settings, tmp_path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "curious.html").write_text(
        "<b>{{ price|default:'nothing' }}</b>{{ slot }}{{ given }}", encoding="utf-8"
    )
    page = tmp_path / "page.html"
    page.write_text('<c-curious given="a word">{{ price }} </c-curious>', encoding="utf-8")
    settings.TEMPLATES = [{**one, "DIRS": [tmp_path, *one["DIRS"]]} for one in settings.TEMPLATES]
    # what the page writes between the tags is the page's own; the component sees what it was given
    assert render_to_string("page.html", {"price": "sealed"}) == "<b>nothing</b>sealed a word"
