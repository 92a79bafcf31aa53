from django.urls import path

from apps.matrix.views import (
    asking,
    calibrating,
    conflicts,
    consensus,
    offers,
    ranking,
    reopenings,
    scoring,
    shortlists,
    substitutes,
)

app_name = "matrix"

CASE = "p/<uuid:procurement_id>"
SCORING = f"{CASE}/scoring"
CALIBRATION = f"{SCORING}/calibration"
CONSENSUS = f"{CASE}/consensus"
SHORTLIST = f"{CASE}/shortlist"
REOPENINGS = f"{CONSENSUS}/reopenings"
OFFERS = f"{CASE}/final-offers"
BID = f"{SCORING}/<str:code>/bids/<str:letter>"

urlpatterns = [
    path(f"{SCORING}/", scoring.overview, name="scoring"),
    path(f"{SCORING}/begin/", scoring.begin, name="begin"),
    path(f"{SCORING}/assign/", scoring.assign, name="assign"),
    path(f"{SCORING}/conflicts/", conflicts.show, name="conflicts"),
    path(f"{SCORING}/conflicts/name/", conflicts.name_conflict, name="name_conflict"),
    path(f"{SCORING}/conflicts/<uuid:conflict_id>/", conflicts.settle, name="settle_conflict"),
    path(f"{SCORING}/substitutes/", substitutes.show, name="substitutes"),
    path(f"{SCORING}/substitutes/<uuid:member_id>/", substitutes.replace, name="substitute"),
    path(f"{SCORING}/sections/<uuid:section_id>/finish/", scoring.finish, name="finish"),
    path(f"{SCORING}/vendor-questions/", asking.show, name="vendor_questions"),
    path(f"{SCORING}/vendor-questions/<uuid:asked_id>/send/", asking.send, name="send_question"),
    path(
        f"{SCORING}/vendor-questions/<uuid:asked_id>/shelve/",
        asking.shelve,
        name="shelve_question",
    ),
    path(f"{CALIBRATION}/", calibrating.show, name="calibration"),
    path(f"{CALIBRATION}/write/", calibrating.write, name="write_mock"),
    path(f"{CALIBRATION}/start/", calibrating.start, name="start_calibration"),
    path(f"{CALIBRATION}/score/", calibrating.score, name="try_scores"),
    path(f"{CALIBRATION}/show/", calibrating.show_scores, name="show_calibration"),
    path(f"{CALIBRATION}/<str:code>/remove/", calibrating.remove, name="remove_mock"),
    path(f"{SCORING}/<str:code>/", scoring.question, name="question"),
    path(f"{SCORING}/<str:code>/save/", scoring.save_all, name="save_all"),
    path(f"{BID}/", scoring.save, name="save"),
    path(f"{BID}/ask/", asking.ask, name="ask_vendor"),
    path(f"{BID}/ask/draft/", asking.draft, name="draft_question"),
    path(f"{BID}/files/<str:sha256>/", scoring.evidence, name="evidence"),
    path(f"{CONSENSUS}/", consensus.overview, name="consensus"),
    path(f"{CONSENSUS}/open/", consensus.open_consensus, name="open_consensus"),
    path(f"{CONSENSUS}/return/", consensus.return_to_scoring, name="return_to_scoring"),
    path(f"{CONSENSUS}/unanimous/", consensus.adopt_unanimous, name="adopt_unanimous"),
    path(f"{CONSENSUS}/lock/", consensus.lock, name="lock"),
    path(f"{REOPENINGS}/", reopenings.show, name="reopenings"),
    path(f"{REOPENINGS}/ask/", reopenings.ask, name="ask_reopening"),
    path(
        f"{REOPENINGS}/<uuid:reopening_id>/confirm/", reopenings.confirm, name="confirm_reopening"
    ),
    path(f"{REOPENINGS}/<uuid:reopening_id>/drop/", reopenings.drop, name="drop_reopening"),
    path(
        f"{REOPENINGS}/rankings/<uuid:ranking_id>/record.json",
        reopenings.record,
        name="superseded_record",
    ),
    path(f"{CONSENSUS}/<str:code>/", consensus.question, name="agreeing"),
    path(f"{CONSENSUS}/<str:code>/agree/", consensus.agree, name="agree"),
    path(f"{OFFERS}/", offers.show, name="offers"),
    path(f"{OFFERS}/ask/", offers.ask, name="ask_offers"),
    path(f"{OFFERS}/<uuid:offer_id>/confirm/", offers.confirm, name="confirm_offers"),
    path(f"{OFFERS}/<uuid:offer_id>/drop/", offers.drop, name="drop_offers"),
    path(f"{OFFERS}/<uuid:offer_id>/open/", offers.open_all, name="open_offers"),
    path(f"{SHORTLIST}/", shortlists.show, name="shortlist"),
    path(f"{SHORTLIST}/propose/", shortlists.propose, name="propose_shortlist"),
    path(f"{SHORTLIST}/tender/", shortlists.start_tender, name="start_tender"),
    path(f"{SHORTLIST}/<uuid:shortlist_id>/confirm/", shortlists.confirm, name="confirm_shortlist"),
    path(f"{SHORTLIST}/<uuid:shortlist_id>/drop/", shortlists.drop, name="drop_shortlist"),
    path(f"{CASE}/ranking/", ranking.show, name="ranking"),
    path(f"{CASE}/ranking/criteria/", ranking.criteria, name="criteria"),
    path(f"{CASE}/ranking/freeze/", ranking.freeze, name="freeze"),
    path(f"{CASE}/ranking/record.json", ranking.record, name="record"),
]
