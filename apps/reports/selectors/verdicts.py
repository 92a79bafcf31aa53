"""What a finding means and what to do about it, in words for a stranger."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.proof.verifier.log_checks import LEADS
from apps.proof.verifier.verdict import Answer, Outcome
from apps.reports.types import Finding

RECORD = ".record.json"


@dataclass(frozen=True)
class Words:
    """`tone` is ok, warn or bad; `steps` say what to do, first things first."""

    tone: str
    label: str
    heading: str
    text: str
    steps: tuple[str, ...]


def words_of(finding: Finding) -> Words:
    return {
        Finding.CURRENT: _current,
        Finding.SUPERSEDED: _superseded,
        Finding.UNREGISTERED: _unregistered,
        Finding.RESAVED: _resaved,
        Finding.ALTERED: _altered,
        Finding.FOREIGN: _foreign,
        Finding.UNSIGNED: _unsigned,
        Finding.UNREADABLE: _unreadable,
    }[finding]()


def _original() -> str:
    return _("Ask the sender for the original PDF: not a print, a scan or a copy saved again.")


def _suspicion() -> str:
    return _("If you think somebody changed it, keep this file and tell the issuer its SHA-256.")


def _current() -> Words:
    return Words(
        "ok",
        _("Authentic"),
        _("This report is genuine and has not been changed"),
        _("It is the version that stands. The file is, byte for byte, the one that was issued."),
        (),
    )


def _superseded() -> Words:
    return Words(
        "warn",
        _("Authentic, superseded"),
        _("This report is genuine, but it stands no more"),
        _(
            "The file is, byte for byte, the one that was issued. A newer version was issued since,"
            " or the scores in it were re-opened."
        ),
        (_("Ask the issuer for the version that stands."),),
    )


def _unregistered() -> Words:
    return Words(
        "bad",
        _("Not in the register"),
        _("This file is signed by us, but it is not a file we issued"),
        _("The signature is ours; the file is not, byte for byte, in the register of reports."),
        (_original(), _suspicion()),
    )


def _resaved() -> Words:
    return Words(
        "bad",
        _("Saved again"),
        _("Something was added to this file after it was signed"),
        _(
            "The signed part is unchanged, but more follows it. What you see may not be what we issued."
        ),
        (_original(), _suspicion()),
    )


def _altered() -> Words:
    return Words(
        "bad",
        _("Changed"),
        _("This file was changed after it was signed"),
        _("Do not rely on it: the signature does not fit the content."),
        (_original(), _suspicion()),
    )


def _foreign() -> Words:
    return Words(
        "bad",
        _("Not ours"),
        _("This file is signed, but not by us"),
        _("The certificate is none of those listed below, whatever name it bears."),
        (_("Ask whoever signed it how it can be verified."), _original()),
    )


def _unsigned() -> Words:
    return Words(
        "bad",
        _("Not signed"),
        _("This file carries no signature"),
        _("A print, a scan or a file saved by another program loses the signature."),
        (
            _original(),
            _("On paper, compare the digest with the one this site shows for its reference."),
        ),
    )


def _unreadable() -> Words:
    return Words(
        "bad",
        _("Not readable"),
        _("This file cannot be read as a PDF"),
        _("It may be damaged, incomplete, or a file of another kind."),
        (_("Choose the PDF itself, and download it again if it was cut off."), _original()),
    )


@dataclass(frozen=True)
class Recomputation:
    """What came of calculating the records again. `tone` is ok, warn or bad."""

    tone: str
    label: str
    text: str


def recomputation(answers: Sequence[Answer]) -> Recomputation:
    """Say whether the records inside a genuine report give the same figures again."""
    records = [answer for answer in answers if RECORD in answer.question]
    failed = [answer for answer in answers if answer.outcome is Outcome.FAILED]
    if failed:
        sentences = " ".join(answer.sentence for answer in failed)
        return Recomputation("bad", _("Recomputed: not everything agrees"), sentences)
    entries = [answer for answer in answers if answer.question == LEADS]
    if entries and not records:
        return _proved(answers)
    if answers and not records:
        return Recomputation(
            "ok",
            _("Nothing to recompute"),
            _(
                "It holds no record: it says what was told, and the digest above is of that content."
            ),
        )
    if not records or any(answer.outcome is Outcome.OPEN for answer in records):
        return Recomputation(
            "warn",
            _("Not recomputed here"),
            _("Run cceval-verify on your own machine to recompute the records inside the file."),
        )
    return Recomputation(
        "ok",
        _("Recomputed: every figure agrees"),
        _("The {count} records inside were calculated again and gave the same results.").format(
            count=len(records)
        )
        if len(records) > 1
        else _("The record inside was calculated again and gave the same results."),
    )


def _proved(answers: Sequence[Answer]) -> Recomputation:
    """Say what a receipt on paper proves: nothing in it is calculated, its entry is in the log."""
    if any(answer.outcome is Outcome.OPEN for answer in answers):
        return Recomputation(
            "warn",
            _("Its entry was not checked here"),
            _("Run cceval-verify with the public key of receipts on your own machine."),
        )
    return Recomputation(
        "ok",
        _("Its entry stands in the record"),
        _("The entry inside leads to a checkpoint that was signed with the key of receipts."),
    )
