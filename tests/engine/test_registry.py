from dataclasses import dataclass

import pytest

from apps.engine.errors import InvalidInput
from apps.engine.registry import Registry


@dataclass(frozen=True)
class Tool:
    slug: str


HAMMER, SAW = Tool("hammer"), Tool("saw")


def test_a_registry_finds_by_slug_and_keeps_its_order():
    tools = Registry("tool", SAW, HAMMER)
    assert list(tools) == ["saw", "hammer"]
    assert tools["hammer"] is HAMMER
    assert "saw" in tools
    assert "drill" not in tools
    assert len(tools) == 2


def test_an_unknown_slug_gets_the_list_of_known_ones():
    with pytest.raises(InvalidInput, match="Choose a tool: hammer, saw"):
        Registry("tool", HAMMER, SAW)["drill"]


def test_two_entries_need_two_slugs():
    with pytest.raises(InvalidInput, match="a slug of its own"):
        Registry("tool", HAMMER, Tool("hammer"))
