"""What was fixed before any bid came in, and every change since: cited from the record."""

from django.utils.translation import gettext as _

from apps.bids.models import GroupRelease
from apps.bids.selectors.groups import releases_in
from apps.core.models import AuditEvent
from apps.core.templatetags import formats
from apps.matrix.models import Reopening
from apps.matrix.selectors.counting import substitutions_in
from apps.matrix.selectors.leavers import Replaced, replaced_in
from apps.matrix.selectors.reopenings import reopenings_of
from apps.matrix.selectors.rounds import latest_round
from apps.matrix.states import ReopeningState
from apps.rfp.models import Rfp, Version
from apps.rfp.selectors import published_opening
from apps.workspace.selectors import panel_meetings

FIRST = 1


def commitments(rfp: Rfp) -> list[dict[str, str]]:
    """Return a row per published version: when, under which digest, and which entry says so.

    The digest covers criteria, weights, rubrics, price formula and method; whoever holds the
    published content and an export of the record can check both.
    """
    return [
        {"label": _label(version), "value": _value(version)}
        for version in Version.objects.filter(rfp=rfp).order_by("number")
    ]


def opening_of(rfp: Rfp) -> list[dict[str, str]]:
    """Return the row that says how many persons opened the bids; k = 1 is the warning itself."""
    said = published_opening(rfp.pk)
    return [{"label": _("Opening of the bids"), "value": said}] if said else []


def roles_of(rfp: Rfp) -> list[dict[str, str]]:
    """Return a row per person in whom roles meet that should not, with the reason given for it."""
    return [
        {
            "label": _("Roles that met in one person"),
            "value": f"{one.sentence} {one.reason or _('The preset of this tender allows it.')}",
        }
        for one in panel_meetings(rfp.procurement)
    ]


def course_of(rfp: Rfp) -> list[dict[str, str]]:
    """Return a row per group that was released, evaluator who left and request to re-open scores."""
    newest = latest_round(rfp.procurement)
    gone = replaced_in(substitutions_in(newest)) if newest else []
    return [
        *(
            {"label": _("A group of the panel was released"), "value": _released(one)}
            for one in releases_in(rfp.procurement)
        ),
        *({"label": _("An evaluator left"), "value": _replaced(one)} for one in gone),
        *(
            {"label": _("Locked scores re-opened"), "value": _reopened(one)}
            for one in reopenings_of(rfp.procurement)
        ),
    ]


def _released(one: GroupRelease) -> str:
    read = sorted((row.section for row in one.group.sections.all()), key=lambda part: part.position)
    return _("{group}, sections {codes}: by {name} on {at}. {note}").format(
        group=one.group.name,
        codes=", ".join(section.code for section in read),
        name=one.released_by.name,
        at=formats.long_date(one.released_at),
        note=one.note,
    )


def _replaced(one: Replaced) -> str:
    said = [_("{name}.").format(name=one.user.name)]
    if one.counted:
        codes = ", ".join(section.code for section in one.counted)
        said.append(_("Scores count in sections {codes}.").format(codes=codes))
    if one.left_out:
        codes = ", ".join(section.code for section in one.left_out)
        said.append(_("Scores left out in sections {codes}.").format(codes=codes))
    if one.substitute:
        said.append(_("{name} scored those anew.").format(name=one.substitute.name))
    said.append(one.reason)
    return " ".join([*said, _("Decided by {name}.").format(name=one.decided_by.name)])


def _reopened(one: Reopening) -> str:
    asked = _("Round {number}: asked by {name}. {reason}").format(
        number=one.scoring_round.number, name=one.requested_by.name, reason=one.reason
    )
    if one.decided_by is None or one.decided_at is None:
        return f"{asked} {_('Not decided.')}"
    who = {"name": one.decided_by.name, "at": formats.long_date(one.decided_at)}
    if one.state == ReopeningState.DROPPED:
        said = _("Not granted by {name} on {at}. {answer}").format(**who, answer=one.answer)
        return f"{asked} {said}".strip()
    known = (
        _("Prices had been opened, and the scores were agreed anew with them known.")
        if one.prices_known
        else _("No price had been opened.")
    )
    return f"{asked} {_('Confirmed by {name} on {at}.').format(**who)} {known}"


def _label(version: Version) -> str:
    if version.number == FIRST:
        return _("Rules fixed at publication")
    return _("Changed by version {number}").format(number=version.number)


def _value(version: Version) -> str:
    digest, at = version.digest, formats.long_date(version.published_at)
    place = _place_of(version)
    if place is None:
        return _("{at}, SHA-256 {digest}").format(at=at, digest=digest)
    return _("{at}, SHA-256 {digest}, entry {number} of the record").format(
        at=at, digest=digest, number=place + 1
    )


def _place_of(version: Version) -> int | None:
    """Return the place in the log of the entry that names this version's digest, once it has one."""
    said = AuditEvent.objects.filter(
        action="rfp.publish" if version.number == FIRST else "addendum.publish",
        procurement_id=version.rfp.procurement_id,
        payload__contains=f'"{version.digest}"',
        leaf__isnull=False,
    )
    event = said.select_related("leaf").order_by("seq").first()
    return event.leaf.place if event else None
