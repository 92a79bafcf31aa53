"""What happens to an RFP without anybody asking: a file left is forgotten, openers are reminded."""

from apps.core import jobs, tenancy
from apps.core.models import Job
from apps.rfp.models import Rfp, Upload
from apps.rfp.services import rehearsing, uploads


@jobs.handler(uploads.FORGET)
def forget_upload(job: Job) -> jobs.Commit:
    with tenancy.acting_as(person=job.actor_id, organisation=job.organisation_id):
        held = Upload.objects.filter(pk=job.subject_id).first()
    return lambda: uploads.expire(held) if held else None


@jobs.handler(rehearsing.REHEARSE)
def remind_openers(job: Job) -> jobs.Commit:
    with tenancy.acting_as(person=job.actor_id, organisation=job.organisation_id):
        rfp = Rfp.objects.select_related("procurement", "round").get(pk=job.subject_id)
    return lambda: rehearsing.remind(rfp)
