"""Ways to award, as plain data: what the published rule gives, and what other ways would cost.

Nothing here decides. The published rule names the winner of each lot (ADR 26); the other ways show
what a limit, a back-up or one vendor for everything is worth, in money and in points.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Offer:
    """One admitted bid in one lot: its rank, its points of 100, its present value over the term."""

    bid: str
    name: str
    letter: str
    rank: int
    points: str | None
    price: Decimal | None


@dataclass(frozen=True)
class Field:
    """The admitted bids of one lot by rank, or of the whole tender under the code ``""``.

    `decided` is the bid that an approved award gave the lot to, "" where it awarded nothing, and
    None while nothing was approved.
    """

    code: str
    name: str
    offers: tuple[Offer, ...]
    decided: str | None = None

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}".strip()


@dataclass(frozen=True)
class Share:
    """Who gets a lot in a scenario; no offer where nobody is left who could."""

    field: Field
    offer: Offer | None


@dataclass(frozen=True)
class Scenario:
    """One way to award everything.

    `cost` is the sum of the present values, None where a lot stays without a bid or without a
    price; `priced` what the panel's verdicts add for what these bids are subject to. `published`
    marks what the published rule gives: nothing else can be awarded.
    """

    title: str
    text: str
    shares: tuple[Share, ...]
    priced: Decimal
    published: bool = False
    backup: str = ""  # the bid that stands behind, where there are no lots

    @property
    def cost(self) -> Decimal | None:
        prices = [share.offer.price for share in self.shares if share.offer]
        if len(prices) < len(self.shares) or any(price is None for price in prices):
            return None
        return sum((price for price in prices if price is not None), Decimal(0))

    @property
    def vendors(self) -> int:
        return len({share.offer.name for share in self.shares if share.offer})

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        return tuple((one.field.code, one.offer.bid if one.offer else "") for one in self.shares)


Pick = Callable[[Field, Mapping[str, int]], Offer | None]


def ways(
    fields: Sequence[Field], limit: int | None, agreed: Mapping[str, Decimal]
) -> tuple[Scenario, ...]:
    """Return the ways to award, the published one first; of equal ones the first names the others.

    `fields` in the published order of the lots, `limit` the lots one vendor may win, `agreed` the
    amounts of the panel's verdicts by bid.
    """
    made = [
        Scenario(
            _("As published"),
            _published_words(fields, limit),
            *_given(fields, _by_rule(limit), agreed),
            published=True,
        )
    ]
    if limit:
        made.append(
            Scenario(
                _("Without the limit of lots"),
                _("Each lot to the first of its ranking: what the published limit costs or saves."),
                *_given(fields, _by_rule(None), agreed),
            )
        )
    made += _next_best(fields, limit, agreed)
    if len(fields) > 1:
        made += _one_for_all(fields, agreed)
    made.append(
        Scenario(
            _("Lowest price"),
            _("The cheapest admitted bid of each lot, whatever its quality: what quality costs."),
            *_given(fields, _cheapest, agreed),
        )
    )
    found: dict[tuple[tuple[str, str], ...], Scenario] = {}
    for one in made:
        first = found.get(one.given)
        if first:
            same = _("The same as: {title}.").format(title=one.title)
            found[one.given] = replace(first, text=f"{first.text} {same}")
        else:
            found[one.given] = one
    return tuple(found.values())


def _published_words(fields: Sequence[Field], limit: int | None) -> str:
    words = [
        _("The first bid of each ranking, lot after lot; a vendor at its limit gets no later one.")
        if limit
        else _("The first bid of each frozen ranking.")
    ]
    if any(len(_firsts(one.offers)) > 1 for one in fields):
        words.append(
            _("Bids tie for a first place: a person chooses, here the cheaper one is shown.")
        )
    return " ".join(words)


def _firsts(offers: Collection[Offer]) -> list[Offer]:
    """Return who stands first among these, the cheaper of a tie before the others."""
    best = min((one.rank for one in offers), default=0)
    return sorted((one for one in offers if one.rank == best), key=_by_price)


def _by_price(offer: Offer) -> tuple[bool, Decimal, str]:
    return (offer.price is None, offer.price or Decimal(0), offer.letter)


def _by_rule(limit: int | None, *, out: Collection[str] = ()) -> Pick:
    def pick(field: Field, won: Mapping[str, int]) -> Offer | None:
        if field.decided is not None and not out:
            return next((one for one in field.offers if one.bid == field.decided), None)
        left = [
            one
            for one in field.offers
            if one.bid not in out and not (limit and won.get(one.bid, 0) >= limit)
        ]
        return next(iter(_firsts(left)), None)

    return pick


def _cheapest(field: Field, _won: Mapping[str, int]) -> Offer | None:
    return min(field.offers, key=_by_price, default=None)


def _given(
    fields: Sequence[Field], pick: Pick, agreed: Mapping[str, Decimal]
) -> tuple[tuple[Share, ...], Decimal]:
    """Return who gets each lot, in their order, and what the verdicts on those bids add."""
    shares: list[Share] = []
    won: dict[str, int] = {}
    for field in fields:
        offer = pick(field, won)
        shares.append(Share(field, offer))
        if offer:
            won[offer.bid] = won.get(offer.bid, 0) + 1
    return tuple(shares), sum((agreed.get(bid, Decimal(0)) for bid in won), Decimal(0))


def _next_best(
    fields: Sequence[Field], limit: int | None, agreed: Mapping[str, Decimal]
) -> list[Scenario]:
    """Return what a back-up would mean: for each winner, everything without it."""
    shares, _sum = _given(fields, _by_rule(limit), agreed)
    found = []
    for bid, name in {one.offer.bid: one.offer.name for one in shares if one.offer}.items():
        again = _given(fields, _by_rule(limit, out=(bid,)), agreed)
        second = again[0][0].offer if len(fields) == 1 else None
        found.append(
            Scenario(
                _("Without {vendor}").format(vendor=name),
                _("If it does not sign, or falls out: the next bid of each ranking takes over."),
                *again,
                backup=second.bid if second else "",
            )
        )
    return found


def _one_for_all(fields: Sequence[Field], agreed: Mapping[str, Decimal]) -> list[Scenario]:
    """Return one scenario for each vendor that is admitted in every lot, the cheapest first."""
    found = [
        Scenario(
            _("Everything to {vendor}").format(vendor=offer.name),
            _("One contract, one transition, and nobody to fall back on."),
            *_given(fields, _only(offer.bid), agreed),
        )
        for offer in fields[0].offers
        if all(any(one.bid == offer.bid for one in field.offers) for field in fields)
    ]
    return sorted(found, key=lambda one: (one.cost is None, one.cost or Decimal(0)))


def _only(bid: str) -> Pick:
    return lambda field, _won: next((one for one in field.offers if one.bid == bid), None)
