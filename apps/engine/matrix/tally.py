"""Counts places, pairs and winning weights over chunks of sampled totals."""

import numpy as np
from numpy.typing import NDArray

from apps.engine.matrix.inputs import Floats
from apps.engine.matrix.product import sums
from apps.engine.numbers import SNAP_DECIMALS

MOST_VENDORS = 255  # places are counted in bytes
WORD = 8  # eight comparisons, one byte each, are counted by one population count


class Tally:
    """Sums over samples; V vendors, C criteria. Chunks hold k samples."""

    def __init__(self, vendors: int, criteria: int) -> None:
        self.samples = 0
        self.central = np.zeros((vendors, criteria))
        # A vendor that shares places a..b with others adds to `_opens` at a and `_closes` after
        # b; the running sum over places is its share of each place.
        self._steps = np.zeros((vendors, vendors + 1))
        self._ahead = np.zeros((vendors, vendors))

    def acceptability(self) -> Floats:
        shares = np.cumsum(self._steps[:, :-1], axis=1) / self.samples
        return np.clip(shares, 0, 1)

    def pairwise(self) -> Floats:
        return np.asarray(self._ahead / self.samples, dtype=np.float64)

    def add(self, weights: Floats, scores: Floats) -> None:
        """Add weights (k, C) and totals (V, k) among which no two are equal."""
        vendors, k = scores.shape
        places = np.zeros((vendors, k), dtype=np.uint8)
        for i in range(vendors - 1):
            beaten = scores[i] > scores[i + 1 :]
            marks = beaten.view(np.uint8)
            places[i + 1 :] += marks
            places[i] += (vendors - 1 - i) - np.add.reduce(marks, axis=0, dtype=np.uint8)
            wins = _count(marks)
            self._ahead[i, i + 1 :] += wins
            self._ahead[i + 1 :, i] += k - wins
        cells = places + (np.arange(vendors) * vendors)[:, None]
        counts = np.bincount(cells.ravel(), minlength=vendors * vendors)
        counts = counts.reshape(vendors, vendors)
        self._steps[:, :-1] += counts
        self._steps[:, 1:] -= counts
        self._add_winners(weights, places == 0)
        self.samples += k

    def _add_winners(self, weights: Floats, first: NDArray[np.bool_]) -> None:
        """Add the weights of each vendor's wins; `first` (V, k) has one mark in each column."""
        scale = 1 / weights.sum(axis=1)
        winners, samples = np.divmod(np.flatnonzero(first), first.shape[1])
        ever, starts = np.unique(winners, return_index=True)
        for vendor, won in zip(ever, np.split(samples, starts[1:]), strict=True):
            # A product by BLAS would be split among threads, see product.py.
            self.central[vendor] += np.einsum("k,kc->c", scale[won], weights[won])

    def add_ties(self, weights: Floats, scores: Floats) -> None:
        """Add weights (k, C) and totals (V, k); equal totals share their places in equal parts."""
        vendors, k = scores.shape
        size = weights.sum(axis=1)
        totals = np.round(scores / np.abs(scores).max(axis=0, initial=1e-300), SNAP_DECIMALS)
        ahead = np.zeros((vendors, k), dtype=np.intp)
        tied = np.zeros((vendors, k), dtype=np.intp)
        for i in range(vendors):
            wins = totals[i] > totals
            ahead += wins
            tied[i] = (totals[i] == totals).sum(axis=0)
            self._ahead[i] += wins.sum(axis=1)
        rows = np.broadcast_to(np.arange(vendors)[:, None], ahead.shape)
        np.add.at(self._steps, (rows, ahead), 1 / tied)
        np.add.at(self._steps, (rows, ahead + tied), -1 / tied)
        self.central += sums(np.where(ahead == 0, 1 / tied, 0.0) / size, weights)
        self.samples += k


def _count(marks: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return how many marks of each row are set."""
    whole = marks.shape[1] // WORD * WORD
    words = np.ascontiguousarray(marks[:, :whole]).view(np.uint64)
    counts = np.bitwise_count(words).sum(axis=1, dtype=np.int64)
    return np.asarray(counts + marks[:, whole:].sum(axis=1, dtype=np.int64), dtype=np.int64)
