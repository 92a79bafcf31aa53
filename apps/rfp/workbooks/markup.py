"""Plain text from text with HTML in it: words stay, addresses of links stay behind their words."""

from html.parser import HTMLParser
from typing import Final

BREAKS: Final = frozenset({"br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "tr"})


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.address = ""
        self.marked = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.marked = True
        if tag in BREAKS:
            self.found.append("\n")
        if tag == "li":
            self.found.append("- ")
        if tag == "a":
            self.address = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.address:
            self.found.append(f" ({self.address})")
            self.address = ""

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def plain_text(text: str) -> tuple[str, bool]:
    """Return the text without markup, and whether there was any."""
    words = _Words()
    words.feed(text)
    words.close()
    lines = ("".join(words.found)).replace("\xa0", " ").split("\n")
    joined = "\n".join(line.strip() for line in lines)
    while "\n\n\n" in joined:
        joined = joined.replace("\n\n\n", "\n\n")
    return joined.strip(), words.marked
