import numpy as np
import pytest

from apps.engine.matrix.spaces import generator
from apps.engine.matrix.tenders import draw


def test_simulated_bids_follow_the_published_distribution():
    """3 to 6 bids, ln P normal with 0.18, Q around 0.72 with 0.12 (0.5 z + 0.87 e)."""
    rng = generator(3)
    tenders = [draw(rng, 50) for _ in range(4000)]
    sizes = np.bincount([quality.size for quality, _prices in tenders])
    assert sizes[:3].sum() == 0
    assert sizes[3:] / 4000 == pytest.approx([0.25] * 4, abs=0.03)
    quality = np.concatenate([one for one, _prices in tenders]) / 50
    z = np.log(np.concatenate([prices for _quality, prices in tenders])) / 0.18
    assert (z.mean(), z.std()) == (pytest.approx(0, abs=0.03), pytest.approx(1, abs=0.02))
    assert quality.mean() == pytest.approx(0.72, abs=0.003)
    slope = np.polyfit(z, quality, 1)[0]
    assert slope == pytest.approx(0.06, abs=0.003)
    assert (quality - slope * z).std() == pytest.approx(0.12 * 0.87, abs=0.003)
    assert quality.max() == 1
