from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('rfp', '0027_price_decimals'),
    ]

    operations = [
        migrations.AddField(
            model_name='question',
            name='held_at',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=6, null=True),
        ),
    ]
