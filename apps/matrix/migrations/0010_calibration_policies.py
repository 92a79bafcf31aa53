from django.db import migrations

from apps.core.policies import owned


class Migration(migrations.Migration):
    dependencies = [("matrix", "0009_calibration")]
    operations = [
        *owned("matrix_calibration"),
        *owned("matrix_mockanswer"),
        *owned("matrix_trialscore"),
    ]
