"""An amount with its currency; two currencies never mix."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import total_ordering
from typing import Self

from apps.engine.errors import CurrencyMismatch, InvalidInput
from apps.engine.numbers import round_half_up

CODE = re.compile(r"[A-Z]{3}", re.ASCII)  # ISO 4217
# ISO 4217 minor units that are not 2
MINOR_UNITS = {
    "BHD": 3, "BIF": 0, "CLF": 4, "CLP": 0, "DJF": 0, "GNF": 0, "IQD": 3, "ISK": 0, "JOD": 3,
    "JPY": 0, "KMF": 0, "KRW": 0, "KWD": 3, "LYD": 3, "OMR": 3, "PYG": 0, "RWF": 0, "TND": 3,
    "UGX": 0, "UYI": 0, "UYW": 4, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip


@total_ordering
@dataclass(frozen=True)
class Money:
    """An exact amount of one currency; floats are refused."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise InvalidInput("Give an amount as a decimal number.")
        if not CODE.fullmatch(self.currency):
            raise InvalidInput("Give a currency as its three capital letters, for example EUR.")

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> Self:
        """Return money from what a form or a file holds."""
        if isinstance(amount, bool | float):
            raise InvalidInput("Give an amount as a decimal number.")
        try:
            return cls(Decimal(amount), currency)
        except ArithmeticError:
            raise InvalidInput("Give an amount as a decimal number.") from None

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(Decimal(0), currency)

    @classmethod
    def total(cls, parts: Iterable["Money"], currency: str) -> "Money":
        """Add up; the currency is named because there may be no parts."""
        return sum(parts, start=Money(Decimal(0), currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        if isinstance(factor, bool) or not isinstance(factor, Decimal | int):
            raise InvalidInput("Multiply money by a decimal or a whole number.")
        return Money(self.amount * factor, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return (self.amount, self.currency) == (other.amount, other.currency)

    def __hash__(self) -> int:
        return hash((self.amount, self.currency))

    def rounded(self) -> "Money":
        """Round half up to the smallest unit of the currency."""
        return Money(round_half_up(self.amount, MINOR_UNITS.get(self.currency, 2)), self.currency)

    def _same(self, other: "Money") -> Decimal:
        if not isinstance(other, Money):
            raise InvalidInput("Put money together with money only.")
        if other.currency != self.currency:
            raise CurrencyMismatch(
                f"These amounts are in {self.currency} and {other.currency}; convert one first."
            )
        return other.amount
