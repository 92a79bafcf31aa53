"""What happens without anybody asking: what was begun and left is forgotten, and keys whose time is over."""

from apps.bids.models import EvidenceUpload, LibraryImport
from apps.bids.services import bringing, ceremony, evidence, keeping, uploading
from apps.core import jobs, tenancy
from apps.core.models import Job


@jobs.handler(uploading.FORGET)
def forget_upload(job: Job) -> jobs.Commit:
    with tenancy.acting_as(person=job.actor_id, organisation=job.organisation_id):
        held = EvidenceUpload.objects.filter(pk=job.subject_id).first()
    return lambda: uploading.expire(held) if held else None


@jobs.handler(bringing.FORGET)
def forget_import(job: Job) -> jobs.Commit:
    with tenancy.acting_as(person=job.actor_id, organisation=job.organisation_id):
        held = LibraryImport.objects.filter(pk=job.subject_id).first()
    return lambda: bringing.forget(held) if held else None


@jobs.handler(evidence.FORGET)
def forget_evidence(job: Job) -> jobs.Commit:
    """Destroy the key of a file that left the store, in case that did not happen at once."""
    return lambda: evidence.forget(job.subject_id)


@jobs.handler(ceremony.END)
def end_ceremony(job: Job) -> jobs.Commit:
    return lambda: ceremony.expire(job.subject_id)


@jobs.handler(keeping.FORGET)
def forget_key(job: Job) -> jobs.Commit:
    """Destroy the key of a submitted bid, in case that did not happen at once."""
    return lambda: keeping.forget(job.subject_id)
