"""Figures for the component page (templates/ui_gallery.html): made up, fixed, and of nobody's procurement."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django import forms, template
from django.utils.translation import gettext_lazy as _

from apps.core.charts import (
    break_even,
    cost_stack,
    decision_path,
    maturity,
    panel_spread,
    rank_shares,
    score_bars,
    tornado,
    total_ranges,
    winner_strips,
)
from apps.core.charts.svg import Vendor

register = template.Library()

DEADLINE: Final = datetime(2026, 10, 2, 13, 0, tzinfo=UTC)
DIGEST: Final = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
VENDORS: Final = {
    "A": Vendor("A", "Velora Connect"),
    "B": Vendor("B", "Castellan CX"),
    "C": Vendor("C", "Tamarind Global"),
    "D": Vendor("D", "Northmoor BPO"),
}


class SampleForm(forms.Form):
    """One field of every kind."""

    use_required_attribute = False

    name = forms.CharField(label=_("Legal name"), help_text=_("As in the register"))
    email = forms.EmailField(label=_("E-mail"), required=False)
    agents = forms.IntegerField(label=_("Agents"))
    model = forms.ChoiceField(
        label=_("Pricing model"), choices=[("fte", _("Per FTE")), ("minute", _("Per minute"))]
    )
    payment = forms.ChoiceField(
        label=_("How do agents take payments?"),
        help_text=_("Choose the one that applies"),
        choices=[("keypad", _("Keypad masking")), ("link", _("Payment link"))],
        widget=forms.RadioSelect,
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=[("en", _("English")), ("de", _("German"))],
        widget=forms.CheckboxSelectMultiple,
    )
    agree = forms.BooleanField(
        label=_("I may sign for the company"), help_text=_("Recorded with your name")
    )
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    until = forms.DateField(label=_("Valid until"), widget=forms.DateInput(attrs={"type": "date"}))
    proof = forms.FileField(label=_("Certificate"))


@dataclass(frozen=True, slots=True)
class Item:
    """What the small components read: a stage, a fact, an anchor, an entry of the log."""

    label: str = ""
    note: str = ""
    state: str = ""
    value: str = ""
    url: str = ""
    score: int = 0
    text: str = ""
    actor: str = ""
    when: str = ""
    at: datetime = DEADLINE


ANCHORS: Final = tuple(
    Item(score=score, label=label, text=text)
    for score, (label, text) in enumerate(
        (
            ("None", "No answer, or no process described."),
            ("Weak", "A policy, but no named roles or times."),
            ("Partial", "Roles named. No tested runbook."),
            ("Sound", "Tested yearly. Notice within 72 hours."),
            ("Strong", "Tested twice a year. Within 24 hours."),
            ("Leading", "Joint drills, within 8 hours, lessons shared."),
        )
    )
)


def ranks() -> rank_shares.RankShares:
    shares = {
        "B": (0.93, 0.07, 0.0, 0.0),
        "A": (0.07, 0.93, 0.0, 0.0),
        "D": (0.0, 0.0, 0.997, 0.003),
        "C": (0.0, 0.0, 0.003, 0.997),
    }
    rows = tuple(rank_shares.RankRow(VENDORS[letter], row) for letter, row in shares.items())
    return rank_shares.RankShares(
        title="Share of plausible weightings in which each vendor takes each rank", rows=rows
    )


def totals() -> total_ranges.TotalRanges:
    figures = (
        ("B", 79.6, 80.6, 81.4),
        ("A", 76.5, 78.4, 80.4),
        ("D", 74.2, 75.3, 76.6),
        ("C", 70.2, 72.0, 73.9),
    )
    rows = tuple(
        total_ranges.TotalRange(VENDORS[letter], low, total, high)
        for letter, low, total, high in figures
    )
    return total_ranges.TotalRanges(title="Weighted total and its 5 to 95% range", rows=rows)


def strips() -> winner_strips.WinnerStrips:
    segment = winner_strips.Segment
    return winner_strips.WinnerStrips(
        title="Leading vendor at every possible weight of each criterion",
        strips=(
            winner_strips.Strip("Service delivery", 0.2, (segment("B", 0, 1),)),
            winner_strips.Strip(
                "Security & data protection", 0.25, (segment("A", 0, 0.18), segment("B", 0.18, 1))
            ),
            winner_strips.Strip(
                "Workforce & hiring", 0.15, (segment("B", 0, 0.26), segment("A", 0.26, 1))
            ),
        ),
    )


def spread() -> panel_spread.PanelSpread:
    return panel_spread.PanelSpread(
        title="Scores for bid C",
        scores=(
            panel_spread.PanelScore(2, "JB", "Jonas Berg"),
            panel_spread.PanelScore(4, "SM", "Sofia Marin"),
            panel_spread.PanelScore(2, "AR", "Aisha Rahman"),
        ),
        agreed=3,
    )


def costs() -> cost_stack.CostStack:
    return cost_stack.CostStack(
        title="Total cost over 36 months by vendor and component",
        parts=("Run", "Transition", "Governance and travel", "Indexation", "Risk reserve"),
        bars=(
            cost_stack.CostBar(
                "Velora Connect", (25.9e6, 1.35e6, 1.1e6, 1.55e6, 1.7e6), "Per FTE", "A"
            ),
            cost_stack.CostBar("Castellan CX", (34.74e6, 0.95e6, 0.45e6, 0, 0.6e6), "Managed", "B"),
            cost_stack.CostBar("In house", (30e6, 0, 0.2e6, 2e6, 0), "Today"),
        ),
        currency="EUR",
    )


def volumes() -> break_even.BreakEven:
    """Two straight lines that meet at 400,000 contacts: 2 a contact, and 400,000 plus 1 a contact."""
    span = (250_000, 550_000)
    return break_even.BreakEven(
        title="Monthly cost of two pricing models against volume",
        lines=(
            break_even.CostLine("Per contact", tuple((v, 2.0 * v) for v in span)),
            break_even.CostLine("Fee plus contact", tuple((v, 400_000 + 1.0 * v) for v in span)),
        ),
        crossings=(break_even.Crossing(400_000, 800_000),),
        currency="EUR",
        forecast=410_000,
        low=362_000,
        high=455_000,
    )


def moves() -> tornado.Tornado:
    return tornado.Tornado(
        title="How far each assumption moves the 36-month cost",
        base=36.7e6,
        bars=(
            tornado.TornadoBar("Contact volume", 31e6, 42e6, "362,000", "455,000"),
            tornado.TornadoBar("Handle time", 34e6, 39.9e6, "5.8 min", "6.7 min"),
            tornado.TornadoBar("Wage inflation", 36e6, 37.9e6, "3%", "9%"),
        ),
        currency="EUR",
    )


def ruler() -> maturity.Maturity:
    return maturity.Maturity(
        title="Readiness 68 of 100",
        score=68,
        bands=(
            maturity.MaturityBand("Not ready", 0, 50, "bad"),
            maturity.MaturityBand("Conditionally ready", 50, 80, "warn", "Conditional"),
            maturity.MaturityBand("Ready", 80, 100, "ok"),
        ),
        target=80,
    )


def path() -> decision_path.DecisionPath:
    step = decision_path.PathStep
    return decision_path.DecisionPath(
        title="Three questions lead to an award",
        steps=(
            step(
                "How ready are we?",
                "Readiness 68 of 100",
                "50 to 79",
                (("Below 50", "Fix first"), ("80 or more", "Award")),
            ),
            step(
                "Is there a lawful route for data outside the EEA?",
                "Opinion 2026-07",
                "Yes",
                (("No", "EEA bids only"),),
            ),
            step(
                "Is the leader first in 80% of weightings?",
                "Castellan CX, 93%",
                "Yes",
                (("No", "Best and final offers"),),
            ),
        ),
        outcome="Award to Castellan CX",
        notes=("Managed service, two sites", "90-day readiness plan"),
    )


def bars() -> score_bars.ScoreBars:
    return score_bars.ScoreBars(
        title="Score by criterion",
        bars=(
            score_bars.ScoreBar("Service delivery", 78, mark=60),
            score_bars.ScoreBar("Castellan CX", 72, letter="B"),
            score_bars.ScoreBar("Technology", None),
        ),
    )


@register.simple_tag
def gallery() -> dict[str, Any]:
    """`{% gallery as gallery %}`: everything the component page shows."""
    form = SampleForm({"agents": "many", "email": "nobody@"})
    form.is_valid()
    return {
        "crumbs": (Item(label="Customer care", url="#main"),),
        "stages": (
            Item(label="Prepare", state="done", note="1 Sep"),
            Item(label="Evaluate", state="now", note="until Fri 23 Oct"),
            Item(label="Decide", state="todo", note="Thu 12 Nov"),
        ),
        "facts": (
            Item(label="Cost over 36 months", value="€36.7M", note="€32.2M in house"),
            Item(label="First in", value="93%", note="of plausible weightings"),
        ),
        "errors": (("x2", "Enter a whole number, for example 120"),),
        "scale": tuple(range(6)),
        "anchors": ANCHORS,
        "form": form,
        "deadline": DEADLINE,
        "now": DEADLINE - timedelta(days=2, hours=22, minutes=8),
        "digest": DIGEST,
        "entries": (
            Item(when="10:41", actor="Jonas Berg", text="moved the deadline from 1 to 2 October."),
            Item(when="Tue", text="The round closed."),
        ),
        "ranks": ranks(),
        "totals": totals(),
        "strips": strips(),
        "spread": spread(),
        "even": volumes(),
        "scores": bars(),
        "cost": costs(),
        "tornado": moves(),
        "maturity": ruler(),
        "path": path(),
    }
