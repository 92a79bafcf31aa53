"""The five journeys of docs/architecture.md, through real HTTP and a real browser, on one tender."""

import re
from pathlib import Path

import pytest

from tests.journeys import chapters, deciding, paper
from tests.journeys.api import Caller
from tests.journeys.browser import Windows
from tests.journeys.chapters import Answered, Compared, Decided, Evaluated, Published, Reported

pytestmark = [pytest.mark.xdist_group("product"), pytest.mark.timeout(900)]


# (a) Author, publish, answer, submit


def test_a_person_signs_in_with_a_password_and_a_one_time_code(windows: Windows):
    window = windows.open()
    window.sign_in("d.oyelaran@weirvalley.example")
    assert window.path == "/"
    assert "Dele Oyelaran" in window.page.locator("body").inner_text()
    window.close()


def test_a_published_tender_invites_its_vendors_by_mail(windows: Windows, published: Published):
    mail = windows.product.mails_to(published.newcomer)[0]
    assert mail["subject"] == "Weir Valley Homes invites you to bid: Daytime calls"
    assert published.reference in mail.get_body(("plain",)).get_content()


def test_a_wrong_answer_gets_its_sentence_and_nothing_is_saved(answered: Answered):
    assert answered.refusal == (
        "Write a number with digits only, for example 1234.5. Leave out spaces, thousands"
        " separators and units."
    )
    assert answered.field_after_refusal == "a few"  # kept on the device, to be mended
    assert answered.saved_after_refusal == "0"


def test_an_answer_is_saved_while_it_is_typed(answered: Answered):
    assert answered.kept_after_reload == "12.5"


def test_a_price_sheet_is_priced_on_the_tenders_workload_at_once(answered: Answered):
    # 237 calls on each of five days: 237 * 5 * 365 / 84 = 5,149.107 a month, at £4.10 each
    # £21,111.34 a month, 24 times.
    assert "Saved, and it can be priced" in answered.priced
    assert "comes to £506,672.16 over the term, £4.10 a contact" in answered.priced


def test_a_submitted_bid_gets_a_receipt_on_the_page_and_by_mail(answered: Answered):
    reference = re.search(r"Reference ([A-Z0-9]{4}-[A-Z0-9]{4})", answered.receipt)[1]
    digest = re.search(r"Digest ([0-9a-f]{64})", answered.receipt)[1]
    assert "Your bid has been received" in answered.receipt
    assert "(stamped at the edge of the server)" in answered.receipt
    assert reference in answered.receipt_mail
    assert digest in answered.receipt_mail


# (b) Open, score alone, agree, lock


def test_before_the_deadline_the_buyer_sees_nothing_of_bids(evaluated: Evaluated):
    assert "Sealed until the opening" in evaluated.too_early
    assert "Not who bids, not how many, not whether anyone does." in evaluated.too_early
    assert "Harbour Voice" not in evaluated.too_early


def test_after_the_deadline_a_bid_cannot_be_changed(evaluated: Evaluated):
    assert "deadline" in evaluated.too_late.lower()


def test_bids_open_after_the_deadline_with_the_openers_second_factor(evaluated: Evaluated):
    assert "2 bids were opened" in evaluated.opened


def test_an_evaluator_sees_no_score_of_a_colleague_before_the_consensus(evaluated: Evaluated):
    other = chapters.REASONS[chapters.JONAS]
    assert chapters.REASONS[chapters.AISHA] in evaluated.alone
    assert [page for page in evaluated.before if other in page] == []
    assert "No score, total or rank is shown before the consensus opens." in evaluated.consensus
    assert "No ranking before the scores are locked" in evaluated.ranking
    assert "Prices are sealed" in evaluated.prices


def test_an_evaluator_does_not_learn_the_vendors_names_before_the_lock(evaluated: Evaluated):
    names = ("Harbour Voice", "Castellan")
    assert [name for name in names for page in evaluated.before if name in page] == []


def test_locking_the_scores_ranks_the_bids_on_quality_alone(evaluated: Evaluated):
    assert "On quality alone, out of 100: prices are not in this ranking." in evaluated.locked


# (c) Prices


def test_prices_are_compared_on_one_workload_beside_the_own_team(compared: Compared):
    quotes = {row[0].removeprefix("A ").removeprefix("B "): row for row in compared.quotes[1:]}
    assert "Quality and price opened" in compared.opened
    assert {name: row[4] for name, row in quotes.items()} == {
        "Castellan CX": "£3.90",
        "Harbour Voice": "£4.10",
        "In-house": "£4.96",
    }
    assert quotes["Harbour Voice"][2] == "£506,672.16"  # what the vendor was shown


