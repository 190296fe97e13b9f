"""What the places module registers."""

from __future__ import annotations

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from lianxin.platform import clock
from lianxin.platform.contributions import Check, Consequence, Contribution, Measure, Reference, SamplePart, Schedule
from lianxin.platform.tasks import Running, task

from .commands import produce as produce_commands
from .commands import programmes as programme_commands
from .commands import upgrade_opening
from .commands.opening import close_forgotten_openings
from .events import DivisionsMerged, DivisionSplit, VenueMoved
from .queries import checks, figures, produce, programmes, search_entries, standard_checks, upgrades


@task("places.close_forgotten_openings")
def close_forgotten(job: Running) -> None:
    """Close the doors in the log that nobody closed."""
    close_forgotten_openings(actor=job.actor, at=clock.now())


@task("places.hide_expired_produce")
def hide_expired_produce(job: Running) -> None:
    """Hide the produce whose grower's consent has ended."""
    produce_commands.hide_expired_produce(actor=job.actor, at=clock.now())


CONTRIBUTION = Contribution(
    module="places",
    consequences=(
        Consequence(VenueMoved, upgrade_opening.carry_stages_with_venue, upgrade_opening.preview_stages),
        Consequence(DivisionSplit, programme_commands.carry_members_through_split, programme_commands.preview_split),
        Consequence(DivisionsMerged, programme_commands.carry_members_through_merge, programme_commands.preview_merge),
        Consequence(DivisionsMerged, produce_commands.carry_produce_through_merge, produce_commands.preview_produce),
    ),
    measures=(
        Measure(
            "centres",
            _("Centres"),
            _("venues"),
            "level",
            figures.centres,
            "places.VenuePeriod",
            _("Centres at work or closed for some days, on the last day."),
            rows=figures.centre_rows,
        ),
        Measure(
            "stations",
            _("Stations"),
            _("venues"),
            "level",
            figures.stations,
            "places.VenuePeriod",
            _("Stations at work or closed for some days, on the last day."),
            rows=figures.station_rows,
        ),
        Measure(
            "visits",
            _("Visits"),
            _("person-times"),
            "flow",
            figures.visits,
            "places.VisitCount",
            _("Visitors counted at venues, without names."),
        ),
        Measure(
            "openings",
            _("Openings"),
            _("openings"),
            "flow",
            figures.openings,
            "places.OpeningLog",
            _("Times that the door of a venue was logged open."),
        ),
        Measure(
            "service_categories_in_use",
            _("Service categories in use"),
            _("categories"),
            "distinct",
            figures.categories_in_use,
            "places.StandingService",
            _("Categories in which a venue offered a standing service."),
            rows=figures.services_in_use,
            per="category",
        ),
        Measure(
            "upgrades_under_way",
            _("Upgrades under way"),
            _("upgrades"),
            "level",
            upgrades.upgrades_under_way,
            "places.UpgradeStage",
            _("Upgrades on which work went on, on the last day."),
            rows=upgrades.stages_under_way,
            per="upgrade",
        ),
        Measure(
            "upgrades_opened", _("Upgrades opened"), _("upgrades"), "flow", upgrades.upgrades_opened, "places.Upgrade"
        ),
        Measure(
            "pilot_communities",
            _("Pilot communities"),
            _("communities"),
            "level",
            programmes.pilot_communities,
            "places.BatchMember",
            _("Communities in a pilot batch of some programme, on the last day."),
            rows=programmes.pilot_rows,
            per="community",
        ),
        Measure(
            "pilot_batches",
            _("Pilot batches"),
            _("batches"),
            "distinct",
            programmes.pilot_batches,
            "places.BatchMember",
            _("Pilot batches to which a community belonged."),
            rows=programmes.batch_rows,
            per="batch",
        ),
    ),
    checks=(
        Check("division columns equal their dated rows", checks.check_current_columns),
        Check("dated rows lie apart", checks.check_spans),
        Check("rows have the community of their parent", checks.check_communities),
        Check("openings and visits lie where their venue was", checks.check_history),
        Check("published standards are as they were published", standard_checks.check_published),
        Check("upgrades' payments and stages add up", upgrades.check_upgrades),
        Check("programme memberships lie apart", programmes.check_memberships),
    ),
    searchables=(
        search_entries.all_entries,
        upgrades.list_upgrade_entries,
        programmes.list_programme_entries,
        produce.list_produce_entries,
    ),
    schedules=(
        Schedule("close forgotten openings", task="places.close_forgotten_openings", every=timedelta(minutes=15)),
        Schedule("hide expired produce", task="places.hide_expired_produce", daily_at=time(0, 10)),
    ),
    sample=(
        SamplePart("divisions", "lianxin.domain.places.sample.reference:build_reference", order=10),
        SamplePart("venues", "lianxin.domain.places.sample.venues:build_venues", order=20),
        SamplePart("upgrades", "lianxin.domain.places.sample.upgrades:build_works", order=60),
        SamplePart("openings and visits", "lianxin.domain.places.sample.days:build_days", order=70),
        SamplePart(
            "openings of the closed year",
            "lianxin.domain.places.sample.closed_year:build_closed_year",
            order=174,
            background=True,
        ),
    ),
    references=(
        Reference("places.Venue", "host_organisation_id", "organisation"),
        Reference("places.StandingService", "provider_organisation_id", "organisation"),
        Reference("places.OpeningLog", "opened_by", "account"),
        Reference("places.OpeningLog", "closed_by", "account"),
        Reference("places.VisitCount", "counted_by", "account"),
        Reference("places.UpgradeStage", "by_account", "account"),
    ),
)
