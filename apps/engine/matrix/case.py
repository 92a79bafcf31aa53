"""Runs a rank case: plain data in, the whole result of the matrix out."""

from collections.abc import Mapping

from apps.engine.matrix import case_input, case_output
from apps.engine.matrix.case_panel import panel
from apps.engine.matrix.case_robustness import robustness
from apps.engine.matrix.scorecard import assess
from apps.engine.reading import Outcome


def run(case: Mapping[str, object]) -> Outcome:
    """Rank the vendors of a case and say how robust the award is.

    Raises `InvalidInput` with the path of the wrong field.
    """
    checked = case_input.read(case)
    card = assess(checked)
    return Outcome(
        result=case_output.result(card) | robustness(card) | {"panel": panel(card)},
        method=case_output.method(checked),
        seed=checked.robustness.seed if checked.robustness else None,
        warnings=case_output.warnings(card),
    )
