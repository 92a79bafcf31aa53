"""Draw docs/states.md from the tables of moves, so that the picture cannot lie."""

import importlib
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core.workflow import Workflow

APPS = ("workspace", "rfp", "bids", "matrix", "readiness", "decision", "reports")
HEAD = "# States\n\nDrawn from the tables of moves by `manage.py state_diagrams`.\n"


def workflows() -> Iterator[Workflow]:
    for app in APPS:
        for value in vars(importlib.import_module(f"apps.{app}.states")).values():
            if isinstance(value, Workflow):
                yield value


def drawing() -> str:
    """Return the whole page: one table and one diagram a workflow."""
    parts = [HEAD]
    for workflow in workflows():
        parts.append(f"\n## {workflow.name}\n\n```mermaid\nstateDiagram-v2")
        for name, (before, after) in workflow.moves.items():
            parts += [f"  {state} --> {after}: {name}" for state in before]
        parts.append("```")
    return "\n".join(parts) + "\n"


class Command(BaseCommand):
    help = "Writes docs/states.md; with --check it only says whether the page is fresh."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        page = settings.BASE_DIR / "docs" / "states.md"
        if not options["check"]:
            page.write_text(drawing())
        elif not page.exists() or page.read_text() != drawing():
            raise CommandError("docs/states.md is stale: run manage.py state_diagrams.")
