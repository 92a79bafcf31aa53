from django.db import migrations

from apps.core.policies import append_only, owned


class Migration(migrations.Migration):
    dependencies = [("matrix", "0001_initial"), ("bids", "0002_policies")]
    operations = [
        *owned("matrix_scoringround"),
        *owned("matrix_assignment"),
        *owned("matrix_score"),
        *owned("matrix_consensus"),
        *owned("matrix_ranking"),
        append_only("matrix_score"),
        append_only("matrix_consensus"),
        append_only("matrix_ranking"),
    ]
