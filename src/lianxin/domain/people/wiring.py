"""What the people module registers."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lianxin.domain.people.commands import account_links, divisions, erasure, imports, my_data, retention, searching
from lianxin.domain.people.models import HouseholdMembership
from lianxin.domain.people.queries import checks, counts, staff
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.platform import clock, scope
from lianxin.platform.contributions import (
    Check,
    Consequence,
    Contribution,
    Measure,
    PersonalData,
    Reference,
    Retention,
    SamplePart,
    Window,
)
from lianxin.platform.search import Entry

ONE_DAY = timedelta(days=1)


def _households(window: Window) -> int:
    return counts.count_households(on=window.until_on - ONE_DAY, communities=window.communities)


def _residents(window: Window) -> int:
    return counts.count_residents(on=window.until_on - ONE_DAY, communities=window.communities)


def _elders(window: Window) -> int:
    return counts.count_elders(on=window.until_on - ONE_DAY, communities=window.communities)


def _members(window: Window) -> QuerySet[HouseholdMembership]:
    return counts.members_on(window.until_on - ONE_DAY, window.communities)


def _elder_members(window: Window) -> QuerySet[HouseholdMembership]:
    return counts.elders_on(window.until_on - ONE_DAY, window.communities)


def _searchables() -> Iterator[Entry]:
    with scope.everything():
        yield from searching.people_entries()
        yield from searching.organisation_entries()


def _role_clashes() -> Iterator[str]:
    return staff.list_role_clashes(on=clock.local_day(clock.now()))


CONTRIBUTION = Contribution(
    module="people",
    consequences=(
        Consequence(DivisionsMerged, divisions.follow_merge, divisions.preview_merge),
        Consequence(DivisionsMerged, account_links.follow_merge, account_links.preview_merge),
        Consequence(VenueClosed, account_links.follow_venue_closed, account_links.preview_venue_closed),
    ),
    personal_data=(
        PersonalData("accounts", account_links.export_accounts, account_links.erase_accounts),
        PersonalData("people", my_data.export_rows, erasure.erase_rows),
    ),
    measures=(
        Measure(
            "households",
            _("Households"),
            _("households"),
            "level",
            _households,
            "people.HouseholdMembership",
            _("Households with at least one member on the last day."),
            rows=_members,
            per="household",
        ),
        Measure(
            "residents",
            _("Residents"),
            _("people"),
            "level",
            _residents,
            "people.HouseholdMembership",
            _("People who belong to a household on the last day."),
            rows=_members,
        ),
        Measure(
            "residents_60_plus",
            _("Residents of 60 and more"),
            _("people"),
            "level",
            _elders,
            "people.HouseholdMembership",
            _("Residents who are 60 or more on the last day."),
            rows=_elder_members,
        ),
    ),
    checks=(
        Check("households have members", checks.households_have_members),
        Check("communities of people agree", checks.communities_agree),
        Check("memberships agree", checks.memberships_agree),
        Check("digests match sealed numbers", checks.digests_match),
        Check("administrators stay separated", _role_clashes),
    ),
    searchables=(_searchables,),
    retention=(
        Retention("people who left", retention.REGISTER_DAYS, retention.erase_who_left),
        Retention("one-time codes", account_links.KEEP_CODES.days, account_links.purge_codes),
        Retention("one-time links", account_links.KEEP_LINKS.days, account_links.purge_links),
        Retention("ended vulnerability facts", retention.CARE_DAYS, retention.forget_ended_vulnerabilities),
    ),
    references=(
        Reference("people.HouseholdMembership", "person", "person"),
        Reference("people.VulnerabilityFact", "person", "person"),
        Reference("people.ConsentReceipt", "person", "person"),
        Reference("people.ConsentReceipt", "by_person_id", "person"),
        Reference("people.ProxyLink", "principal", "person"),
        Reference("people.ProxyLink", "agent_person", "person"),
        Reference("people.Card", "person", "person"),
        Reference("people.Erasure", "person_id", "person"),
        Reference("people.Account", "person", "person"),
        Reference("people.RoleGrant", "venue", "venue"),
    ),
    run_kinds=(imports.RUN_KIND,),
    sample=(
        SamplePart("organisations", "lianxin.domain.people.sample.organisations:build_organisations", order=30),
        SamplePart("staff", "lianxin.domain.people.sample.staff:build_staff", order=40),
        SamplePart("residents", "lianxin.domain.people.sample.residents:build_residents", order=50),
    ),
)
