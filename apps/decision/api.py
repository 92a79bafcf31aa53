"""The decision by API: the walk, statements, proposal, approval."""

import uuid
from typing import Any

from django.urls import path
from rest_framework import serializers, status
from rest_framework.response import Response

from apps.core.access import authorise
from apps.core.api import Endpoint, Input
from apps.decision import selectors, services
from apps.decision.models import Decision
from apps.decision.selectors import schedule as schedules
from apps.rfp.models import Lot
from apps.rfp.selectors import lots_in, named
from apps.workspace.models import Procurement
from apps.workspace.selectors import procurement_for
from apps.workspace.types import Call


class StatementInput(Input):
    fact = serializers.CharField(max_length=60)
    value = serializers.CharField(max_length=40)
    evidence = serializers.CharField(max_length=8000)


class ProposalInput(Input):
    outcome = serializers.CharField(max_length=60)
    rationale = serializers.CharField(max_length=8000)
    winner = serializers.UUIDField(required=False, allow_null=True)
    backup = serializers.UUIDField(required=False, allow_null=True)
    conditions = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class ContractInput(Input):
    """`schedule` takes offered rows, by their key, each with value, due and reports."""

    signed_on = serializers.DateField()
    schedule = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=300)),
        required=False,
    )


class ReasonInput(Input):
    reason = serializers.CharField(max_length=8000)


class Nothing(Input):
    """An act without input: whatever is sent is refused."""


def _lot(request: Call, procurement: Procurement) -> Lot | None:
    """Return the lot that `?lot=` names; it has to where the tender has lots."""
    return named(lots_in(procurement), request.GET.get("lot", ""))


class Walk(Endpoint):
    """The walk with the evidence as it stands: calculated, not kept."""

    permissions = {"get": "decision.view"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "decision.view", procurement)
        lot = _lot(request, procurement)
        return Response(selectors.walk_for(request.user, procurement, lot=lot).to_plain())


class Statements(Endpoint):
    permissions = {"post": "decision.state"}

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        row = services.state(
            procurement=procurement,
            lot=_lot(request, procurement),
            actor=request.user,
            **StatementInput(data=request.data).checked(),
        )
        body = {"fact": row.fact, "value": row.value, "number": row.number}
        return Response(body, status=status.HTTP_201_CREATED)


class Decisions(Endpoint):
    permissions = {"get": "decision.view", "post": "decision.propose"}

    def get(self, request: Call, procurement_id: uuid.UUID) -> Response:
        """Return the newest decision; `record` is text whose UTF-8 bytes have the digest."""
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        authorise(request.user, "decision.view", procurement)
        lot = _lot(request, procurement)
        found = selectors.latest_for(request.user, procurement_id=procurement_id, lot=lot)
        return Response(_decision(found))

    def post(self, request: Call, procurement_id: uuid.UUID) -> Response:
        procurement = procurement_for(request.user, procurement_id=procurement_id)
        given = ProposalInput(data=request.data).checked()
        decision = services.propose(
            procurement=procurement,
            lot=_lot(request, procurement),
            outcome=given.pop("outcome"),
            rationale=given.pop("rationale"),
            terms=services.Terms(**given),
            actor=request.user,
        )
        return Response(_decision(decision), status=status.HTTP_201_CREATED)


class Approval(Endpoint):
    permissions = {"post": "decision.judge"}

    def post(self, request: Call, procurement_id: uuid.UUID, decision_id: uuid.UUID) -> Response:
        decision = selectors.decision_for(
            request.user, procurement_id=procurement_id, decision_id=decision_id
        )
        Nothing(data=request.data or {}).checked()
        services.approve(decision=decision, actor=request.user)
        return Response(_decision(decision))


class SendBack(Endpoint):
    permissions = {"post": "decision.judge"}

    def post(self, request: Call, procurement_id: uuid.UUID, decision_id: uuid.UUID) -> Response:
        decision = selectors.decision_for(
            request.user, procurement_id=procurement_id, decision_id=decision_id
        )
        given = ReasonInput(data=request.data).checked()
        services.send_back(decision=decision, actor=request.user, **given)
        return Response(_decision(decision))


