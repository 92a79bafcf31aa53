from django.db import migrations

from apps.core.policies import KEY, ORGANISATION, PERSON, SCOPE, enable, owned, policy


class Migration(migrations.Migration):
    dependencies = [("workspace", "0001_initial"), ("core", "0003_policies")]
    operations = [
        # An organisation sees itself and the vendors it invited; a vendor also sees its inviter.
        enable("workspace_organisation"),
        policy(
            "workspace_organisation",
            "owner",
            f"id = {ORGANISATION} OR invited_by_id = {ORGANISATION}",
        ),
        policy(
            "workspace_organisation",
            "member_signs_in",
            f"{SCOPE} = 'sign-in' AND EXISTS (SELECT 1 FROM workspace_membership m"
            f" WHERE m.organisation_id = workspace_organisation.id AND m.user_id = {PERSON})",
            to="SELECT",
        ),
        *owned("workspace_membership"),
        policy(
            "workspace_membership",
            "own_at_sign_in",
            f"{SCOPE} = 'sign-in' AND user_id = {PERSON}",
            to="SELECT",
        ),
        *owned("workspace_personinvite"),
        policy(
            "workspace_personinvite",
            "by_token",
            f"{SCOPE} = 'token' AND token_digest = {KEY}",
        ),
        *owned("workspace_procurement"),
        *owned("workspace_panelmember"),
    ]