def test_the_ranking_is_frozen_again_with_the_adopted_prices(compared: Compared):
    quotes = {row[0]: row for row in compared.quotes[1:]}
    assert "Quality and price." in compared.ranking
    assert {row[0]: row[1] for row in compared.prices[1:]} == {
        name: row[3] for name, row in quotes.items() if name != "In-house"
    }


# (d) Readiness, statements, tree, proposal, approval


def test_the_tree_recommends_from_readiness_ranking_prices_and_statements(decided: Decided):
    assert "Signed off" in decided.assessed
    assert decided.facts == 3
    assert "Outsource to the leader under its pricing model" in decided.walked


def test_whoever_proposes_a_decision_cannot_approve_it(decided: Decided):
    assert decided.own_approval == 403
    assert "waiting for approval" in decided.proposed
    assert "Decided: Outsource to the leader under its pricing model." in decided.approved


# (e) Reports


def test_the_page_shows_how_far_a_report_is(reported: Reported):
    assert reported.stages == {"Waiting for a worker now", "Rendering the pages now"}


@pytest.mark.parametrize("kind", ["scorecard", "decision_report"])
def test_poppler_calls_the_signature_valid_over_the_whole_document(reported: Reported, kind: str):
    said = paper.signature_of(getattr(reported, kind))
    assert "Signature Validation: Signature is Valid." in said
    assert "Total document signed" in said
    assert said.count("Signature #") == 1


def test_anybody_can_verify_a_report_and_a_changed_byte_is_found(
    windows: Windows, reported: Reported
):
    stranger = windows.open()
    genuine = deciding.verify(stranger, reported.decision_report)
    with stranger.refused(422):
        forged = deciding.verify(stranger, paper.with_one_bit_changed(reported.decision_report))
    stranger.close()
    assert genuine.startswith("Authentic This report is genuine and has not been changed")
    assert "Recomputed: every figure agrees" in genuine
    assert forged.startswith("This file was changed after it was signed")


def test_the_offline_verifier_agrees_with_the_page(
    windows: Windows, reported: Reported, tmp_path: Path
):
    page = windows.open().go("/verify/")
    link = page.locator("a[href$='.pem']").first.get_attribute("href")
    certificate = tmp_path / "issuer.pem"
    certificate.write_bytes(Caller(windows.product).send("GET", link).content)
    genuine = paper.verified_offline(reported.decision_report, certificate)
    changed = paper.with_one_bit_changed(reported.decision_report)
    forged = paper.verified_offline(changed, certificate)
    assert (genuine.returncode, forged.returncode) == (0, 1), genuine.stdout + forged.stdout


def test_the_scorecards_figures_are_those_of_the_matrix_page(
    compared: Compared, reported: Reported
):
    heads, *sections, totals, ranks, _what_if = compared.matrix
    text = paper.text_of(reported.scorecard)
    places = paper.places_in(text)
    assert {f"{place.vendor}": (place.rank, place.total) for place in places} == {
        head[2:]: (rank, total)
        for head, rank, total in zip(heads[2:], ranks[2:], totals[2:], strict=True)
    }
    for row in sections:
        points = [cell.removesuffix(" highest") for cell in row[2:]]
        shown = rf"\d%\s+\d+\s+{points[0]}\s+\d+\s+{points[1]}\b"
        assert re.search(shown, text), f"{row[0]}: {points} not in the scorecard"


def test_the_decision_reports_figures_are_those_of_the_pages(
    compared: Compared, decided: Decided, reported: Reported
):
    text = paper.text_of(reported.decision_report)
    flat = " ".join(text.split())
    leader = paper.places_in(text)[0]
    quotes = {row[0][2:] if row[0][1] == " " else row[0]: row for row in compared.quotes[1:]}
    assert f"{leader.vendor} has a total of {leader.total} and costs" in flat  # of two bids
    assert f"{leader.vendor} leads by" in compared.ranking
    for name, row in quotes.items():
        assert f"{name} {paper.whole_pounds(row[2])}" in flat
    total, present = (paper.whole_pounds(quotes[leader.vendor][at]) for at in (2, 3))
    assert f"{leader.vendor} costs {total} over the term, {present} in present value." in flat
    saving = quotes[leader.vendor][8].split()[0]
    assert f"Saved over the term {saving}" in flat
    score = re.search(r"scores (\d+) of 100", decided.assessed)[1]
    assert f"We score {score} of 100, Ready." in flat
