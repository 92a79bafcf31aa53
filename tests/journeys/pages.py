"""Every page there is: the routes of the URLconf, filled with the demo's own objects."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.journeys.api import Answer, Caller
from tests.journeys.browser import Windows

STRANGER = ""
LEAD = "i.kovac@weirvalley.example"
BUYERS = (
    LEAD,
    "a.rahman@weirvalley.example",  # evaluator
    "s.marin@weirvalley.example",  # moderator
    "t.lindqvist@weirvalley.example",  # opener
    "p.hargreave@weirvalley.example",  # approver
    "s.whitlock@weirvalley.example",  # executive
    "a.ferreira@weirvalley.example",  # auditor
)
# Castellan has bid twice and was opened once; Velora's respondent has an unfinished draft too.
VENDORS = ("p.wrona@castellan.example", "o.pryce@velora.example", "h.sloane@velora.example")

# What an argument of a route stands for, within a procurement or a bid.
OF_PROCUREMENT = {
    "section_id": "SELECT s.id FROM rfp_section s JOIN rfp_rfp r ON r.id = s.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}' ORDER BY s.code",
    "question_id": "SELECT q.id FROM rfp_question q JOIN rfp_rfp r ON r.id = q.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}' ORDER BY q.code",
    "code": "SELECT q.code FROM rfp_question q JOIN rfp_rfp r ON r.id = q.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}' AND q.mode = 'manual' ORDER BY q.code",
    "bid_id": "SELECT b.id FROM bids_bid b JOIN rfp_round o ON o.id = b.round_id"
    " JOIN rfp_rfp r ON r.id = o.rfp_id WHERE r.procurement_id = '{procurement_id}'"
    " ORDER BY b.letter",
    "member_id": "SELECT id FROM workspace_panelmember WHERE procurement_id = '{procurement_id}'",
    "invitation_id": "SELECT i.id FROM bids_invitation i JOIN rfp_rfp r ON r.id = i.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "decision_id": "SELECT id FROM decision_decision WHERE procurement_id = '{procurement_id}'",
    "assessment_id": "SELECT id FROM readiness_assessment"
    " WHERE procurement_id = '{procurement_id}' ORDER BY created_at DESC",
    "review_id": "SELECT v.id FROM rfp_review v JOIN rfp_rfp r ON r.id = v.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "extension_id": "SELECT e.id FROM rfp_extension e JOIN rfp_rfp r ON r.id = e.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "addendum_id": "SELECT a.id FROM rfp_addendum a JOIN rfp_rfp r ON r.id = a.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "clarification_id": "SELECT c.id FROM bids_clarification c JOIN rfp_rfp r ON r.id = c.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "template_id": "SELECT id FROM rfp_template ORDER BY name",
    "lot_id": "SELECT l.id FROM rfp_lot l JOIN rfp_rfp r ON r.id = l.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "upload_id": "SELECT u.id FROM rfp_upload u JOIN rfp_rfp r ON r.id = u.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "asked_id": "SELECT q.id FROM bids_panelquestion q JOIN bids_bid b ON b.id = q.bid_id"
    " JOIN rfp_round o ON o.id = b.round_id JOIN rfp_rfp r ON r.id = o.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "group_id": "SELECT id FROM bids_panelgroup WHERE procurement_id = '{procurement_id}'",
    "stage_id": "SELECT s.id FROM bids_stage s JOIN rfp_rfp r ON r.id = s.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "offer_id": "SELECT o.id FROM bids_offerround o JOIN rfp_rfp r ON r.id = o.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "shortlist_id": "SELECT s.id FROM bids_shortlist s JOIN rfp_rfp r ON r.id = s.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "file_id": "SELECT f.id FROM rfp_packfile f JOIN rfp_rfp r ON r.id = f.rfp_id"
    " WHERE r.procurement_id = '{procurement_id}'",
    "conflict_id": "SELECT id FROM workspace_namedconflict"
    " WHERE procurement_id = '{procurement_id}'",
    "reopening_id": "SELECT r.id FROM matrix_reopening r JOIN matrix_scoringround o"
    " ON o.id = r.scoring_round_id WHERE o.procurement_id = '{procurement_id}'",
    "ranking_id": "SELECT id FROM matrix_ranking WHERE procurement_id = '{procurement_id}'",
    "report_id": "SELECT id FROM reports_report WHERE procurement_id = '{procurement_id}'",
    "letter": "SELECT 'A'",
    "sha256": "SELECT repeat('0', 64)",  # a download, never a page
}
OF_BID = {
    "code": "SELECT s.code FROM rfp_section s JOIN rfp_round o ON o.rfp_id = s.rfp_id"
    " JOIN bids_bid b ON b.round_id = o.id WHERE b.id = '{bid_id}' ORDER BY s.code",
    "question_id": "SELECT question_id FROM bids_answer WHERE bid_id = '{bid_id}' ORDER BY id",
    "sent_id": "SELECT id FROM bids_sentquestion WHERE bid_id = '{bid_id}'",
    "submission_id": "SELECT id FROM bids_submission WHERE bid_id = '{bid_id}'",
    "result_id": "SELECT id FROM bids_result WHERE bid_id = '{bid_id}'",
    "addendum_id": "SELECT a.id FROM rfp_addendum a JOIN rfp_round o ON o.rfp_id = a.rfp_id"
    " JOIN bids_bid b ON b.round_id = o.id WHERE b.id = '{bid_id}'",
    "undertaking_id": "SELECT u.id FROM rfp_undertaking u JOIN rfp_round o ON o.rfp_id = u.rfp_id"
    " JOIN bids_bid b ON b.round_id = o.id WHERE b.id = '{bid_id}'",
    "file_id": "SELECT f.id FROM rfp_packfile f JOIN rfp_round o ON o.rfp_id = f.rfp_id"
    " JOIN bids_bid b ON b.round_id = o.id WHERE b.id = '{bid_id}'",
    "attachment_id": "SELECT id FROM bids_attachment WHERE bid_id = '{bid_id}'",
    "assumption_id": "SELECT id FROM bids_assumption WHERE bid_id = '{bid_id}'",
    **{
        f"{name}_id": f"SELECT s.id FROM bids_{table} s JOIN bids_bid b ON"
        " b.vendor_id = s.organisation_id WHERE b.id = '{bid_id}'"
        for name, table in (
            *(("evidence", "evidence"), ("upload", "evidenceupload")),
            *(("entry", "libraryentry"), ("import", "libraryimport")),
        )
    },
}
OF_NOTHING = {
    "reference": "SELECT reference FROM reports_report ORDER BY requested_at",
    "fingerprint": "SELECT fingerprint FROM reports_signingcertificate",
}
# Routes of other packages whose argument is a secret of a mail or a device.
FOREIGN = ("allauth.", "drf_spectacular.", "django.")
MULTIPART = "multipart/form-data; boundary=cceval"
FILE = (
    b'--cceval\r\nContent-Disposition: form-data; name="file"; filename="Vendor questions.csv"\r\n\r\n'
    b"Vendor questionnaire;;;\nNo;Question;Answer type;Guidance\n1;Who owns your company?;Text;\n"
    b"2;Do you hold ISO 27001?;Yes/No;Attach the certificate.\n3;Show us a hologram.;Hologram;\n"
    b"\r\n--cceval--\r\n"
)
# What a vendor keeps: an answer of the library, one that waits to be saved, a row of its bid.
STORED = (
    ("paste_library", {"text": "Q: Who owns your company?\nA: Two founders and a pension fund."}),
    (
        "add_assumption",
        {
            "kind": "deviation",
            "place": "Clause 14.2",
            "wording": "Liability is capped at the fees of twelve months.",
            "reason": "Our insurer covers no more.",
            "amount": "1200",
            "unit": "month",
            "is_confidential": "on",
            "confidential": "Names our insurer's terms.",
        },
    ),
)
STRUCTURE = re.compile(r"<(?!/)[a-z0-9]+(?:[^>]*? class=\"[^\"]*\")?")


@dataclass(frozen=True)
class Place:
    """A page as one person sees it."""

    name: str
    path: str
    person: str  # an address; empty for somebody who has not signed in
    of: str  # which of the person's procurements or bids, by its number
    status: int = HTTPStatus.OK

    @property
    def label(self) -> str:
        who = self.person.partition("@")[0] or "stranger"
        return "-".join(filter(None, (self.name.replace(":", "."), self.of, who)))


class Places:
    """Finds every page by asking each route as each person."""

    def __init__(self, windows: Windows) -> None:
        self.windows, self.product = windows, windows.product
        self._first, self._rows = cache(self._query), cache(self.rows)

    def _query(self, query: str) -> str:
        return self.product.sql(f"{query} LIMIT 1")

    def rows(self, query: str) -> list[str]:
        return self.product.sql(query).split()

    def all(self) -> list[Place]:
        """Return every page that some person may see, once per look of it."""
        self.bring_file()
        self.fill_stores()
        found: dict[tuple[str, frozenset[str]], Place] = {}
        for place, answer in self._asked():
            if answer.status == HTTPStatus.OK:
                found.setdefault((place.name, looks_of(answer)), place)
            elif answer.status >= HTTPStatus.BAD_REQUEST:
                found.setdefault((f"error {answer.status}", frozenset()), place)
        return list(found.values())

    def bring_file(self) -> None:
        """Let the lead bring a foreign questionnaire to the draft: its pages need one that waits."""
        drafts = "SELECT p.procurement_id FROM rfp_rfp p WHERE p.state = 'draft' ORDER BY p.id"
        for case in self.rows(drafts):
            caller = Caller(self.product, self.windows.cookies_of(LEAD))
            path = f"/api/v1/procurements/{case}/rfp/imports/"
            answer = caller.send("POST", path, FILE, {"Content-Type": MULTIPART})
            assert answer.status == HTTPStatus.CREATED, answer.text[:500]

    def fill_stores(self) -> None:
        """Let a vendor with a draft keep what the pages of its store show, by their own forms."""
        person = VENDORS[-1]
        caller = Caller(self.product, self.windows.cookies_of(person))
        for bid in self._bids(person):
            for name, given in STORED:
                home, place = (reverse(f"bids:{one}", args=[bid]) for one in ("team", name))
                answer = caller.post_form(home, to=place, **given)
                assert answer.status in {HTTPStatus.FOUND, HTTPStatus.CONFLICT}, answer.text[:500]

    def _asked(self) -> Iterator[tuple[Place, Answer]]:
        no_page: set[str] = set()  # routes that only take a form, or give a file
        for person in (STRANGER, *BUYERS, *VENDORS):
            cookies = self.windows.cookies_of(person) if person else {}
            caller = Caller(self.product, cookies)
            for name, path, of in self._paths_for(person):
                if name in no_page:
                    continue
                answer = caller.send("GET", path, headers=HTML)
                if answer.status == HTTPStatus.METHOD_NOT_ALLOWED or not is_page(answer):
                    no_page.add(name)
                else:
                    yield Place(name, path, person, of, answer.status), answer

    def _paths_for(self, person: str) -> Iterator[tuple[str, str, str]]:
        for name, pattern, arguments in routes(get_resolver()):
            for number, given in enumerate(self._fillings(name, pattern, arguments, person), 1):
                yield name, reverse(name, kwargs=given), str(number) if given else ""

    def _fillings(
        self, name: str, pattern: URLPattern, arguments: frozenset[str], person: str
    ) -> Iterable[Mapping[str, str]]:
        if not arguments:
            return [{}]
        if pattern.callback.__module__.startswith(FOREIGN) or arguments & {"token", "key"}:
            return []  # the tests of mailed links look at these
        if "procurement_id" in arguments:
            pks = self._procurements(person) if person in BUYERS else []
            return self._filled([{"procurement_id": pk} for pk in pks], arguments, OF_PROCUREMENT)
        if "bid_id" in arguments:
            pks = self._bids(person) if person in VENDORS else []
            return self._filled([{"bid_id": pk} for pk in pks], arguments, OF_BID)
        assert arguments <= OF_NOTHING.keys(), f"{name}: nothing is known about {arguments}"
        return self._filled([{}], arguments, OF_NOTHING)

    def _procurements(self, person: str) -> list[str]:
        """Return the demo's three: decided, tendering, in preparation (the lead's work alone)."""
        demo = "SELECT id FROM workspace_procurement WHERE reference LIKE 'WVH-20%' ORDER BY id"
        return self._rows(demo)[: 3 if person == LEAD else 2]

    def _bids(self, person: str) -> list[str]:
        return self._rows(
            "SELECT b.id FROM bids_bid b JOIN workspace_membership m ON"
            " m.organisation_id = b.vendor_id JOIN workspace_user u ON u.id = m.user_id"
            f" JOIN rfp_round o ON o.id = b.round_id WHERE u.email = '{person}' ORDER BY b.id"
        )

    def _filled(
        self, bases: list[dict[str, str]], arguments: frozenset[str], queries: Mapping[str, str]
    ) -> Iterator[dict[str, str]]:
        for base in bases:
            missing = arguments - base.keys()
            assert missing <= queries.keys(), f"nothing is known about {missing - queries.keys()}"
            more = {key: self._first(queries[key].format(**base)) for key in missing}
            if all(more.values()):
                yield base | more


def routes(
    resolver: URLResolver, space: str = "", above: frozenset[str] = frozenset()
) -> Iterator[tuple[str, URLPattern, frozenset[str]]]:
    """Yield every route for people with its name and the names of its arguments."""
    for entry in resolver.url_patterns:
        arguments = above | frozenset(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            if str(entry.pattern) != "api/v1/":
                yield from routes(entry, entry.namespace or space, arguments)
        else:
            yield (f"{space}:{entry.name}" if space else str(entry.name)), entry, arguments


HTML = {"Accept": "text/html"}


def is_page(answer: Answer) -> bool:
    return answer.headers.get("Content-Type", "").startswith("text/html")


def looks_of(answer: Answer) -> frozenset[str]:
    """Return which kinds of elements a page has: two rows of one table look alike."""
    return frozenset(STRUCTURE.findall(answer.text))
