"""Every address of a tender and of a bid, what may be posted there, and all that is answered."""

import io
import uuid
import zipfile

from django.urls import reverse

from apps.bids.models import (
    Assumption,
    Evidence,
    EvidenceUpload,
    LibraryEntry,
    LibraryImport,
)
from apps.core import tenancy
from apps.workspace.models import Membership
from apps.workspace.states import MemberRole

PANEL = (
    "lead",
    "evaluator",
    "evaluator2",
    "moderator",
    "opener",
    "approver",
    "executive",
    "auditor",
)


def buyer_urls(buyer, bid):
    case, digest = buyer.procurement.pk, "0" * 64
    names = (
        *("bids:vendors", "bids:opening", "workspace:procurement", "workspace:record"),
        *("bids:answers_workbook", "rfp:workbook", "rfp:questionnaire-file"),
        *("bids:clarifications", "bids:readers", "bids:stages", "rfp:addenda", "rfp:pack"),
        *("bids:groups", "matrix:offers", "decision:scenarios", "matrix:vendor_questions"),
    )
    return [
        *(reverse(name, args=[case]) for name in names),
        reverse("bids:opened_bid", args=[case, bid.pk]),
        reverse("bids:opened_file", args=[case, bid.pk, digest]),
        f"/api/v1/procurements/{case}/invitations/",
        f"/api/v1/procurements/{case}/opening/",
        f"/api/v1/procurements/{case}/opening/workbook/",
        "/api/v1/bids/",
        f"/api/v1/bids/{bid.pk}/",
        "/",
    ]


def vendor_urls(bid):
    plain = (
        *("portal", "about", "team", "price", "check", "receipt", "receipt_file", "change"),
        *("questions", "put_to_us", "notices", "data", "undertakings", "start_again"),
        *("library", "evidence", "assumptions", "passport"),
    )
    with tenancy.acting_as(organisation=bid.vendor_id):
        question = bid.answers.first().question_id
        table = bid.answers.get(question__code="1.05").question_id
        attachment = bid.attachments.first().pk
    kept = kept_by(bid)
    return [
        *(
            reverse(f"bids:{name}", args=[bid.pk, kept[what]])
            for name, what in (
                *(("one_evidence", "evidence"), ("evidence_file", "evidence")),
                *(("library_entry", "entry"), ("library_import", "import")),
                ("upload_piece", "upload"),
                ("assumption", "assumption"),
            )
        ),
        reverse("bids:suggestions", args=[bid.pk, question]),
        *(reverse(f"bids:{name}", args=[bid.pk]) for name in plain),
        reverse("bids:section", args=[bid.pk, "1"]),
        reverse("bids:history", args=[bid.pk, question]),
        reverse("bids:comments", args=[bid.pk, question]),
        reverse("bids:paste", args=[bid.pk, table]),
        reverse("bids:file", args=[bid.pk, attachment]),
    ]


def kept_by(bid):
    """What a vendor keeps, one of each kind; a random name where it has none."""
    models = {
        "assumption": Assumption,
        "evidence": Evidence,
        "entry": LibraryEntry,
        "import": LibraryImport,
        "upload": EvidenceUpload,
    }
    with tenancy.acting_as(organisation=bid.vendor_id):
        owner = Membership.objects.get(organisation_id=bid.vendor_id, role=MemberRole.OWNER)
    with tenancy.acting_as(organisation=bid.vendor_id, person=owner.user_id):
        return {
            name: model.objects.values_list("pk", flat=True).first() or uuid.uuid4()
            for name, model in models.items()
        }


def vendor_posts(bid):
    with tenancy.acting_as(organisation=bid.vendor_id):
        question = bid.answers.first().question_id
        attachment = bid.attachments.first().pk
    kept = kept_by(bid)
    return [
        *(
            reverse(f"bids:{name}", args=[bid.pk, kept[what]])
            for name, what in (
                *(("describe_evidence", "evidence"), ("attach_evidence", "evidence")),
                *(("drop_evidence", "evidence"), ("remove_entry", "entry")),
                *(("give_up_library", "import"), ("remove_assumption", "assumption")),
                *(("take_passport", "import"), ("library_import", "import")),
                *(("complete_upload", "upload"), ("give_up_upload", "upload")),
            )
        ),
        *(
            reverse(f"bids:{name}", args=[bid.pk])
            for name in (
                *("add_evidence", "start_upload", "bring_library", "paste_library"),
                *("add_assumption", "mark_confidential", "export_passport", "bring_passport"),
                "unpin_key",
            )
        ),
        reverse("bids:unmark_confidential", args=[bid.pk, question]),
        reverse("bids:section", args=[bid.pk, "1"]),
        reverse("bids:here", args=[bid.pk, "1"]),
        reverse("bids:comments", args=[bid.pk, question]),
        reverse("bids:paste", args=[bid.pk, question]),
        reverse("bids:agree", args=[bid.pk, question]),
        reverse("bids:answer", args=[bid.pk, question]),
        reverse("bids:restore", args=[bid.pk, question]),
        reverse("bids:attach", args=[bid.pk, question]),
        reverse("bids:remove", args=[bid.pk, attachment]),
        *(
            reverse(f"bids:{name}", args=[bid.pk])
            for name in (
                *("price", "save_price", "submit", "reopen", "withdraw", "decline"),
                *(
                    "invite_colleague",
                    "ask",
                    "mark_read",
                    "sign_off",
                    "final_offer",
                    "save_final_offer",
                    "submit_final_offer",
                    "withdraw_final_offer",
                ),
                *("delegate", "price_readers", "sign_offs"),
                *("unlock", "start_again", "start_offer_again"),
            )
        ),
        f"/api/v1/bids/{bid.pk}/submit/",
        f"/api/v1/bids/{bid.pk}/withdraw/",
    ]


def answers(client, urls):
    """Every answer as text, with its headers: refusals, titles and file names included."""
    for url in urls:
        answer = client.get(url)
        head = " ".join(f"{name}: {value}" for name, value in answer.headers.items())
        yield url, answer.status_code, head + said_by(answer)


def said_by(answer) -> str:
    """What an answer says; of a workbook, what its parts say."""
    if not answer.content.startswith(b"PK"):
        return answer.content.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        parts = [package.read(name) for name in package.namelist()]
    return b"\n".join(parts).decode(errors="replace")
