"""What keeps a vendor's question back, and what does not."""

import pytest

from apps.bids.types.holding import Identity, reasons_to_hold

WHO = Identity("Velora Connect", ("Owen Pryce", "Hattie Sloane"), ("velora.example",))
CODES = frozenset({"1.02", "3.02"})
OWN = "New agents train for six weeks in pairs before they take a single call on their own line."


@pytest.mark.parametrize(
    "text",
    [
        "Do you expect agents on site at night?",
        "Question 3.02 asks for 24 hours: does this include bank holidays?",
        "Which CRM do you use, and how many of the 1200 contacts a day are chats?",
        "Is the service level of 80/20 measured per month?",
        "May the contact centre be in two places? The call volumes in week 12 look low.",
        "Does ISO 27001:2022 count, or the edition of 2013?",
    ],
)
def test_an_ordinary_question_goes_through(text):
    assert reasons_to_hold(text, WHO, [OWN], CODES) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Is £0.91 a minute within your budget?", "price"),
        ("Would 18.50 EUR be acceptable?", "price"),
        ("Our agents cost 22 per hour; is that in range?", "price"),
        ("May the discount be 5 percent after a year?", "price"),
        ("We bid \uff10.\uff19\uff11 GBP per minute, is the cap lower?", "price"),
        ("Is 3.02 GBP too much?", "price"),
        ("At 0.91 the night shift is covered, yes?", "price"),
        ("Can Velora keep its own telephony?", "name"),
        ("Can V\u00e9lora keep its own telephony?", "name"),
        ("Can Velo\u200bra keep its own telephony?", "name"),
        ("Can V E L O R A keep its own telephony?", "name"),
        ("Ask Mrs Sloane if this is unclear. Which shift is meant?", "name"),
        ("Please answer to bids@velora.example. Which shift?", "address"),
        ("See www.somewhere.example for our staffing model. Is it enough?", "address"),
        ("Call us on +44 20 7946 0000. Which shift is meant?", "address"),
        (f"Is this enough? {OWN}", "answer"),
        ("We offer twelve agents at night. Is this enough?", "bidding"),
    ],
)
def test_signs_of_a_bid_or_of_a_name_hold_it_back(text, code):
    assert code in reasons_to_hold(text, WHO, [OWN], CODES)
