"""The letter on a result as a signed PDF: made by a worker, for the vendor alone."""

from typing import NamedTuple

from django.db import transaction

from apps.bids.models import Result
from apps.bids.services.telling import promise_paper
from apps.core import audit, clock, files, jobs, tenancy
from apps.core.access import authorise
from apps.core.models import Job
from apps.reports.models import LetterPaper
from apps.reports.selectors import letter_papers as papers
from apps.reports.services import papers as shared
from apps.reports.services import producing
from apps.reports.services.downloading import Download
from apps.reports.services.requesting import new_reference
from apps.workspace.models import User


class Read(NamedTuple):
    """What a worker read in one transaction: the result, and what its paper is made from."""

    result: Result
    work: producing.Work


def produce(job: Job) -> jobs.Commit:
    """Freeze, render and sign; return the effects for the job's own commit. Made already: none."""
    found = _read(job)
    if found is None:
        return lambda: None
    made = producing.make(job, found.work)
    return lambda: _settle(found, made)


def _read(job: Job) -> Read | None:
    with tenancy.acting_as(organisation=job.organisation_id):
        result = Result.objects.select_related(
            *("bid__round__rfp__procurement", "bid__organisation", "bid__vendor", "lot")
        ).get(pk=job.subject_id)
        if papers.paper_of(result) is not None:
            return None
        reference, at = new_reference(), clock.now()
        content = papers.payload(result, reference, at)
        return Read(result, shared.work_of(papers.TEMPLATE, content, reference, at))


def _settle(found: Read, made: producing.Produced) -> None:
    """Write the letter into the register, and into the vendor's record."""
    result, work = found
    if papers.paper_of(result) is not None:
        return
    paper = shared.register(
        LetterPaper,
        work,
        made,
        organisation_id=result.organisation_id,
        vendor_id=result.vendor_id,
        result=result,
    )
    audit.record(
        action="letter.sign",
        actor=None,
        subject=paper,
        payload={
            "digest": paper.digest,
            "reference": paper.reference,
            "result": str(result.pk),
            "signed_sha256": paper.signed_sha256,
        },
    )


def download(*, result: Result, actor: User) -> Download | None:
    """Return the signed PDF exactly as it was signed; None while there is none."""
    authorise(actor, "bids.view", result)
    paper = papers.paper_of(result)
    if paper is None:
        return None
    return Download(files.clean_name(f"letter-{paper.reference}.pdf"), shared.content_of(paper))


@transaction.atomic
def ask_again(*, result: Result, actor: User) -> None:
    """Promise the PDF again where making it failed; one that is there or promised stays."""
    authorise(actor, "bids.view", result)
    if papers.paper_of(result) is None:
        promise_paper(result)
