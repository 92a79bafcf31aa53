"""Who may do what with invitations, bids and envelopes."""

import uuid

import rules

from apps.bids.models import Bid, PriceReader, SignOffDuty
from apps.workspace.models import User
from apps.workspace.rules import (
    has_declared,
    has_role,
    is_lead,
    is_member_of_vendor,
    is_panel,
    is_vendor_owner,
    panel_roles,
    procurement_of,
    sees_the_field,
)
from apps.workspace.states import Phase, Role

# Roles that judge bids: to them a bid is a letter until the quality scores are locked.
BLIND = frozenset({Role.EVALUATOR, Role.MODERATOR})
KNOWS_VENDORS = frozenset({Role.LEAD, Role.OPENER, Role.AUDITOR})
READS_AHEAD = frozenset({Role.LEAD, Role.AUDITOR})
NAMES_ARE_OPEN = frozenset({Phase.COMMERCIAL, Phase.SHORTLIST, Phase.DECIDED, Phase.CLOSED})


def names_are_open(subject: object) -> bool:
    """Whether the quality scores are locked, so that names and letters may stand together."""
    procurement = procurement_of(subject)
    return procurement is not None and procurement.phase in NAMES_ARE_OPEN


@rules.predicate
def sees_names(user: User, subject: object) -> bool:
    """Whether vendors' names stand beside letters: never for who judges, until the lock."""
    procurement = procurement_of(subject)
    if procurement is None:
        return False
    roles = panel_roles(user, procurement)
    if names_are_open(procurement):
        return bool(roles)
    return bool(roles & KNOWS_VENDORS) and not roles & BLIND


@rules.predicate
def reads_ahead(user: User, subject: object) -> bool:
    """Whether sections are read whose group waits: by who releases or audits, never by who judges."""
    procurement = procurement_of(subject)
    if procurement is None:
        return False
    roles = panel_roles(user, procurement)
    return bool(roles & READS_AHEAD) and not roles & BLIND


@rules.predicate
def reads_price(user: User, subject: object) -> bool:
    """Named by the owner as one who sees the price of this bid."""
    return PriceReader.objects.filter(bid=_bid_of(subject), reader=user).exists()


@rules.predicate
def has_duty(user: User, subject: object) -> bool:
    """Asked by the owner to sign a part of this bid off."""
    return SignOffDuty.objects.filter(bid=_bid_of(subject), person=user).exists()


def _bid_of(subject: object) -> uuid.UUID | None:
    bid = getattr(subject, "bid", subject)
    return bid.pk if isinstance(bid, Bid) else None


# Who has not declared, or has a conflict, reads no bid, and so no price: in whichever role.
reads_bids = is_panel & has_declared
reads_field = reads_bids & sees_the_field
sees_prices = reads_field & has_role(
    Role.LEAD,
    Role.MODERATOR,
    Role.APPROVER,
    Role.EXECUTIVE,
    Role.AUDITOR,
    Role.EVALUATOR,
)

rules.add_perm("bids.invite", is_lead)
rules.add_perm("bids.view_vendors", has_role(*KNOWS_VENDORS))
rules.add_perm("bids.open", has_role(Role.OPENER))
rules.add_perm("bids.view_opened", is_panel)
rules.add_perm("bids.see_names", sees_names)
rules.add_perm("bids.read_answers", reads_bids)
rules.add_perm("bids.read_prices", sees_prices)
rules.add_perm("bids.read_ahead", reads_ahead)
# The panel's groups: everybody reads who waits for what, a lead arranges and releases.
rules.add_perm("bids.view_groups", is_panel)
rules.add_perm("bids.arrange_groups", is_lead)
rules.add_perm("bids.release_group", is_lead)
rules.add_perm("bids.record_evaluated", is_lead & has_declared)

# Final offers: asked for by a lead, confirmed by another lead or an opener.
rules.add_perm("bids.request_offers", is_lead & has_declared)
rules.add_perm("bids.confirm_offers", has_role(Role.LEAD, Role.OPENER))

# The shortlist of a request for information, in the same way.
rules.add_perm("bids.view_shortlist", reads_field)
rules.add_perm("bids.propose_shortlist", is_lead & has_declared)
rules.add_perm("bids.confirm_shortlist", has_role(Role.LEAD, Role.OPENER) & has_declared)

# What a bid is subject to is ruled on before an award; it may say what it does to the price.
rules.add_perm("bids.view_rulings", sees_prices)
rules.add_perm("bids.rule", has_declared & has_role(Role.LEAD, Role.MODERATOR))

# Results are told with the approval of the award, by who approves it.
rules.add_perm("bids.tell_results", has_declared & has_role(Role.APPROVER))

rules.add_perm("bids.clarify", is_lead)
rules.add_perm("bids.view_acknowledgements", has_role(*KNOWS_VENDORS))

rules.add_perm("bids.view_stages", reads_field)
rules.add_perm("bids.plan_stage", is_lead)
rules.add_perm("bids.agree_stage", has_role(Role.MODERATOR) & has_declared)
rules.add_perm("bids.score_stage", has_role(Role.EVALUATOR) & has_declared & sees_the_field)

rules.add_perm("bids.ask", is_member_of_vendor)
# What explains a submitted bid is said in the vendor's name.
rules.add_perm("bids.explain", is_vendor_owner)
rules.add_perm("bids.acknowledge", is_member_of_vendor)
rules.add_perm("bids.confirm", is_vendor_owner)
rules.add_perm("bids.mine", rules.is_authenticated)
rules.add_perm("bids.view", is_member_of_vendor)
rules.add_perm("bids.answer", is_member_of_vendor)
rules.add_perm("bids.price", is_vendor_owner | (is_member_of_vendor & reads_price))
rules.add_perm("bids.comment", is_member_of_vendor)
rules.add_perm("bids.sign_off", is_member_of_vendor & has_duty)
rules.add_perm("bids.agree", is_vendor_owner)
rules.add_perm("bids.manage_team", is_vendor_owner)
rules.add_perm("bids.submit", is_vendor_owner)
rules.add_perm("bids.withdraw", is_vendor_owner)
# The key of a submitted bid opens its price too.
rules.add_perm("bids.unlock", is_vendor_owner)
rules.add_perm("bids.decline", is_vendor_owner)
rules.add_perm("bids.invite_colleague", is_vendor_owner)
rules.add_perm("bids.export_passport", is_vendor_owner)
