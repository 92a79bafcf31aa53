"""One tag per chart: they hand numbers over, they never compute.

On the web a chart is drawn twice and the width of its box chooses (components.css); on paper it is drawn
once: `{% rank_shares chart paper=640 %}`.
"""

from collections.abc import Callable
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.core.charts import break_even as break_evens
from apps.core.charts import cost_stack as cost_stacks
from apps.core.charts import decision_path as decision_paths
from apps.core.charts import maturity as maturities
from apps.core.charts import panel_spread as panel_spreads
from apps.core.charts import rank_shares as rank_share_charts
from apps.core.charts import rosette as rosettes
from apps.core.charts import score_bars as score_bar_charts
from apps.core.charts import tornado as tornados
from apps.core.charts import total_ranges as total_range_charts
from apps.core.charts import winner_strips as winner_strip_charts
from apps.core.templatetags.formats import current_locale

register = template.Library()

NARROW: Final = 350
# the widths of the columns of a 1440 px page; the class chooses wide or narrow by the box it stands in
WIDTHS: Final = {"xs": 440, "s": 528, "m": 616, "l": 720, "xl": 1056}


def _draw(render: Callable[..., str], chart: object, *, size: str, paper: int) -> SafeString:
    locale = current_locale()
    if paper:
        return mark_safe(render(chart, width=paper, locale=locale))  # noqa: S308 -- svg.py escapes
    if size not in WIDTHS:
        raise template.TemplateSyntaxError(f"A chart's size is one of {', '.join(WIDTHS)}.")
    wide = render(chart, width=WIDTHS[size], locale=locale)
    narrow = render(chart, width=NARROW, locale=locale)
    return format_html(
        '<div class="chart chart-{}"><div class="chart-wide">{}</div>'
        '<div class="chart-narrow">{}</div></div>',
        size,
        mark_safe(wide),  # noqa: S308 -- svg.py escapes
        mark_safe(narrow),  # noqa: S308 -- svg.py escapes
    )


@register.simple_tag
def score_bars(chart: score_bar_charts.ScoreBars, size: str = "l", paper: int = 0) -> SafeString:
    """Bars from zero with a tick for a minimum or an average."""
    return _draw(score_bar_charts.render, chart, size=size, paper=paper)


@register.simple_tag
def rank_shares(chart: rank_share_charts.RankShares, size: str = "m", paper: int = 0) -> SafeString:
    """How often each vendor takes each rank."""
    return _draw(rank_share_charts.render, chart, size=size, paper=paper)


@register.simple_tag
def total_ranges(
    chart: total_range_charts.TotalRanges, size: str = "xs", paper: int = 0
) -> SafeString:
    """Totals with their 5 to 95 % range."""
    return _draw(total_range_charts.render, chart, size=size, paper=paper)


@register.simple_tag
def winner_strips(
    chart: winner_strip_charts.WinnerStrips, size: str = "l", paper: int = 0
) -> SafeString:
    """Who leads at every possible weight."""
    return _draw(winner_strip_charts.render, chart, size=size, paper=paper)


@register.simple_tag
def cost_stack(chart: cost_stacks.CostStack, size: str = "l", paper: int = 0) -> SafeString:
    """Total cost by component."""
    return _draw(cost_stacks.render, chart, size=size, paper=paper)


@register.simple_tag
def break_even(chart: break_evens.BreakEven, size: str = "l", paper: int = 0) -> SafeString:
    """Cost against volume, every crossing drawn."""
    return _draw(break_evens.render, chart, size=size, paper=paper)


@register.simple_tag
def tornado(chart: tornados.Tornado, size: str = "l", paper: int = 0) -> SafeString:
    """How far each assumption moves the result."""
    return _draw(tornados.render, chart, size=size, paper=paper)


@register.simple_tag
def maturity(chart: maturities.Maturity, size: str = "xl", paper: int = 0) -> SafeString:
    """A score on a ruler of bands."""
    return _draw(maturities.render, chart, size=size, paper=paper)


@register.simple_tag
def decision_path(
    chart: decision_paths.DecisionPath, size: str = "xl", paper: int = 0
) -> SafeString:
    """The questions, the answers, the recommendation."""
    return _draw(decision_paths.render, chart, size=size, paper=paper)


@register.simple_tag
def panel_spread(chart: panel_spreads.PanelSpread) -> SafeString:
    """One bid's individual scores; one width everywhere, it stands in a table cell."""
    return mark_safe(panel_spreads.render(chart, locale=current_locale()))  # noqa: S308 -- svg.py escapes


@register.simple_tag
def rosette(digest: str, size: int = 120, label: str = "", small: object = "") -> SafeString:
    """`{% rosette digest 168 label=_("Fingerprint of your bid") %}`; `small=1` for lists."""
    drawn = rosettes.Rosette(
        digest=digest, label=label, rings=2 if small else 3, lines=(5, 4) if small else ()
    )
    return mark_safe(rosettes.render(drawn, size=int(size)))  # noqa: S308 -- labels are escaped there
