"""Words for the names of the engine's fields and options; an unknown name reads as it is written."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "aht_s": _("Average handle time"),
    "agents_per_role": _("Agents for one of this role"),
    "amount": _("Amount"),
    "attrition_per_year": _("Attrition a year"),
    "band_from": _("Band begins at"),
    "band_to": _("Band ends at"),
    "base": _("How the parts add up"),
    "billable_hour": _("What a billable hour is"),
    "cap": _("Largest bonus"),
    "charged_for": _("Charged for"),
    "contributions": _("Employer's contributions"),
    "contract_hours_per_week": _("Contract hours a week"),
    "counted": _("Contacts that are billed"),
    "fee": _("Monthly fee"),
    "first_contact_resolution": _("First-contact resolution"),
    "floor": _("Largest malus"),
    "fte_counting": _("How FTE are counted"),
    "hours_per_hire": _("Hours of training for a new agent"),
    "increment_s": _("Billing increment"),
    "kpi": _("KPI"),
    "kpis": _("KPIs"),
    "minimum_contacts": _("Least contacts a month"),
    "minimum_minutes": _("Least minutes a month"),
    "minimum_quantity": _("Least quantity a month"),
    "minimum_s": _("Least duration of a contact"),
    "model": _("Pricing model"),
    "one_offs": _("One-off charges"),
    "outcome_rate": _("Price of one outcome"),
    "overage_rate": _("Price above the band"),
    "overhead": _("Overhead"),
    "parts": _("Parts"),
    "promised_fte": _("Agents promised (FTE)"),
    "schedule_inefficiency": _("Schedule inefficiency"),
    "seat": _("Workplace an hour"),
    "slope_above": _("Share of fee per 1 above"),
    "slope_below": _("Share of fee per 1 below"),
    "start": _("Productivity at the start"),
    "true_down_cap": _("Largest credit"),
    "true_down_rate": _("Credit below the band"),
    "up_to": _("Up to"),
    "wage": _("Wage an hour"),
}
CHOICES = {
    "additive": _("Additive: shares of all paid time"),
    "all": _("All new agents"),
    "all_units": _("All units at the rate reached"),
    "attrition": _("Replacements of leavers"),
    "exact": _("Exact"),
    "fixed": _("Fixed rise each year"),
    "fte_month": _("One FTE for a month"),
    "graduated": _("Graduated: each unit at its own tier"),
    "growth": _("The first team and its growth"),
    "handled": _("Every contact handled"),
    "hour": _("One hour"),
    "index": _("Published index, with a cap"),
    "logged_in": _("Logged-in hour"),
    "none": _("No change"),
    "paid": _("Paid hour"),
    "productive": _("Productive hour"),
    "resolved": _("Contacts resolved"),
    "sequential": _("Sequential: shares of the time that remains"),
    "whole": _("Whole agents"),
}


def label_of(name: str) -> str:
    return str(LABELS.get(name) or name.replace("_", " ").capitalize())


def choice_words(options: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one, str(CHOICES.get(one) or one.replace("_", " ").capitalize())) for one in options
    )
