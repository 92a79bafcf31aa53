"""An RFP of the small kind, as draft and as published, with the lead acting."""

from collections.abc import Iterator

import pytest

from apps.rfp.models import Rfp
from tests.conftest import People, acting_for
from tests.factories.rfp import make_rfp


@pytest.fixture
def lead(buyer: People) -> Iterator[object]:
    """The lead, acting."""
    with acting_for(buyer.lead) as user:
        yield user


@pytest.fixture
def draft(lead, procurement) -> Rfp:
    return make_rfp(procurement, lead)


@pytest.fixture
def published(lead, procurement) -> Rfp:
    return make_rfp(procurement, lead, published=True)
