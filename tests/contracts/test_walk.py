"""Every registered address, walked by strangers: what belongs to another community is not there for them.

Objects are those of 金洲村. Strangers are a clerk of 翠英, the subdistrict office above it, a resident of it, a
station's host, a volunteer, the three administrators, and nobody at all. To each of them every object is a 404,
whether opened or sent to: a refusal would tell them that it exists. The clerk of 金洲村 and the district walk the same
addresses, so that a 404 to a stranger means "not yours" and not "no such page". A new address with an unknown
parameter fails here until its object is named below.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from lianxin.domain.places.commands.divisions import add_division_alias
from lianxin.domain.places.commands.opening import add_opening_exception
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
from tests.support.points import MAKERS as POINTS
from tests.support.points import make_points_object
from tests.support.rooms import MAKERS as ROOMS
from tests.support.rooms import make_rooms_object
from tests.support.shop import MAKERS as SHOP
from tests.support.shop import make_shop_object
from tests.support.volunteers import MAKERS as VOLUNTEERS
from tests.support.volunteers import make_volunteer_object

pytest_plugins = ["tests.support.district"]

# What anybody may open, whoever they are; it shows nothing about a person.
PUBLIC_NAMESPACES = ("resident:", "kit:")
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
    # A device at a table: it has no login, and the page holds nothing until it is given its secret.
    "staff:till_app",
    "staff:till_worker",
    "staff:check_in_worker",
}
PUBLIC_API = {
    "api:openapi-json", "api:openapi-view", "api:api-root", "api:list_divisions", "api:count_venues", "api:list_venues",
    "api:near", "api:show_venue", "api:list_services", "api:list_categories", "api:find",
    "api:show_rules", "api:list_notices", "api:show_notice", "api:list_rolls", "api:show_roll", "api:find_seal",
    "api:offers", "api:list_activities", "api:list_calendars", "api:show_activity", "api:list_open_shifts",
    "api:show_shift", "api:check",
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
}
# Standards and programmes are the district's, and its offices read them whole.
SHARED_PARAMETERS = {
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
    "staff:venue_step": {"step": "pause"},
    "staff:volunteer_state": {"state": "resting"},
    "staff:upgrade_act": {"act": "add_milestone"},
    "staff:upgrade_line": {"act": "change_funding"},
    "district:upgrade_decide": {"decision": "approve"},
    "district:division_change": {"change": "rename"},
}
TEXTS = {
    "day": "2026-10-01", "channel": "sms", "language": "zh-hans", "code": "area_per_100_households",
    "kind": "people.residents", "token": "x", "purpose": "notices",
    "seq": "1",
}  # fmt: skip


NOW = datetime.now(UTC)
ACCOUNTS = {"account", "grant", "deputy"}
STRANGERS = ("cuiying1", "xinjin", "host", "volunteer", "system", "security", "audit")
SENT = {"on": "2026-01-01", "reason": "tests"}
# What the sample does not have, so that the owners find nothing either: a picture, a request for a reset, an open
# invitation, a locked account, wrong rows in an import, points of a household that left, a card of somebody else.
NOT_IN_SAMPLE = {
    "staff:upgrade_picture", "staff:reset_approve", "staff:account_link", "staff:account_unlock", "staff:card_revoke",
    "staff:import_marked",
    "api:show_order", "staff:activity_picture", "resident:activity_picture", "staff:picture", "staff:picture_remove",
    "staff:points_left_behind", "staff:shop_item_picture",
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
        if parameter in SHOP:
            return make_shop_object(parameter, community=self.community.pk, household=self.of("household"))
        if parameter in VOLUNTEERS:
            return make_volunteer_object(parameter, community=self.community.pk, person=self.of("person"))
        finder = FINDERS.get(parameter)
        assert finder, f"name an object for the parameter {parameter!r} in tests/contracts/test_walk.py"
        return finder(self)

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


def _account(objects: Objects) -> UUID:
    return objects.district.account("jinzhou.waisha1").pk


FINDERS: dict[str, Any] = {
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
    "reset": lambda o: new_id(),
    "picture": lambda o: new_id(),
    "voucher": lambda o: new_id(),
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


@pytest.fixture
def theirs(small_district: SmallDistrict) -> Objects:
    objects = Objects(small_district, small_district.jinzhou_village)
    for name in sorted({name for address in ADDRESSES for name in address.parameters}):
        if name not in TEXTS and not any(name in words for words in SLUGS.values()):
            objects.of(name)
    return objects


@pytest.fixture
def strangers(small_district: SmallDistrict) -> dict[str, Client]:
    found: dict[str, Client] = {}
    for name in STRANGERS:
        found[name] = Client(raise_request_exception=True)
        small_district.log_in(found[name], name)
    found["resident"] = Client()
    small_district.log_in_resident(found["resident"])
    return found


def send(client: Client, method: str, address: Address, path: str) -> Any:
    """Open an address, or post to it what a form or a program would."""
    if method == "get":
        return client.get(path)
    if address.name.startswith("api:"):
        return client.post(path, '{"count": 1}', content_type="application/json")
    return client.post(path, SENT)


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


@pytest.mark.django_db
def test_nobody_gets_past_the_door(small_district, theirs):
    client, wrong = Client(), []
    for address in ADDRESSES:
        if is_public(address):
            continue
        path = path_of(address, theirs)
        for method in ("get", "post"):
            answer = getattr(client, method)(path)
            to_login = answer.status_code == 302 and "/login" in answer.headers["Location"]
            if not to_login and answer.status_code not in (401, 403, 404, 405):
                wrong.append((method, address.name, answer.status_code))

    assert wrong == []


@pytest.mark.django_db
def test_strangers_find_nothing_of_another_community(small_district, theirs, strangers):
    wrong, walked = set(), 0
    for address in ADDRESSES:
        if is_public(address) or address.name in OWN_ADDRESSES or not is_theirs(address):
            continue
        path = path_of(address, theirs)
        for name, client in strangers.items():
            if may_answer(name, address):
                continue
            for method in ("get", "post"):
                status = send(client, method, address, path).status_code
                walked += 1
                if status not in (404, 405):
                    wrong.add(f"{address.name} {name} {method} {status}")

    assert not wrong, "; ".join(sorted(wrong))
    assert walked > 1500


@pytest.mark.django_db
def test_a_refusal_is_only_for_pages_without_an_object_or_for_those_who_see_it(small_district, theirs, strangers):
    """Who gets 403 for an act on an object may open the object itself, so that the refusal tells them nothing new."""
    wrong = set()
    for address in ADDRESSES:
        if is_public(address) or not address.parameters:
            continue
        path = path_of(address, theirs)
        for name, client in strangers.items():
            if 403 not in {send(client, method, address, path).status_code for method in ("get", "post")}:
                continue
            seen = client.get(_page_above(address, theirs)).status_code
            if seen != 200:
                wrong.add(f"{address.name} {name} {seen}")

    assert not wrong, "; ".join(sorted(wrong))


def _page_above(address: Address, objects: Objects) -> str:
    """Give the page of the first object that an address names."""
    first = address.parameters[0]
    namespace = address.name.rpartition(":")[0]
    return reverse(f"{namespace}:{first}", kwargs={first: objects.of(first)})


@pytest.mark.django_db
def test_the_same_addresses_are_there_for_those_whose_they_are(small_district, theirs):
    clients = {}
    for name in ("jinzhou.waisha1", "district", "security", "system", "audit"):
        clients[name] = Client()
        small_district.log_in(clients[name], name)
    missing = []
    for address in ADDRESSES:
        if is_public(address) or not is_theirs(address) or address.name in NOT_IN_SAMPLE:
            continue
        answers = {name: client.get(path_of(address, theirs)).status_code for name, client in clients.items()}
        if set(answers.values()) <= {404, 403}:
            missing.append(address.name)

    assert not missing, " ".join(missing)


@pytest.mark.django_db
def test_own_parents_do_not_lead_to_others_children(small_district, theirs):
    """/staff/places/<my venue>/rooms/<their room>/ is not there either."""
    client, ours, wrong = Client(), Objects(small_district, small_district.cuiying), []
    small_district.log_in(client, "cuiying1")
    for address in ADDRESSES:
        objects = [name for name in address.parameters if name in Objects.MODELS]
        if is_public(address) or len(objects) < 2:
            continue
        words = TEXTS | SLUGS.get(address.name, {})
        values = {name: words.get(name) or theirs.of(name) for name in address.parameters}
        values[objects[0]] = ours.of(objects[0])
        path = reverse(address.name, kwargs=values)
        for method in ("get", "post"):
            status = send(client, method, address, path).status_code
            if status not in (404, 405):
                wrong.append((method, address.name, status))

    assert wrong == []


@pytest.mark.django_db
def test_pages_without_an_object_show_strangers_nobody_of_another_community(small_district, theirs, strangers):
    with scope.everything():
        hidden = [str(pk) for pk in apps.get_model("people.Person").objects.filter(
            community=theirs.community).values_list("pk", flat=True)]  # fmt: skip
    leaks = []
    for address in ADDRESSES:
        if address.parameters:
            continue
        for name, client in strangers.items():
            answer = client.get(reverse(address.name))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if any(pk.encode() in body for pk in hidden):
                leaks.append((address.name, name))

    assert len(hidden) > 20
    assert leaks == []
