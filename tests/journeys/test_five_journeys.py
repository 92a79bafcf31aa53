"""The five journeys of docs/architecture.md, through real HTTP and a real browser, on one tender."""

import re

import pytest

from tests.journeys.browser import Windows
from tests.journeys.chapters import Answered, Evaluated, Published

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]


def test_a_published_tender_invites_its_vendors_by_mail(windows: Windows, published: Published):
    mail = windows.product.mails_to(published.newcomer)[0]
    assert mail["subject"] == "Weir Valley Homes invites you to bid: Daytime calls"
    assert published.reference in mail.get_body(("plain",)).get_content()


def test_a_wrong_answer_gets_its_sentence_and_nothing_is_saved(answered: Answered):
    assert answered.refusal == (
        "Write a number with digits only, for example 1234.5. Leave out spaces, thousands"
        " separators and units."
    )
    assert answered.field_after_refusal == ""


def test_an_answer_is_saved_while_it_is_typed(answered: Answered):
    assert answered.kept_after_reload == "12.5"


def test_a_price_sheet_is_priced_on_the_tenders_workload_at_once(answered: Answered):
    # 309 calls a day, five days a week: 309 * 5 * 52.18 weeks * 2 years at 4.10 each, by the engine
    assert "Saved, and it can be priced" in answered.priced
    assert re.search(r"comes to £[\d,]+\.\d\d over the term, £4\.10 a contact", answered.priced)


def test_a_submitted_bid_gets_a_receipt_on_the_page_and_by_mail(answered: Answered):
    reference = re.search(r"Reference ([A-Z0-9]{4}-[A-Z0-9]{4})", answered.receipt)[1]
    digest = re.search(r"Digest ([0-9a-f]{64})", answered.receipt)[1]
    assert "Your bid has been received" in answered.receipt
    assert "(stamped at the edge of the server)" in answered.receipt
    assert reference in answered.receipt_mail
    assert digest in answered.receipt_mail


def test_bids_open_after_the_deadline_with_the_openers_second_factor(evaluated: Evaluated):
    assert "Sealed until the opening" in evaluated.too_early
    assert "2 bids were opened" in evaluated.opened
