"""A row of a contract's schedule, and the rows of the shipped file that a lead may take."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from apps.core import seeds
from apps.decision.states import ObligationKind

FOLDER: Final = "decision/schedules"
SHIPPED: Final = "contact_centre"


@dataclass(frozen=True)
class Obligation:
    """One row. `offered` stands only where the lead takes it; `default` says nobody edited it.

    `value` is a decimal string where `least` and `most` bound it, else the text that was bid.
    """

    key: str
    kind: ObligationKind
    source: str
    digests: Mapping[str, str]
    wording: str
    name: str = ""
    value: str = ""
    unit: str = ""
    due: str = ""
    reports: str = ""
    offered: bool = False
    default: bool = True
    least: str = ""
    most: str = ""

    def content(self) -> dict[str, Any]:
        return {
            "kind": str(self.kind),
            "source": self.source,
            "digests": dict(self.digests),
            "name": self.name,
            "wording": self.wording,
            "value": self.value,
            "unit": self.unit,
            "due": self.due,
            "reports": self.reports,
            "default": self.default,
        }


def shipped() -> Mapping[str, Any]:
    return seeds.load(FOLDER, SHIPPED)


def offered() -> Iterator[Obligation]:
    """Yield the key figures and transition demands of the shipped file, none of them taken yet."""
    held = shipped()
    cited = _("{name}, version {version}: {source}").format(
        name=held["name"], version=held["version"], source=held["source"]
    )
    for kind in (ObligationKind.KPI, ObligationKind.TRANSITION):
        for one in held[kind]:
            yield Obligation(
                key=f"{kind}-{one['slug']}",
                kind=kind,
                source=cited,
                digests={},
                offered=True,
                **{
                    name: one.get(name, "")
                    for name in (
                        *("name", "wording", "value", "unit", "due", "reports"),
                        *("least", "most"),
                    )
                },
            )
