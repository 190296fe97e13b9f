"""Sums by month and year beside the tallies, so that ten years cost a page what one does; facts open by place and day."""

from django.db import migrations, models

import lianxin.platform.ids
from lianxin.platform import scope, tallies


def roll_up(apps, schema_editor):
    """Add up what the tallies hold already."""
    with scope.everything():
        found = apps.get_model("platform", "Tally").objects.order_by().values_list(
            "measure", "community_id", "day_on", "venue_id", "category", "quantity"
        )
        tallies.add_to_rollups({tuple(key): quantity for *key, quantity in found})


class Migration(migrations.Migration):

    dependencies = [
        ("platform", "0002_narrower_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rollup",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=lianxin.platform.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("measure", models.CharField(max_length=60)),
                ("span", models.CharField(choices=[("D", "Day"), ("M", "Month"), ("Y", "Year")], max_length=1)),
                ("area_id", models.UUIDField()),
                ("category", models.CharField(blank=True, max_length=20)),
                ("starts_on", models.DateField()),
                ("quantity", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("measure", "span", "area_id", "category", "starts_on"), name="rollup_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="fact",
            index=models.Index(fields=["measure", "community_id", "occurred_on"], name="fact_by_place_and_day"),
        ),
        migrations.RunPython(roll_up, migrations.RunPython.noop),
    ]
