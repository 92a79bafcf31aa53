from django.urls import path

from apps.bids.views import (
    addenda,
    clarifications,
    data,
    invitations,
    opening,
    pasting,
    portal,
    questions,
    stages,
    submitting,
    team,
    undertakings,
    vendors,
)

app_name = "bids"

BUYER = "p/<uuid:procurement_id>"
BID = "bids/<uuid:bid_id>"
STAGE = f"{BUYER}/stages/<uuid:stage_id>"
ASKED = f"{BUYER}/questions/<uuid:clarification_id>"
ANSWER = f"{BID}/answers/<uuid:question_id>"

urlpatterns = [
    # The holder of a link
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("invitation/<str:token>/decide/", invitations.decide, name="decide"),
    path("invitation/<str:token>/decline/", invitations.decline_by_link, name="decline_by_link"),
    # The vendor
    path("bids/", portal.mine, name="mine"),
    path(f"{BID}/", portal.tasks, name="portal"),
    path(f"{BID}/about/", portal.about, name="about"),
    path(f"{BID}/undertakings/", undertakings.undertakings, name="undertakings"),
    path(f"{BID}/undertakings/<uuid:undertaking_id>/", undertakings.agree, name="agree"),
    path(f"{BID}/team/", team.team, name="team"),
    path(f"{BID}/team/invite/", team.invite_colleague, name="invite_colleague"),
    path(f"{BID}/team/sections/", team.delegate, name="delegate"),
    path(f"{BID}/team/price/", team.price_readers, name="price_readers"),
    path(f"{BID}/team/sign-offs/", team.sign_offs, name="sign_offs"),
    path(f"{BID}/decline/", team.decline, name="decline"),
    path(f"{BID}/sections/<str:code>/", portal.section, name="section"),
    path(f"{BID}/sections/<str:code>/here/", portal.here, name="here"),
    path(f"{ANSWER}/", portal.answer, name="answer"),
    path(f"{ANSWER}/history/", portal.history, name="history"),
    path(f"{ANSWER}/paste/", pasting.paste, name="paste"),
    path(f"{ANSWER}/comments/", team.comments, name="comments"),
    path(f"{ANSWER}/restore/", portal.restore, name="restore"),
    path(f"{ANSWER}/files/", portal.attach, name="attach"),
    path(f"{BID}/files/<uuid:attachment_id>/", portal.file, name="file"),
    path(f"{BID}/files/<uuid:attachment_id>/remove/", portal.remove, name="remove"),
    path(f"{BID}/price/", portal.price, name="price"),
    path(f"{BID}/check/", submitting.check, name="check"),
    path(f"{BID}/sign-off/", submitting.sign_off, name="sign_off"),
    path(f"{BID}/submit/", submitting.submit, name="submit"),
    path(f"{BID}/receipt/", submitting.receipt, name="receipt"),
    path(f"{BID}/receipt.json", submitting.receipt_file, name="receipt_file"),
    path(f"{BID}/receipts/<uuid:submission_id>/", submitting.receipt, name="receipt_of"),
    path(
        f"{BID}/receipts/<uuid:submission_id>.json",
        submitting.receipt_file,
        name="receipt_file_of",
    ),
    path(f"{BID}/change/", submitting.change, name="change"),
    path(f"{BID}/reopen/", submitting.reopen, name="reopen"),
    path(f"{BID}/withdraw/", submitting.withdraw, name="withdraw"),
    path(f"{BID}/questions/", questions.questions, name="questions"),
    path(f"{BID}/questions/ask/", questions.ask, name="ask"),
    path(f"{BID}/questions/read/", questions.mark_read, name="mark_read"),
    path(f"{BID}/changes/", addenda.notices, name="notices"),
    path(f"{BID}/changes/<uuid:addendum_id>/", addenda.acknowledge, name="acknowledge"),
    path(f"{BID}/changes/<uuid:addendum_id>/confirm/", addenda.confirm, name="confirm"),
    path(f"{BID}/data/", data.data, name="data"),
    path(f"{BID}/data/<uuid:file_id>/", data.file, name="data_file"),
    # The buyer
    path(f"{BUYER}/vendors/addenda/", addenda.readers, name="readers"),
    path(f"{BUYER}/questions/", clarifications.clarifications, name="clarifications"),
    path(f"{ASKED}/", clarifications.clarification, name="clarification"),
    path(f"{ASKED}/answer/", clarifications.answer, name="answer_all"),
    path(f"{ASKED}/refuse/", clarifications.refuse, name="refuse"),
    path(f"{ASKED}/hold-back/", clarifications.hold_back, name="hold_back"),
    path(f"{ASKED}/release/", clarifications.release, name="release"),
    path(f"{BUYER}/vendors/", vendors.vendors, name="vendors"),
    path(f"{BUYER}/vendors/invite/", vendors.invite, name="invite"),
    path(f"{BUYER}/vendors/<uuid:invitation_id>/renew/", vendors.renew, name="renew"),
    path(f"{BUYER}/stages/", stages.stages, name="stages"),
    path(f"{BUYER}/stages/plan/", stages.plan, name="plan_stage"),
    path(f"{STAGE}/", stages.stage, name="stage"),
    path(f"{STAGE}/score/", stages.score, name="score_stage"),
    path(f"{STAGE}/close/", stages.close, name="close_stage"),
    path(f"{BUYER}/opening/", opening.opening, name="opening"),
    path(f"{BUYER}/opening/quality/", opening.open_quality, name="open_quality"),
    path(f"{BUYER}/opening/prices/", opening.open_prices, name="open_prices"),
    path(f"{BUYER}/bids/answers.xlsx", opening.answers_workbook, name="answers_workbook"),
    path(f"{BUYER}/bids/<uuid:bid_id>/", opening.opened_bid, name="opened_bid"),
    path(
        f"{BUYER}/bids/<uuid:bid_id>/files/<str:sha256>/",
        opening.opened_file,
        name="opened_file",
    ),
]
