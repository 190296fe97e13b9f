"""What the walk over every registered address goes by: an object for each parameter, and who may open what.

A new address with an unknown parameter fails the walk until its object is named here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import reverse

from lianxin.domain.places.commands.divisions import add_division_alias
from lianxin.domain.places.commands.opening import add_opening_exception
from lianxin.faces.entrance import middleware
from lianxin.faces.kit import problems
from lianxin.platform import files, runs, scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.ids import new_id
from lianxin.platform.outbox import ADDRESS_PURPOSE, CONTEXT_PURPOSE
from lianxin.platform.sensitive import seal
from tests.support.activities import MAKERS as ACTIVITIES
from tests.support.activities import make_activity_object
from tests.support.addresses import Address, all_addresses
from tests.support.district import SmallDistrict
from tests.support.needs import MAKERS as NEEDS
from tests.support.needs import make_needs_object
from tests.support.points import MAKERS as POINTS
from tests.support.points import make_points_object
from tests.support.projects import MAKERS as PROJECTS
from tests.support.projects import make_projects_object
from tests.support.registers import make_register_set
from tests.support.reporting_briefings import MAKERS as BRIEFINGS
from tests.support.reporting_briefings import make_briefing_object
from tests.support.reporting_requests import MAKERS as REQUESTS
from tests.support.reporting_requests import make_request_object
from tests.support.resources import MAKERS as RESOURCES
from tests.support.resources import make_resources_object
from tests.support.rooms import MAKERS as ROOMS
from tests.support.rooms import make_rooms_object
from tests.support.shop import MAKERS as SHOP
from tests.support.shop import make_shop_object
from tests.support.survey_forms import (
    make_device,
    make_slug,
    make_submission,
    make_submission_file,
    make_survey_of_walk,
    make_version,
)
from tests.support.visits import MAKERS as VISITS
from tests.support.visits import make_visits_object
from tests.support.voice_cases import MAKERS as CASES
from tests.support.voice_cases import make_case_object
from tests.support.voice_matters import MAKERS as MATTERS
from tests.support.voice_matters import make_matters_object
from tests.support.voice_mediation import MAKERS as MEDIATIONS
from tests.support.voice_mediation import make_mediation_object
from tests.support.voice_receptions import MAKERS as RECEPTIONS
from tests.support.voice_receptions import make_reception_object
from tests.support.voice_rules import make_tier_rules
from tests.support.voice_votes import MAKERS as VOTES
from tests.support.voice_votes import make_votes_object
from tests.support.volunteers import MAKERS as VOLUNTEERS
from tests.support.volunteers import make_volunteer_object

# What anybody may open, whoever they are; it shows nothing about a person.
# Programs with a name and a password of their own: faces/api/tests/test_openrosa.py. Open311 shows what is public, and
# takes what comes with a key: faces/api/tests/test_open311.py.
PUBLIC_NAMESPACES = ("resident:", "kit:", "openrosa:", "open311:")
PUBLIC = {
    "healthz",
    "login",
    "login_code",
    "login_phone",
    "login_phone_code",
    "login_phone_who",
    "logout",
    "invitation",
    "district:outline",
    # Whoever has the secret address of a wall screen: figures without names (faces/district/tests/test_wall.py).
    "district:wall_hung",
    "district:wall_hung_part",
    # A device at a table: it has no login, and the page holds nothing until it is given its secret.
    "staff:till_app",
    "staff:till_worker",
    "staff:check_in_worker",
    # A phone that goes along on visits: the page is the same for everybody and holds no data.
    "staff:visits_phone",
    "staff:visits_phone_worker",
    "staff:visits_phone_manifest",
}
PUBLIC_API = {
    "api:openapi-json", "api:openapi-view", "api:api-root", "api:list_divisions", "api:count_venues", "api:list_venues",
    "api:near", "api:show_venue", "api:list_services", "api:list_categories", "api:find",
    "api:show_rules", "api:list_notices", "api:show_notice", "api:list_rolls", "api:show_roll", "api:find_seal",
    "api:offers", "api:list_activities", "api:list_calendars", "api:show_activity", "api:list_open_shifts",
    "api:show_shift", "api:check", "api:list_figures",
}  # fmt: skip
# Whoever has logged in may sign up or help anywhere: what these name is public, though sending needs a login.
ANYWHERE = {"api:take_shift", "api:sign_up"}
# What an address of the residents' pages names is public, but for these.
PERSONAL = {
    "person",
    "household",
    "card",
    "receipt",
    "link",
    "run",
    "order",
    "voucher",
    "seq",
    "booking",
    "time",
    "wait",
    "shift_place",
    "certificate",
    "attendance",
    "received",
}
# Standards and programmes are the district's, and its offices read them whole.
SHARED_PARAMETERS = {
    "figure",
    "standard",
    "programme",
    "batch",
    "member",
    "alias",
    "code",
    "kind",
    "text",
    "purpose",
    "template",
    "briefing_template",
    "day",
    "channel",
    "language",
    "job",
    "message",
    "reset",
    "seq",
}
OWN_ADDRESSES = {"account", "account_password", "account_second_factor", "account_recovery_codes"}
SLUGS: dict[str, dict[str, Any]] = {
    "district:briefing_shipped": {"kind": "month"},
    "staff:venue_step": {"step": "pause"},
    "staff:volunteer_state": {"state": "resting"},
    "staff:invited_act": {"act": "came"},
    "staff:agenda_item_act": {"act": "up"},
    "staff:resolution_act": {"act": "passed"},
    "staff:meeting_act": {"act": "start"},
    "staff:upgrade_act": {"act": "add_milestone"},
    "staff:upgrade_line": {"act": "change_funding"},
    "district:upgrade_decide": {"decision": "approve"},
    "district:division_change": {"change": "rename"},
    "staff:record_book": {"code": "activities"},
    "staff:record_book_paper": {"code": "activities"},
    "staff:record_book_workbook": {"code": "activities"},
    "district:today_records": {"what": "running"},
    "district:today_records_export": {"what": "running"},
    "district:today_records_print": {"what": "running"},
    "district:today_duties": {"group": "cases"},
    "district:today_duties_export": {"group": "cases"},
    "district:today_duties_print": {"group": "cases"},
}
TEXTS = {
    "day": "2026-10-01", "channel": "sms", "language": "zh-hans", "code": "area_per_100_households",
    "kind": "people.residents", "token": "x", "purpose": "notices",
    "seq": "1", "number": "1", "page": "1", "name": "x.png", "form": "xml", "request_id": "x", "rest": "x.xml",
    "year": "2024", "place": "440507009207",
    "figure": "occurrences_held",
}  # fmt: skip


NOW = datetime.now(UTC)
ACCOUNTS = {"account", "grant", "deputy"}
# Who is let in where does not depend on the database, so all of them walk on SQLite. On PostgreSQL, where the fence
# around personal tables is a second one, go those who have a community of their own, and so come up to it.
STRANGERS = {
    "sqlite": ("cuiying1", "xinjin", "host", "volunteer", "system", "security", "audit"),
    "postgresql": ("cuiying1", "host"),
}
SENT = {"on": "2026-01-01", "reason": "tests"}
# What the sample does not have, so that the owners find nothing either: a picture, a request for a reset, an open
# invitation, a locked account, wrong rows in an import, points of a household that left, a card of somebody else.
NOT_IN_SAMPLE = {
    "staff:upgrade_picture", "staff:reset_approve", "staff:account_link", "staff:account_unlock", "staff:card_revoke",
    "staff:import_marked",
    "api:show_order", "staff:activity_picture", "resident:activity_picture",
    "staff:vote_ballot_proof",
    "staff:project_picture", "resident:project_picture", "staff:picture", "staff:picture_remove",
    "staff:case_audio", "staff:case_picture",
    "staff:points_left_behind", "staff:shop_item_picture", "staff:survey_workbook", "staff:submission_picture",
    "staff:commitment_file",
    # Its answer is a number.
    "staff:request_answer", "district:request_answer",
}  # fmt: skip


ADDRESSES = all_addresses()


@dataclass
class Objects:
    """The objects of one community, by the name of the parameter that asks for them."""

    district: SmallDistrict
    community: Any
    made: dict[str, UUID] = field(default_factory=dict)

    MODELS = {
        "venue": "places.Venue", "room": "places.Room", "equipment": "places.Equipment",
        "service": "places.StandingService", "opening_log": "places.OpeningLog", "opening": "places.OpeningLog",
        "visits_row": "places.VisitCount", "visits": "places.VisitCount", "exception": "places.OpeningException",
        "upgrade": "places.Upgrade",
        "produce": "places.Produce", "person": "people.Person", "household": "people.Household",
        "vulnerability": "people.VulnerabilityFact", "fact": "people.VulnerabilityFact", "card": "people.Card",
        "receipt": "people.ConsentReceipt", "link": "people.ProxyLink",
    }  # fmt: skip

    def of(self, parameter: str) -> UUID:
        """Give the id of an object of this community, made for the test when the sample has none."""
        if parameter == "community":
            return self.community.pk
        if parameter not in self.made:
            self.made[parameter] = self._find(parameter)
        return self.made[parameter]

    def _find(self, parameter: str) -> UUID:
        if parameter == "run":
            return self._run()
        if parameter in self.MODELS:
            row = self.district.first(self.MODELS[parameter], community=self.community)
            if row is None:
                with scope.everything():
                    row = MAKERS[parameter](self)
            return row.pk
        if parameter in POINTS:
            actor, home = self.district.actor("jinzhou.waisha1"), self.of("household")
            return make_points_object(parameter, actor=actor, community=self.community.pk, household=home)
        if parameter in ACTIVITIES:
            return make_activity_object(parameter, community=self.community.pk, household=self.of("household"))
        if parameter in ROOMS:
            home, room = self.of("household"), self.of("room")
            return make_rooms_object(parameter, community=self.community.pk, household=home, room=room)
        if parameter in NEEDS:
            return make_needs_object(parameter, community=self.community.pk, household=self.of("household"))
        if parameter in CASES:
            return make_case_object(parameter, community=self.community.pk, household=self.of("household"))
        if parameter in RECEPTIONS:
            return make_reception_object(parameter, community=self.community.pk, household=self.of("household"))
        if parameter in MEDIATIONS:
            return make_mediation_object(parameter, community=self.community.pk, mediator=self._mediator())
        if parameter in VISITS:
            return make_visits_object(parameter, community=self.community.pk, household=self.of("household"))
        if parameter in REQUESTS:
            return make_request_object(parameter, community=self.community.pk)
        if parameter in PROJECTS:
            return make_projects_object(parameter, community=self.community.pk)
        if parameter in BRIEFINGS:
            staff, department = self.district.actor("jinzhou.waisha1"), self.district.actor("district")
            return make_briefing_object(parameter, community=self.community.pk, staff=staff, department=department)
        if parameter in RESOURCES:
            return make_resources_object(parameter, community=self.community.pk)
        if parameter in SHOP:
            return make_shop_object(parameter, community=self.community.pk, household=self.of("household"))
        if parameter in VOTES:
            return make_votes_object(parameter, community=self.community.pk)
        if parameter in VOLUNTEERS:
            return make_volunteer_object(parameter, community=self.community.pk, person=self.of("person"))
        if parameter in MATTERS:
            return make_matters_object(parameter, made=self.of, community=self.community.pk)
        finder = FINDERS.get(parameter)
        assert finder, f"name an object for the parameter {parameter!r} in tests/support/walk.py"
        return finder(self)

    def _mediator(self) -> UUID:
        """Give who keeps the community: only a mediator opens what a mediation keeps."""
        return self.district.account("jinzhou.waisha1").pk

    def _run(self) -> UUID:
        actor: Actor = self.district.actor("jinzhou.waisha1")
        at = datetime.now(UTC)
        with scope.within(actor.communities):
            stored = files.store(
                fileobj=io.BytesIO("姓名,与户主关系\n甲,户主\n".encode()), name="a.csv", purpose="tests", at=at,
                limit_bytes=10_000, accept=files.TABLES,
            )  # fmt: skip
            return runs.start_run(actor=actor, kind="people.residents", file_id=stored.pk, title="a", at=at).pk


def _row(model: str, **wanted: Any) -> Any:
    with scope.everything():
        found = apps.get_model(model)._default_manager.filter(**wanted).order_by("pk").first()
    assert found is not None, f"the small district has no {model} {wanted}"
    return found


def _made(model: str, **values: Any) -> UUID:
    return apps.get_model(model).objects.create(**values).pk


def _organisation(objects: Objects) -> UUID:
    """Give an organisation that works with this community and no other."""
    links = apps.get_model("people.OrganisationCommunity")
    with scope.everything():
        shared = links.objects.exclude(community=objects.community).values("organisation")
        link = links.objects.filter(community=objects.community).exclude(organisation__in=shared).first()
        if link is None:
            made = apps.get_model("people.Organisation").objects.create(name="只此一家", registered_on=local_day(NOW))
            link = links.objects.create(organisation=made, community=objects.community, from_on=local_day(NOW))
    return link.organisation_id


def _message() -> UUID:
    address, context = seal("1", ADDRESS_PURPOSE), seal("{}", CONTEXT_PURPOSE)
    times = {"next_try_at": NOW, "created_at": NOW}
    return _made("platform.Message", channel="sms", address=address, template="t", context=context, **times)


def _alias(objects: Objects) -> UUID:
    actor, day = objects.district.actor("district"), objects.district.today
    return add_division_alias(actor=actor, division=objects.community.pk, name="金洲大村", on=day, at=NOW).pk


def make_program() -> UUID:
    """Let a program bring cases."""
    from lianxin.domain.voice.commands import programs

    return programs.let_in(actor=Actor.system(), name="市政通", contact="区城管局", at=NOW).pk


def _wall(objects: Objects) -> UUID:
    values = {"name": "大厅", "subdistrict": objects.community.parent, "token_digest": new_id().hex}
    return _made("reporting.Wall", **values, made_at=NOW, expires_at=NOW + timedelta(days=1))


def _account(objects: Objects) -> UUID:
    return objects.district.account("jinzhou.waisha1").pk


FINDERS: dict[str, Any] = {
    "slug": lambda o: make_slug(o.community.pk),
    "version": lambda o: make_version(o.community.pk),
    "survey": lambda o: make_survey_of_walk(o.community.pk),
    "submission": lambda o: make_submission(o.community.pk),
    "submission_file": lambda o: make_submission_file(o.community.pk, o.of("submission")),
    "survey_device": lambda o: make_device(o.community.pk, actor=o.district.actor("jinzhou.waisha1")),
    "account": _account,
    "grant": lambda o: _row("people.RoleGrant", account=_account(o)).pk,
    "programme": lambda o: _row("places.Programme").pk,
    "batch": lambda o: _row("places.ProgrammeBatch").pk,
    "member": lambda o: _row("places.BatchMember").pk,
    "standard": lambda o: _row("places.Standard").pk,
    "division": lambda o: o.community.pk,
    "alias": lambda o: _alias(o),
    "organisation": lambda o: _organisation(o),
    "deputy": lambda o: _deputy(o),
    "job": lambda o: _made("platform.Job", task="runs.stage", due_at=NOW, created_at=NOW),
    "message": lambda o: _message(),
    "program": lambda o: make_program(),
    "wall": lambda o: _wall(o),
    "register_set": lambda o: make_register_set(o.district.actor("jinzhou.waisha1")),
    "reset": lambda o: new_id(),
    "picture": lambda o: new_id(),
    "voucher": lambda o: new_id(),
    "tier_rules": lambda o: make_tier_rules(o.community.pk),
    "milestone": lambda o: _row("places.Milestone", upgrade=o.of("upgrade")).pk,
    "line": lambda o: _row("places.UpgradeFunding", upgrade=o.of("upgrade")).pk,
}


def _opening(objects: Objects) -> Any:
    at = datetime.now(UTC) - timedelta(days=1)
    return apps.get_model("places.OpeningLog").objects.create(
        community=objects.community, venue_id=objects.of("venue"), opened_at=at, closed_at=at + timedelta(hours=1)
    )


def _visits(objects: Objects) -> Any:
    at = datetime.now(UTC) - timedelta(days=1)
    return apps.get_model("places.VisitCount").objects.create(
        community=objects.community, venue_id=objects.of("venue"), at=at, count=1, purpose="other"
    )


def _deputy(objects: Objects) -> UUID:
    today = local_day(datetime.now(UTC))
    deputy = apps.get_model("people.Deputy").objects.create(
        account=objects.district.account("jinzhou.waisha1"), deputy=objects.district.account("jinzhou.waisha2"),
        from_on=today, until_on=today + timedelta(days=3), roles=["community_staff"], made_at=datetime.now(UTC),
    )  # fmt: skip
    return deputy.pk


def _link(objects: Objects) -> Any:
    principal, agent = apps.get_model("people.Person").objects.filter(community=objects.community).order_by("pk")[:2]
    return apps.get_model("people.ProxyLink").objects.create(
        community=objects.community, principal=principal, agent_person=agent, kind="guardian", acts=["all"],
        from_on=local_day(NOW),
    )  # fmt: skip


def _exception(objects: Objects) -> Any:
    actor, at = objects.district.actor("jinzhou.waisha1"), datetime.now(UTC)
    day = local_day(at) + timedelta(days=300)
    return add_opening_exception(
        actor=actor, venue=objects.of("venue"), first_on=day, last_on=day, reason="tests", at=at
    )


MAKERS: dict[str, Any] = {
    "opening_log": _opening, "opening": _opening, "visits_row": _visits, "visits": _visits, "exception": _exception,
    "link": _link,
}  # fmt: skip


def objects_of_jinzhou(small_district: SmallDistrict) -> Objects:
    """Give an object of 金洲村 for every parameter of every address."""
    objects = Objects(small_district, small_district.jinzhou_village)
    for name in sorted({name for address in ADDRESSES for name in address.parameters}):
        if name not in TEXTS and not any(name in words for words in SLUGS.values()):
            objects.of(name)
    return objects


def strangers_to_jinzhou(small_district: SmallDistrict) -> dict[str, Client]:
    """Give somebody of each kind who has come in and has nothing to do with 金洲村, and a resident of 翠英."""
    found: dict[str, Client] = {}
    for name in STRANGERS[connection.vendor]:
        found[name] = Client(raise_request_exception=True)
        small_district.log_in(found[name], name)
    found["resident"] = Client()
    small_district.log_in_resident(found["resident"])
    return found


@contextmanager
def known_visitors() -> Iterator[None]:
    """Read once who each visitor is, and not again for each of the thousands of addresses of a walk.

    How a session leads to an account and to what it may do is the entrance's own tests' matter; both stay as they are
    while somebody walks, and are half of what a refusal costs.
    """
    read_account, read_actor = middleware._account, middleware.actor_for
    accounts: dict[str, Any] = {}
    actors: dict[tuple[UUID, str], Actor] = {}

    def account_of(request: HttpRequest) -> Any:
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if session not in accounts:
            accounts[session] = read_account(request)
        return accounts[session]

    def actor_for(*, account: Any, at: datetime, via: str = "web") -> Actor:
        if (account.pk, via) not in actors:
            actors[account.pk, via] = read_actor(account=account, at=at, via=via)
        return actors[account.pk, via]

    with (
        patch.object(middleware, "_account", account_of),
        patch.object(middleware, "actor_for", actor_for),
        patch.object(middleware, "_was_idle", lambda request, actor, at: False),
    ):
        yield


@contextmanager
def bare_refusals() -> Iterator[None]:
    """Answer a refusal with its status alone, where a walk asks only whether a page is there."""
    with patch.object(problems, "as_page", lambda problem, **_more: HttpResponse(status=problem.status)):
        yield


def send(client: Client, method: str, address: Address, path: str, **headers: str) -> Any:
    """Open an address, or post to it what a form or a program would."""
    if method == "get":
        return client.get(path, headers=headers)
    if address.name.startswith("api:"):
        return client.post(path, '{"count": 1}', content_type="application/json", headers=headers)
    return client.post(path, SENT, headers=headers)


def path_of(address: Address, objects: Objects) -> str:
    """Give the address filled with this community's objects."""
    words = TEXTS | SLUGS.get(address.name, {})
    values = {name: words[name] if name in words else objects.of(name) for name in address.parameters}
    return reverse(address.name, kwargs=values)


def is_public(address: Address) -> bool:
    """Tell whether anybody may open an address, whatever object it names."""
    if address.name.startswith(PUBLIC_NAMESPACES):
        return not PERSONAL & set(address.parameters)
    return address.name in PUBLIC | PUBLIC_API


def may_answer(name: str, address: Address) -> bool:
    """Tell whether a stranger is none here, or is told before any look-up to come in as a resident."""
    if address.name in ANYWHERE:
        return True
    if address.name.startswith("resident:"):
        return name != "resident"
    return name in ("security", "system") and bool(ACCOUNTS & set(address.parameters))


def is_theirs(address: Address) -> bool:
    """Tell whether an address names an object of one community."""
    return bool(set(address.parameters) - SHARED_PARAMETERS - set(SLUGS.get(address.name, {})))


def page_above(address: Address, objects: Objects) -> str:
    """Give the page of the first object that an address names."""
    first = address.parameters[0]
    namespace = address.name.rpartition(":")[0]
    return reverse(f"{namespace}:{first}", kwargs={first: objects.of(first)})