class Contracts(Endpoint):
    permissions = {"post": "decision.record_contract"}

    def post(self, request: Call, procurement_id: uuid.UUID, decision_id: uuid.UUID) -> Response:
        """Record that the contract of an award was signed; 409 before its standstill has ended."""
        decision = selectors.decision_for(
            request.user, procurement_id=procurement_id, decision_id=decision_id
        )
        given = ContractInput(data=request.data).checked()
        made = services.record_contract(decision=decision, actor=request.user, **given)
        return Response({"signed_on": made.signed_on}, status=status.HTTP_201_CREATED)


class Schedules(Endpoint):
    permissions = {"get": "decision.view"}

    def get(self, request: Call, procurement_id: uuid.UUID, decision_id: uuid.UUID) -> Response:
        """Return the schedule of a contract; `record` is text whose UTF-8 bytes have the digest.

        Before the contract is recorded: what would stand, and under `offered` what may be taken.
        """
        decision = schedules.awarded_for(
            request.user, procurement_id=procurement_id, decision_id=decision_id
        )
        authorise(request.user, "decision.view", decision)
        frozen = schedules.frozen_schedule(decision)
        if frozen is not None:
            return Response({"digest": frozen.digest, "record": frozen.record})
        shown = schedules.schedule_page(request.user, decision)
        return Response(
            {
                "digest": None,
                "rows": [{"key": one.key, **one.content()} for one in shown.standing],
                "offered": [{"key": one.key, **one.content()} for one in shown.offered],
            }
        )


class Awards(Endpoint):
    permissions = {"get": "decision.view"}

    def get(self, request: Call, procurement_id: uuid.UUID, decision_id: uuid.UUID) -> Response:
        """Return the award of a decision; `record` is text whose UTF-8 bytes have the digest."""
        decision = selectors.decision_for(
            request.user, procurement_id=procurement_id, decision_id=decision_id
        )
        authorise(request.user, "decision.view", decision)
        award, shown = selectors.award_for(decision), selectors.award_shown(request.user, decision)
        return Response(
            {
                "winner": award.winner_id,
                "backup": award.backup_id,
                "conditions": award.conditions,
                "standstill_until": shown.until if shown else None,
                "digest": award.digest,
                "record": award.record,
            }
        )


def _decision(row: Decision) -> dict[str, Any]:
    return {
        "id": row.pk,
        **({"lot": row.lot.code} if row.lot else {}),
        "number": row.number,
        "state": row.state,
        "recommendation": row.recommendation,
        "outcome": row.outcome,
        "rationale": row.rationale,
        "proposed_by": row.proposed_by.name,
        "proposed_at": row.created_at,
        "approved_by": row.approved_by.name if row.approved_by else None,
        "approved_at": row.approved_at,
        "sent_back_by": row.sent_back_by.name if row.sent_back_by else None,
        "sent_back_at": row.sent_back_at,
        "sent_back_reason": row.sent_back_reason,
        "digest": row.digest,
        "record": row.record,
    }


CASE = "procurements/<uuid:procurement_id>"
urlpatterns = [
    path(f"{CASE}/walk/", Walk.as_view(), name="api-walk"),
    path(f"{CASE}/statements/", Statements.as_view(), name="api-statements"),
    path(f"{CASE}/decision/", Decisions.as_view(), name="api-decision"),
    path(f"{CASE}/decision/<uuid:decision_id>/approve/", Approval.as_view(), name="api-approve"),
    path(f"{CASE}/decision/<uuid:decision_id>/contract/", Contracts.as_view(), name="api-contract"),
    path(f"{CASE}/decision/<uuid:decision_id>/schedule/", Schedules.as_view(), name="api-schedule"),
    path(f"{CASE}/decision/<uuid:decision_id>/award/", Awards.as_view(), name="api-award"),
    path(
        f"{CASE}/decision/<uuid:decision_id>/send-back/", SendBack.as_view(), name="api-send-back"
    ),
]
