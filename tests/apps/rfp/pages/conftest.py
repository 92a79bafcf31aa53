import pytest


@pytest.fixture
def browser(client_for, buyer):
    return client_for(buyer.lead)
