"""States are data: every move is tried from every state."""

import importlib

import pytest
from django.apps import apps

from apps.core.errors import WrongState
from apps.core.workflow import Workflow, require
from cceval.management.commands import state_diagrams

APPS = ("workspace", "rfp", "bids", "matrix", "readiness", "decision", "reports")
WORKFLOWS = [
    value
    for app in APPS
    for value in vars(importlib.import_module(f"apps.{app}.states")).values()
    if isinstance(value, Workflow)
]


def _model_of(workflow: Workflow):
    for model in apps.get_models():
        fields = {field.name: field for field in model._meta.get_fields()}
        field = fields.get(workflow.field)
        states = {state for before, after in workflow.moves.values() for state in (*before, after)}
        choices = {choice for choice, _ in getattr(field, "choices", None) or ()}
        if choices and {str(state) for state in states} <= choices:
            return model
    raise AssertionError(f"no model has the states of {workflow.name}")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_each_move_starts_from_its_states_alone(workflow):
    model = _model_of(workflow)
    for name, (before, _after) in workflow.moves.items():
        for state, _label in model._meta.get_field(workflow.field).choices:
            subject = model(**{workflow.field: state})
            if state in [str(s) for s in before]:
                require(subject, workflow, name)
            else:
                with pytest.raises(WrongState) as refusal:
                    require(subject, workflow, name)
                assert refusal.value.sentence.endswith("."), (workflow.name, name)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_every_state_can_be_reached_and_has_a_constraint(workflow):
    model = _model_of(workflow)
    initial = model._meta.get_field(workflow.field).default
    reached = {str(initial)} | {str(after) for _before, after in workflow.moves.values()}
    assert reached == {str(value) for value, _ in model._meta.get_field(workflow.field).choices}
    assert any("is_known" in constraint.name for constraint in model._meta.constraints)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_every_move_has_its_sentence(workflow):
    assert set(workflow.sentences) == set(workflow.moves)


def test_the_drawing_of_the_states_is_fresh(settings):
    page = settings.BASE_DIR / "docs" / "states.md"
    assert page.read_text() == state_diagrams.drawing()
