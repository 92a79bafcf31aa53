"""Templates: questionnaires that an organisation keeps to start from."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.core import audit
from apps.core.access import authorise
from apps.core.errors import Incomplete, WrongState
from apps.rfp.models import Rfp, Template
from apps.rfp.selectors.workbook import form_of
from apps.rfp.services.drafting import plain_data, refuse, text_of
from apps.rfp.workbooks.form import Form, digest_of, to_file
from apps.workspace.models import Procurement, User

NAME, NOTE = 120, 500


def _named(name: str, note: str) -> dict[str, str]:
    return {
        "name": text_of(name, "name", NAME, needed=_("Give the template a name.")),
        "note": text_of(note, "note", NOTE),
    }


def _taken(name: str) -> Incomplete:
    sentence = _("There is a template called “{name}” already. Choose another name.")
    return refuse("name", sentence.format(name=name))


def _record(template: Template, act: str, actor: User, **details: Any) -> None:
    audit.record(
        action=f"template.{act}",
        actor=actor,
        subject=template,
        procurement_id=None,
        payload=plain_data({"name": template.name, **details}),
    )


@transaction.atomic
def save_template(*, rfp: Rfp, name: str, note: str = "", actor: User) -> Template:
    """Keep what an RFP asks as a template of the organisation; the RFP stays as it is.

    What is the procurement's own (title, reference, dates, facts, introduction) is left behind.
    """
    authorise(actor, "rfp.author", rfp)
    given = _named(name, note)
    form = form_of(rfp)
    if not form.codes:
        raise WrongState(_("There is no question to keep yet. Add some first."))
    head = {"slug": rfp.questionnaire, "title": given["name"], "packs": list(rfp.packs)}
    kept = Form(head=head, parts=form.parts, lots=form.lots)
    try:
        with transaction.atomic():
            template = Template.objects.create(
                organisation_id=rfp.organisation_id,
                questionnaire=rfp.questionnaire,
                content=to_file(kept),
                saved_by=actor,
                **given,
            )
    except IntegrityError:
        raise _taken(given["name"]) from None
    _record(template, "save", actor, rfp=rfp.pk, content=digest_of(kept))
    return template


@transaction.atomic
def rename_template(
    *, procurement: Procurement, template: Template, name: str, note: str = "", actor: User
) -> Template:
    """Change a template's name and note; its questions stay as they were saved.

    Templates are the organisation's: whoever leads one of its procurements keeps them in order.
    """
    authorise(actor, "rfp.author", procurement)
    given, before = _named(name, note), template.name
    template.name, template.note = given["name"], given["note"]
    try:
        with transaction.atomic():
            template.save(update_fields=["name", "note"])
    except IntegrityError:
        raise _taken(given["name"]) from None
    _record(template, "rename", actor, before=before)
    return template


@transaction.atomic
def delete_template(*, procurement: Procurement, template: Template, actor: User) -> None:
    """Delete a template. RFPs that began with it keep their questions."""
    authorise(actor, "rfp.author", procurement)
    _record(template, "delete", actor)
    template.delete()
