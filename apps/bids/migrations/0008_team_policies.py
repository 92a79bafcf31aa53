from django.db import migrations

from apps.core.policies import ORGANISATION, PERSON, append_only, enable, policy

VENDOR = f"vendor_id = {ORGANISATION}"
BUYER = f"organisation_id = {ORGANISATION}"
OWNER = (
    "EXISTS (SELECT 1 FROM workspace_membership m WHERE m.organisation_id"
    f" = {ORGANISATION} AND m.user_id = {PERSON} AND m.role = 'owner' AND m.active)"
)
READS_PRICE = (
    f"({OWNER} OR EXISTS (SELECT 1 FROM bids_pricereader p"
    f" WHERE p.bid_id = {{bid}} AND p.reader_id = {PERSON}))"
)
IN_QUALITY = (
    "EXISTS (SELECT 1 FROM rfp_question q JOIN rfp_section s ON s.id = q.section_id"
    " WHERE q.id = {question} AND s.envelope = 'technical')"
)
INVITED = (
    "EXISTS (SELECT 1 FROM bids_invitation i WHERE i.rfp_id = {rfp}"
    f" AND i.vendor_id = {ORGANISATION} AND i.state <> 'declined')"
)
SEES_PRICE = f"""
CREATE FUNCTION cceval_sees_price(which uuid) RETURNS boolean LANGUAGE sql STABLE
AS $$ SELECT {READS_PRICE.format(bid="which")} $$;
"""
# A file of the data pack waits for the non-disclosure agreement, where the RFP asks for one.
UNDISCLOSED = (
    "EXISTS (SELECT 1 FROM rfp_undertaking u WHERE u.rfp_id = rfp_packfile.rfp_id"
    " AND u.kind = 'nda' AND NOT EXISTS (SELECT 1 FROM bids_agreement g"
    f" WHERE g.undertaking_id = u.id AND g.{VENDOR}))"
)
RELEASED = (
    INVITED.format(rfp="rfp_packfile.rfp_id")
    + " AND EXISTS (SELECT 1 FROM rfp_packversion v WHERE v.rfp_id = rfp_packfile.rfp_id"
    " AND v.number >= rfp_packfile.added_in)"
)


def replace(table, name, before, after, *, to="ALL"):
    """Put another policy in the place of one of the same name."""
    old, new = policy(table, name, before, to=to), policy(table, name, after, to=to)
    return migrations.RunSQL(f"{old.reverse_sql}{new.sql}", f"{new.reverse_sql}{old.sql}")


def quality_or_reader(table):
    """Rows about a question: of the quality response for all colleagues, of price for readers."""
    readers = READS_PRICE.format(bid=f"{table}.bid_id")
    inside = IN_QUALITY.format(question=f"{table}.question_id")
    return f"{VENDOR} AND ({readers} OR {inside})"


class Migration(migrations.Migration):
    dependencies = [("bids", "0007_team"), ("rfp", "0015_undertakings")]
    operations = [
        # Only an owner names who reads the price: a respondent's session cannot let itself in.
        enable("bids_pricereader"),
        policy("bids_pricereader", "vendor", VENDOR, to="SELECT"),
        policy("bids_pricereader", "owner", f"{VENDOR} AND {OWNER}"),
        migrations.RunSQL(SEES_PRICE, "DROP FUNCTION cceval_sees_price(uuid);"),
        *(
            replace(table, "vendor", VENDOR, quality_or_reader(table))
            for table in ("bids_answer", "bids_answerversion", "bids_attachment")
        ),
        replace(
            "bids_pricesheet",
            "vendor",
            VENDOR,
            f"{VENDOR} AND {READS_PRICE.format(bid='bids_pricesheet.bid_id')}",
        ),
        enable("bids_delegation"),
        policy("bids_delegation", "vendor", VENDOR, to="SELECT"),
        policy("bids_delegation", "owner", f"{VENDOR} AND {OWNER}"),
        enable("bids_sectionvisit"),
        policy("bids_sectionvisit", "vendor", VENDOR, to="SELECT"),
        policy("bids_sectionvisit", "person", f"{VENDOR} AND person_id = {PERSON}"),
        enable("bids_comment"),
        policy("bids_comment", "vendor", quality_or_reader("bids_comment")),
        append_only("bids_comment"),
        enable("bids_signoffduty"),
        policy("bids_signoffduty", "vendor", VENDOR, to="SELECT"),
        policy("bids_signoffduty", "owner", f"{VENDOR} AND {OWNER}"),
        enable("bids_signoff"),
        policy("bids_signoff", "vendor", VENDOR, to="SELECT"),
        policy("bids_signoff", "signer", f"{VENDOR} AND signed_by_id = {PERSON}", to="INSERT"),
        append_only("bids_signoff"),
        policy(
            "rfp_undertaking",
            "invited_vendor",
            INVITED.format(rfp="rfp_undertaking.rfp_id"),
            to="SELECT",
        ),
        enable("bids_agreement"),
        policy("bids_agreement", "vendor", VENDOR),
        policy("bids_agreement", "buyer", BUYER, to="SELECT"),
        append_only("bids_agreement"),
        replace(
            "rfp_packfile",
            "invited_vendor",
            RELEASED,
            f"{RELEASED} AND NOT {UNDISCLOSED}",
            to="SELECT",
        ),
    ]
