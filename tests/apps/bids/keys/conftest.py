"""A bid that was submitted for good: what happens after the commit has happened."""

from contextlib import contextmanager

import pytest
from django.urls import reverse

from tests.conftest import sign_in
from tests.factories import bids as make


@pytest.fixture
def settled(django_capture_on_commit_callbacks):
    """Do something, and what follows its commit."""

    @contextmanager
    def act():
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return act


@pytest.fixture
def filled(tender, bid_a, vendor_a):
    make.fill(bid_a, tender, vendor_a, mark="amber")
    return bid_a


@pytest.fixture
def laptop(vendor_a):
    """The owner's browser that submits."""
    return sign_in(vendor_a.owner)


@pytest.fixture
def other(vendor_a):
    """The owner on another device."""
    return sign_in(vendor_a.owner)


@pytest.fixture
def submitted(filled, laptop, settled):
    """The bid as its owner submitted it on the page, in the browser `laptop`."""
    laptop.get(reverse("bids:check", args=[filled.pk]))
    with settled():
        laptop.post(reverse("bids:submit", args=[filled.pk]))
    return filled


def code_in(client):
    """The recovery code that a browser keeps."""
    return client.cookies["bid-key"].value
