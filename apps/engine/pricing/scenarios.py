"""Ways in which volume, handle time, attrition, index, currencies and KPIs may come out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from apps.engine.pricing.erlang_b import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Scenarios:
    """S ways in which it may come out; everything not given stays at its base.

    `volume`, `handle` and `attrition` (S,) multiply; `index` (S,) replaces the terms' index;
    `currencies` (S, M) multiply exchange rates; `kpis` (S,) by vendor and KPI.
    """

    volume: Floats
    handle: Floats
    attrition: Floats
    index: Floats | None = None
    currencies: Mapping[str, Floats] = field(default_factory=dict)
    kpis: Mapping[tuple[str, str], Floats] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        *,
        volume: Floats | float = 1.0,
        handle: Floats | float = 1.0,
        attrition: Floats | float = 1.0,
        index: Floats | None = None,
        currencies: Mapping[str, Floats] | None = None,
    ) -> "Scenarios":
        """Build scenarios from what differs; arrays broadcast against one another."""
        given = [volume, handle, attrition] + ([] if index is None else [index])
        size = np.broadcast_shapes(
            *(np.shape(values) for values in given),
            *((len(path),) for path in (currencies or {}).values()),
            (1,),
        )
        return cls(
            volume=np.broadcast_to(volume, size),
            handle=np.broadcast_to(handle, size),
            attrition=np.broadcast_to(attrition, size),
            index=None if index is None else np.broadcast_to(index, size),
            currencies=currencies or {},
        )

    def __len__(self) -> int:
        return len(self.volume)

    def chunks(self, size: int) -> "Iterator[tuple[slice, Scenarios]]":
        for first in range(0, len(self), size):
            here = slice(first, first + size)
            yield (
                here,
                Scenarios(
                    volume=self.volume[here],
                    handle=self.handle[here],
                    attrition=self.attrition[here],
                    index=None if self.index is None else self.index[here],
                    currencies={code: path[here] for code, path in self.currencies.items()},
                    kpis={name: values[here] for name, values in self.kpis.items()},
                ),
            )
