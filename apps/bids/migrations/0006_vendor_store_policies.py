from django.db import migrations

from apps.core.policies import ORGANISATION, PERSON, enable, owned, policy

VENDOR = f"vendor_id = {ORGANISATION}"


class Migration(migrations.Migration):
    dependencies = [("bids", "0005_vendor_store")]
    operations = [
        # A vendor's store belongs to its organisation: no buyer and no rival reads or counts it.
        *owned("bids_evidence"),
        *owned("bids_libraryentry"),
        *owned("bids_pinnedkey"),
        # What is on its way in is for the person who brings it.
        enable("bids_evidenceupload"),
        policy(
            "bids_evidenceupload",
            "bringer",
            f"organisation_id = {ORGANISATION} AND owner_id = {PERSON}",
        ),
        enable("bids_libraryimport"),
        policy(
            "bids_libraryimport",
            "bringer",
            f"organisation_id = {ORGANISATION} AND owner_id = {PERSON}",
        ),
        # Drafts are the vendor's alone, whatever the round's state.
        enable("bids_assumption"),
        policy("bids_assumption", "vendor", VENDOR),
        enable("bids_confidential"),
        policy("bids_confidential", "vendor", VENDOR),
    ]
