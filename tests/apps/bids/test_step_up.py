"""Opening asks for the second factor again, on the page as by API; a password is none."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from apps.bids.models import Envelope
from apps.bids.states import EnvelopeState
from apps.rfp.states import EnvelopeKind
from tests.apps.bids.conftest import fresh
from tests.conftest import PASSWORD, TOTP_SECRET, acting_for, sign_in
from tests.factories import bids as make
from tests.factories import sealing as keys

pytestmark = pytest.mark.django_db
CODE, SECOND = "/accounts/2fa/reauthenticate/", "/accounts/reauthenticate/"


@pytest.fixture
def closed(tender, bid_a, vendor_a, after_grace):
    make.fill(bid_a, tender, vendor_a)
    make.submit(bid_a, vendor_a)
    after_grace()
    return tender


def opened(buyer):
    with acting_for(buyer.opener):
        return Envelope.objects.filter(state=EnvelopeState.OPENED).count()


def both_ways(client, buyer):
    """Try to open on the page and by API; return both answers."""
    case = buyer.procurement.pk
    page = client.post(reverse("bids:open_quality", args=[case]), {"code": "any"})
    api = client.post(
        f"/api/v1/procurements/{case}/opening/",
        {"kind": "technical", "code": "any"},
        content_type="application/json",
    )
    return page, api


def with_password_again(user):
    """A client whose password was asked for again a moment ago, as allauth records it."""
    client = sign_in(user)
    session = client.session
    session["account_authentication_methods"] = [
        *session["account_authentication_methods"],
        {"method": "password", "at": time.time(), "reauthenticated": True},
    ]
    session.save()
    return client


def test_a_password_given_again_opens_nothing_on_the_page_and_by_api(buyer, closed):
    page, api = both_ways(with_password_again(buyer.opener), buyer)
    assert (page.status_code, page.headers["Location"].partition("?")[0]) == (302, SECOND)
    assert api.status_code == 401
    assert opened(buyer) == 0


def test_the_password_page_leads_on_to_the_second_factor_and_takes_no_password(buyer, closed):
    client = sign_in(buyer.opener)
    assert client.get(SECOND).headers["Location"] == CODE
    assert client.post(SECOND, {"password": PASSWORD}).headers["Location"] == CODE
    methods = [one["method"] for one in client.session["account_authentication_methods"]]
    assert methods == ["password", "mfa"]  # as after signing in: nothing was confirmed again


def test_the_page_offers_the_code_and_never_the_password(buyer):
    page = sign_in(buyer.opener).get(CODE).content.decode()
    assert 'name="code"' in page
    assert "password" not in page.casefold()
    assert SECOND not in page


def test_the_code_of_the_second_factor_carries_the_opening_through(buyer, closed):
    """The first code is asked for before the key is typed, and leads back to the page for it."""
    keys.turn(closed.rfp, EnvelopeKind.TECHNICAL, buyer.opener2)
    client, url = sign_in(buyer.opener), reverse("bids:open_quality", args=[buyer.procurement.pk])
    key = {"code": keys.code_of(closed.rfp, EnvelopeKind.TECHNICAL, buyer.opener.pk)}
    asked = client.get(url)
    code = totp.format_hotp_value(
        totp.hotp_value(TOTP_SECRET, next(totp.yield_hotp_counters_from_time()))
    )
    done = client.post(asked.headers["Location"], {"code": code})
    assert (done.status_code, done.headers["Location"]) == (302, url)
    assert "Turn the key" in client.get(url).content.decode()
    assert client.post(url, key).status_code == 302
    assert opened(buyer) == 1


def test_a_key_typed_too_early_for_the_second_factor_is_kept_nowhere(buyer, closed):
    """The session is a row of the database: the page is shown again, and the key typed again."""
    client, url = sign_in(buyer.opener), reverse("bids:open_quality", args=[buyer.procurement.pk])
    key = keys.code_of(closed.rfp, EnvelopeKind.TECHNICAL, buyer.opener.pk)
    answer = client.post(url, {"code": key})
    assert answer.headers["Location"].startswith(SECOND)
    assert key not in json.dumps(dict(client.session.items()))


def test_without_a_second_factor_the_page_sets_one_up_first(buyer, closed):
    Authenticator.objects.filter(user=buyer.opener).delete()
    buyer.opener.second_factor_required = False
    buyer.opener.save()
    page, api = both_ways(with_password_again(buyer.opener), buyer)
    assert page.headers["Location"] == reverse("mfa_activate_totp")
    assert api.status_code == 401
    assert opened(buyer) == 0


def test_a_fresh_second_factor_opens(buyer, closed):
    case = buyer.procurement.pk
    for person in (buyer.opener, buyer.opener2):
        key = {"code": keys.code_of(closed.rfp, EnvelopeKind.TECHNICAL, person.pk)}
        page = fresh(person).post(reverse("bids:open_quality", args=[case]), key)
        assert page.headers["Location"] == reverse("bids:opening", args=[case])
    assert opened(buyer) == 1
