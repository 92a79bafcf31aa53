"""What keeps a vendor's question back until the lead has read it: signs of a bid or of a name.

A wrong hold costs the lead a look; a missed one shows a rival's price. So every rule errs towards
holding.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

PRICE, NAME, ADDRESS, ANSWER, BIDDING = "price", "name", "address", "answer", "bidding"
SENTENCES = MappingProxyType(
    {
        PRICE: _("It holds figures that look like a price."),
        NAME: _("It holds a name that would tell who asks."),
        ADDRESS: _("It holds an address, a website or a telephone number."),
        ANSWER: _("It repeats an answer of the vendor's own bid."),
        BIDDING: _("It reads like an offer, not like a question."),
    }
)
CURRENCY = (
    r"(?:gbp|eur|usd|chf|sek|nok|dkk|pln|czk|huf|ron|aud|cad|inr|zar|php|pounds?|euros?|dollars?"
    r"|pence|cents?)"
)
FIGURE = r"\d[\d.,'\s]*"
PRICES = (
    re.compile(rf"[£$€¥₹]\s*{FIGURE}|{FIGURE}\s*[£$€¥₹]"),
    re.compile(rf"\b{CURRENCY}\b\s*{FIGURE}|{FIGURE}\s*(?:k|m|million)?\s*\b{CURRENCY}\b"),
    re.compile(
        rf"{FIGURE}\s*(?:p\b|c\b|%)?\s*(?:per|/|an?|each)\s*"
        r"(?:hour|minute|contact|call|fte|agent|seat|month|chat|e-?mail|interaction)\b"
    ),
    re.compile(
        r"\b(?:prices?|priced|rates?|fees?|charges?|costs?|discounts?|tariffs?|margin|quote)\b"
        rf"[^.?!\n]{{0,60}}{FIGURE}"
    ),
)
BARE = re.compile(r"(?<![\d.])\d+[.,]\d{2}\b")  # 0.91; the codes of questions look alike
ADDRESSES = (
    re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    re.compile(r"\b(?:https?://|www\.)\S+"),
    re.compile(r"(?:\+|\b00)\d[\d\s()-]{7,}\d"),
)
OFFERS = re.compile(
    r"\b(?:we (?:offer|propose|commit|guarantee|quote)|our (?:offer|price|bid|rate|proposal)s?"
    r"|(?:our|attached) price sheet)\b"
)
# Words of a vendor's name that any question may hold.
COMMON = frozenset(
    ("contact", "contacts", "centre", "center", "call", "calls", "service", "services", "global"),
) | frozenset(
    ("group", "holding", "solutions", "connect", "customer", "support", "care", "voice", "digital"),
)
SHORTEST_NAME = 4
SHORTEST_PASSAGE = 60
WORDS_ALIKE = 12  # so many words in a row of one's own answer are no accident


@dataclass(frozen=True)
class Identity:
    """What would tell who asks: the vendor's name, its people and their addresses' domains."""

    vendor: str
    people: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


def plainly(text: str) -> str:
    """Return a text in one form: compatible characters folded, small, without accents."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).casefold()
    return "".join(
        c for c in folded if c == "\n" or (c.isprintable() and not unicodedata.combining(c))
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", plainly(text))


def reasons_to_hold(
    text: str, who: Identity, answers: Iterable[str] = (), codes: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the codes of what holds a question back, in a fixed order; empty when nothing does.

    `codes` are those of the RFP's own questions, which are no prices.
    """
    plain = plainly(text)
    found: Mapping[str, bool] = {
        PRICE: any(rule.search(plain) for rule in PRICES)
        or any(figure not in codes for figure in BARE.findall(plain)),
        NAME: _names(plain, who),
        ADDRESS: any(rule.search(plain) for rule in ADDRESSES)
        or any(domain.casefold() in plain for domain in who.domains),
        ANSWER: _repeats(text, answers),
        BIDDING: bool(OFFERS.search(plain)),
    }
    return tuple(code for code, here in found.items() if here)


def _names(plain: str, who: Identity) -> bool:
    spoken = _words(plain)
    squeezed = "".join(spoken)
    telling = {word for word in _words(who.vendor) if word not in COMMON}
    whole = "".join(_words(who.vendor))
    if len(whole) >= SHORTEST_NAME and whole in squeezed:
        return True
    if any(word in squeezed for word in telling if len(word) > SHORTEST_NAME):
        return True
    if {word for word in telling if len(word) <= SHORTEST_NAME} & set(spoken):
        return True
    surnames = {word for name in who.people for word in _words(name)[-1:]}
    return bool({word for word in surnames if len(word) >= SHORTEST_NAME} & set(spoken))


def _repeats(text: str, answers: Iterable[str]) -> bool:
    asked = _words(text)
    runs = {tuple(asked[at : at + WORDS_ALIKE]) for at in range(len(asked) - WORDS_ALIKE + 1)}
    for answer in answers:
        if len(answer) < SHORTEST_PASSAGE:
            continue
        own = _words(answer)
        if any(
            tuple(own[at : at + WORDS_ALIKE]) in runs for at in range(len(own) - WORDS_ALIKE + 1)
        ):
            return True
    return False
