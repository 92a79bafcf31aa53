"""The receipt of a submission as a signed PDF: made by a worker, for the vendor alone."""

from typing import NamedTuple

from django.db import transaction

from apps.bids.models import Submission
from apps.bids.services.submitting import promise_paper
from apps.core import audit, clock, jobs, tenancy
from apps.core.access import authorise
from apps.core.models import Job
from apps.reports.models import ReceiptPaper
from apps.reports.selectors import receipt_papers as papers
from apps.reports.services import papers as shared
from apps.reports.services import producing
from apps.reports.services.downloading import Download
from apps.reports.services.requesting import new_reference
from apps.workspace.models import User


class Read(NamedTuple):
    """What a worker read in one transaction: the submission, and what its paper is made from."""

    submission: Submission
    work: producing.Work


def produce(job: Job) -> jobs.Commit:
    """Freeze, render and sign; return the effects for the job's own commit. Made already: none."""
    found = _read(job)
    if found is None:
        return lambda: None
    made = producing.make(job, found.work)
    return lambda: _settle(found, made, job)


def _read(job: Job) -> Read | None:
    """Freeze the content; the entry of the record gets its place now, if it has none yet."""
    with tenancy.acting_as(person=job.actor_id, organisation=job.organisation_id):
        submission = Submission.objects.select_related(
            *("bid__round__rfp__procurement", "bid__organisation", "bid__vendor", "submitted_by"),
            "offer_round",
        ).get(pk=job.subject_id)
        if papers.paper_of(submission) is not None:
            return None
        reference, at = new_reference(), clock.now()
        content, entry = papers.payload(submission, reference, at)
        return Read(submission, shared.work_of(papers.TEMPLATE, content, reference, at, (entry,)))


def _settle(found: Read, made: producing.Produced, job: Job) -> None:
    """Write the paper into the register, and into the vendor's record."""
    submission, work = found
    if papers.paper_of(submission) is not None:
        return
    paper = shared.register(
        ReceiptPaper,
        work,
        made,
        organisation_id=submission.organisation_id,
        vendor_id=submission.vendor_id,
        submission=submission,
    )
    audit.record(
        action="receipt.sign",
        actor=job.actor,
        subject=paper,
        payload={
            "digest": paper.digest,
            "reference": paper.reference,
            "signed_sha256": paper.signed_sha256,
            "submission": str(submission.pk),
        },
    )


def download(*, submission: Submission, actor: User) -> Download | None:
    """Return the signed PDF exactly as it was signed; None while there is none."""
    authorise(actor, "bids.view", submission)
    paper = papers.paper_of(submission)
    if paper is None:
        return None
    name = f"receipt-{papers.paper_page(submission).reference}.pdf"
    return Download(name, shared.content_of(paper))


@transaction.atomic
def ask_again(*, submission: Submission, actor: User) -> None:
    """Promise the PDF again where making it failed; one that is there or promised stays."""
    authorise(actor, "bids.view", submission)
    if papers.paper_of(submission) is None:
        promise_paper(submission, actor)
