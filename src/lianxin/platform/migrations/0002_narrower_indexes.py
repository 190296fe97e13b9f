"""A record is found by its number alone; facts are read by day only through the tallies."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("platform", "0001_ground"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="auditentry",
            name="audit_entry_by_record",
        ),
        migrations.RemoveIndex(
            model_name="audittarget",
            name="audit_by_record",
        ),
        migrations.RemoveIndex(
            model_name="fact",
            name="fact_by_measure_day",
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["record_id", "id"], name="audit_entry_by_record_id"),
        ),
        migrations.AddIndex(
            model_name="audittarget",
            index=models.Index(fields=["record_id", "id"], name="audit_target_by_record_id"),
        ),
    ]
