"""The inputs of the revenue leakage model; each kind of loss is optional as a whole."""

from decimal import Decimal

from apps.engine.fields import ONE, ZERO, Field, Table, Unit


def _optional(
    name: str, unit: Unit, text: str, low: Decimal = ZERO, high: Decimal | None = None
) -> Field:
    return Field(name, unit, low, high, text, required=False)


def _abandoned(name: str, where: str) -> Table:
    return Table(
        name,
        (
            Field("contacts", Unit.COUNT, ZERO, None, "Contacts abandoned after 5 seconds."),
            Field("recovered", Unit.SHARE, ZERO, ONE, "Share served within 24 hours after all."),
            Field("margin", Unit.MONEY, ZERO, None, "Expected margin of this intent."),
        ),
        f"Contacts abandoned {where}: one row for each intent.",
        required=False,
        most=100,
    )


LEAKAGE_FIELDS = (
    _abandoned("abandoned_waiting", "while waiting"),
    _abandoned("abandoned_ivr", "in a voice menu"),
    _abandoned("abandoned_chatbot", "in a chatbot loop"),
    _optional("failed", Unit.COUNT, "Contacts in the period that did not resolve the issue."),
    _optional("failed_followed", Unit.COUNT, "Of these, followed for 14 days.", ONE),
    _optional("failed_cancelled", Unit.COUNT, "Of those followed, customers who cancelled."),
    _optional("resolved_followed", Unit.COUNT, "Matched resolved contacts followed.", ONE),
    _optional("resolved_cancelled", Unit.COUNT, "Of those, customers who cancelled."),
    _optional("lifetime_margin", Unit.MONEY, "Contribution margin of a customer still to come."),
    _optional("eligible", Unit.COUNT, "Satisfied contacts in which an offer would fit.", ONE),
    _optional("accepted", Unit.COUNT, "Of these, offers accepted."),
    _optional(
        "attainable_rate",
        Unit.SHARE,
        "Documented rate of acceptance that is within reach.",
        high=ONE,
    ),
    _optional("offer_margin", Unit.MONEY, "Contribution margin of an accepted offer."),
    _optional("wasted_minutes", Unit.MINUTES, "Paid minutes of manual work in the period."),
    _optional("hour_cost", Unit.MONEY, "Loaded cost of a productive hour."),
    _optional("issues", Unit.COUNT, "Issues of customers in the period."),
    _optional("contacts", Unit.COUNT, "Contacts that these issues took, counted."),
    _optional(
        "unresolved_share",
        Unit.SHARE,
        "Where contacts are not counted: share of issues that stay unresolved.",
        high=ONE,
    ),
    _optional("extra_each", Unit.RATIO, "Further contacts that each of these brings."),
    _optional("contact_cost", Unit.MONEY, "Loaded cost of a contact."),
    _optional("revenue_lost", Unit.MONEY, "Recurring revenue lost by cancellations."),
    _optional(
        "revenue_lost_open_ticket",
        Unit.MONEY,
        "Of this, by customers with an unresolved ticket in the 30 days before.",
    ),
    _optional(
        "open_ticket_share_of_stayers",
        Unit.SHARE,
        "Share of recurring revenue with such a ticket among customers who stayed.",
        high=ONE,
    ),
    _optional("fix_abandonment", Unit.MONEY, "Cost of ending the loss by abandonment."),
    _optional("fix_resolution", Unit.MONEY, "Cost of ending the loss by failed resolution."),
    _optional("fix_opportunity", Unit.MONEY, "Cost of ending the loss of opportunity."),
    _optional("fix_operational", Unit.MONEY, "Cost of ending the operational waste."),
)
