from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0007_stamp_policies")]
    operations = [
        migrations.RemoveConstraint(model_name="job", name="one_open_job_per_subject"),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "queued")),
                fields=("kind", "subject_id"),
                name="one_queued_job_per_subject",
            ),
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")),
                fields=("kind", "subject_id"),
                name="one_running_job_per_subject",
            ),
        ),
    ]
