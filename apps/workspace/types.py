"""Small values the pages of every app share."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from apps.workspace.models import Organisation, User
from apps.workspace.states import WHY_APART, Pair, Role

# What every member of a panel agrees to before any bid; a declaration keeps it as it was shown.
CONFIDENTIALITY = _(
    "What I read in bids, scores, prices and reports of this procurement I use for this evaluation "
    "alone. I pass nothing of it to a vendor, nor to anybody who is not on this panel, before, during "
    "or after the evaluation, and I keep no copy outside this service. I report at once when I "
    "learn that somebody else has."
)


@dataclass(frozen=True)
class Todo:
    """One thing that needs a person now: what, why, where. `tone` is "", "warn", "seal" or "ok"."""

    title: str
    text: str
    url: str
    action: str
    icon: str = "check"
    tone: str = ""


@dataclass(frozen=True)
class Fact:
    """One figure of the overview: what it is, how it stands, and the page that shows more."""

    label: str
    value: str
    note: str
    url: str


@dataclass(frozen=True)
class Meeting:
    """Two roles that should not meet, in one person. `refused` by the preset; `reason` excepts it."""

    person: User
    pair: Pair
    refused: bool
    reason: str = ""

    @property
    def open(self) -> bool:
        return self.refused and not self.reason

    @property
    def sentence(self) -> str:
        first, second = (role.label for role in Role if role in self.pair)
        return _("{first} and {second} in one person, {name}. {why}").format(
            name=self.person.name, first=first, second=second, why=WHY_APART[self.pair]
        )


@dataclass(frozen=True)
class Stage:
    label: str
    note: str
    state: str  # done, now, todo


class Visit(HttpRequest):
    """A request of a signed-in person, as views behind `@page` receive it."""

    user: User
    organisation: Organisation | None
    arrival: dt.datetime


class Call(Request):
    """A request of a signed-in person to the API, as `ApiPermission` lets it through."""

    user: User
    _request: Visit


# What an action of the record is called on the page; the code stands beside it.
ACTS = {
    "assessment.answer": _("Answered a readiness question"),
    "assessment.begin": _("Began a readiness assessment"),
    "assessment.sign off": _("Signed the readiness assessment off"),
    "bids.export": _("Took the answers as a file"),
    "bids.invite": _("Invited a vendor"),
    "bids.plan_stage": _("Planned a stage"),
    "bids.score_stage": _("Scored a vendor in a stage"),
    "stage.close": _("Closed a stage"),
    "bids.agree_stage": _("Recorded what was agreed in a stage"),
    "bids.request_offers": _("Asked for best and final offers"),
    "bids.ask_offer_extension": _("Asked for a later closing time of final offers"),
    "bids.extend_offers": _("Extended the closing time of final offers"),
    "final_offers.confirm": _("Confirmed the request for final offers"),
    "final_offers.drop": _("Dropped the request for final offers"),
    "final_offers.open": _("Opened the final offers"),
    "bids.opened": _("Opened the envelopes"),
    "ceremony.turn": _("Turned a key of the opening"),
    "ceremony.open": _("Opened with enough keys"),
    "ceremony.end": _("Turned keys were forgotten: too few in time"),
    "rfp.collect_keys": _("Collected the codes of keys"),
    "rfp.prove_keys": _("Proved to have the codes"),
    "rfp.rehearse_keys": _("Typed the codes once more"),
    "refused.bids:open_quality": _("A turn of a key was refused"),
    "refused.bids:open_prices": _("A turn of a key was refused"),
    "refused.matrix:open_offers": _("A turn of a key was refused"),
    "refused.api-bids-opening": _("A turn of a key was refused"),
    "bids.record_evaluated": _("Recorded the evaluated prices"),
    "bids.renew_invitation": _("Sent an invitation again"),
    "decision.approve": _("Approved the decision"),
    "decision.propose": _("Proposed the decision"),
    "decision.record_contract": _("Recorded that the contract was signed"),
    "bids.rule": _("Ruled on an assumption of a bid"),
    "letter.sign": _("Signed the letter on a result"),
    "bids.publish_names": _("Showed the vendors that submitted each other's names"),
    "bids.tell_results": _("Told every vendor its own result"),
    "decision.send back": _("Sent the decision back"),
    "decision.state": _("Stated a fact"),
    "panel.appoint": _("Appointed to the panel"),
    "panel.declare": _("Declared interests and confidentiality"),
    "panel.name_conflict": _("Named a conflict with one vendor"),
    "panel.settle_conflict": _("Settled a named conflict; what depends on it was computed anew"),
    "group.arrange": _("Arranged a group of the panel"),
    "group.release": _("Released a group of the panel"),
    "group.remove": _("Removed a group of the panel"),
    "group.reseat": _("Changed the members of a group that waits"),
    "panel.except": _("Gave the reason why two roles meet in one person"),
    "panel.keep_apart": _("Said which roles must not meet in one person"),
    "panel.dismiss": _("Dismissed from the panel"),
    "pricing.adopt": _("Adopted the price comparison"),
    "pricing.assume": _("Set the assumptions"),
    "pricing.change": _("Entered what changing costs"),
    "procurement.close": _("Closed the procurement"),
    "procurement.decide": _("Procurement decided"),
    "procurement.evaluate price": _("Price evaluation begins"),
    "procurement.evaluate quality": _("Quality evaluation begins"),
    "procurement.evaluate quality again": _(
        "Quality is evaluated again: what followed the lock is shut"
    ),
    "procurement.open": _("Opened the procurement"),
    "procurement.take record": _("Took the record as a file"),
    "procurement.tender": _("Out to tender"),
    "ranking.freeze": _("Froze the ranking"),
    "report.download": _("Downloaded a report"),
    "report.fail": _("A report failed"),
    "report.request": _("Requested a report"),
    "report.retry": _("Requested a report again"),
    "report.sign": _("Signed a report"),
    "report.supersede": _("A report was superseded"),
    "addendum.discard": _("Discarded an addendum"),
    "addendum.publish": _("Published an addendum"),
    "bids.acknowledge": _("Acknowledged an addendum"),
    "clarification.answer": _("Answered a vendor's question to all"),
    "clarification.hold back": _("Held a vendor's question back"),
    "clarification.refuse": _("Refused to answer a vendor's question"),
    "clarification.release": _("Released a vendor's question"),
    "extension.confirm": _("Confirmed a later deadline"),
    "extension.drop": _("Dropped a later deadline"),
    "review.approve": _("Approved the RFP for publication"),
    "review.return": _("Returned the RFP to the lead"),
    "review.take back": _("Took a review request back"),
    "rfp.add_from_bank": _("Added questions from the bank"),
    "rfp.add_pack": _("Added a pack"),
    "rfp.ask_information": _("Made it a request for information"),
    "bids.propose_shortlist": _("Proposed the shortlist"),
    "shortlist.confirm": _("Confirmed the shortlist"),
    "shortlist.drop": _("Dropped the proposed shortlist"),
    "rfp.follow": _("Started the tender after a shortlist"),
    "procurement.choose shortlist": _("Choosing the shortlist begins"),
    "rfp.accept_finding": _("Accepted a finding of the linter"),
    "rfp.add_pack_file": _("Added a file to the data pack"),
    "rfp.drop_pack_file": _("Took a file out of the data pack"),
    "rfp.release_pack": _("Released a version of the data pack"),
    "rfp.ask_extension": _("Asked for a later deadline"),
    "rfp.ask_review": _("Sent the RFP for review"),
    "rfp.close": _("Closed the RFP"),
    "rfp.bring_file": _("Brought a questionnaire from a file"),
    "rfp.cancel": _("Cancelled the RFP"),
    "rfp.comment_review": _("Commented on the RFP under review"),
    "rfp.draft_addendum": _("Changed the draft of an addendum"),
    "rfp.export": _("Took the questionnaire as a file"),
    "rfp.extend": _("Extended the deadline"),
    "rfp.give_up_file": _("Gave up a file that was brought"),
    "rfp.import_workbook": _("Imported a questionnaire"),
    "rfp.publish": _("Published the RFP"),
    "rfp.rebalance": _("Rebalanced the weights"),
    "rfp.set_preset": _("Set the preset"),
    "rfp.set_terms": _("Set the terms"),
    "rfp.set_workload": _("Set the workload"),
    "rfp.start": _("Started the RFP from a questionnaire"),
    "rfp.undo": _("Undid the last change"),
    "rfp.weigh_sections": _("Weighed the sections"),
    "reopening.confirm": _("Confirmed that locked scores are agreed anew"),
    "reopening.drop": _("Dropped a request to re-open locked scores"),
    "calibration.write": _("Wrote a mock answer"),
    "calibration.remove": _("Removed a mock answer"),
    "calibration.start": _("Gave the mock bid to the panel"),
    "calibration.score": _("Scored the mock bid"),
    "calibration.show": _("Showed what the panel gave the mock bid"),
    "scoring.agree": _("Recorded a consensus"),
    "scoring.ask_reopening": _("Asked for locked scores to be agreed anew"),
    "scoring.assign": _("Assigned evaluators"),
    "scoring.begin": _("Began scoring"),
    "scoring.finish": _("Finished a section"),
    "scoring.lock": _("Locked the scores"),
    "scoring.open consensus": _("Opened the consensus"),
    "scoring.return to scoring": _("Went back to scoring"),
    "scoring.substitute": _(
        "Decided about an evaluator who left; what depends on it was computed anew"
    ),
    "scoring.score": _("Scored an answer"),
    "scoring.draft_question": _("Drafted a question to one vendor"),
    "scoring.send_question": _("Sent a question to one vendor"),
    "scoring.shelve_question": _("Set a question to one vendor aside"),
    "scoring.explained": _("A vendor explained its bid where it was asked"),
    "bids.explain": _("Explained the bid where the panel asked"),
}


@dataclass(frozen=True)
class Entry:
    """One entry of the record, for the page."""

    at: dt.datetime
    who: str
    act: str
    code: str
    change: str  # the state before and after, where the act moved one
    refused: bool
    fingerprint: str
    number: int | None  # its place in the log, from 1; None while it waits for one
