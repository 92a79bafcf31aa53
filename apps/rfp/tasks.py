"""What happens to an RFP without anybody asking: a file that was brought and left is forgotten."""

from apps.core import jobs, tenancy
from apps.core.models import Job
from apps.rfp.models import Upload
from apps.rfp.services import uploads


@jobs.handler(uploads.FORGET)
def forget_upload(job: Job) -> jobs.Commit:
    with tenancy.acting_as(person=job.actor_id, organisation=job.organisation_id):
        held = Upload.objects.filter(pk=job.subject_id).first()
    return lambda: uploads.expire(held) if held else None
