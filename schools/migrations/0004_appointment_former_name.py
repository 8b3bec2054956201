"""The name a person had when an appointment ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("schools", "0003_file_purpose_register")]

    operations = [
        migrations.AddField(
            "appointment",
            "former_name",
            models.CharField(blank=True, max_length=200, verbose_name="имя в то время"),
        ),
    ]
