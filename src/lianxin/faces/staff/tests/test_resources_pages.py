"""Resources in the office and on a partner's page: offers entered, assured, promised, agreed on, given out."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from lianxin.domain.people.models import Organisation, OrganisationCommunity, OrganisationRole
from lianxin.domain.resources.commands import agreements, offers, partnerships, promises
from lianxin.domain.resources.models import Agreement, Offer, Partnership, Promise
from lianxin.domain.resources.rules.contents import OfferContent
from lianxin.domain.resources.rules.hsds_check import read_services
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id
from lianxin.platform.models import Run

pytestmark = pytest.mark.django_db
LISTS = ("offers", "partnerships", "agreements", "promises")
FORMS = ("offer_new", "partnership_new", "agreement_new", "hsds_import", "hsds")
MOST_QUERIES = 10
FORM = {
    "kind": "skill",
    "title": "律师咨询",
    "main": "C04",
    "categories": ["C05"],
    "seats": "15",
    "least_people": "2",
    "minutes": "90",
    "times": "2",
    "every": "month",
    "weekly": "周一 19:00-21:00",
    "exceptions": "2099-10-01 ~ 2099-10-07 放假",
    "reach": "radius",
    "reach_metres": "1500",
    "needs_venue": "on",
    "cost": "12.50",
}


@pytest.fixture
def clerk(small_district, client: Client) -> Client:
    small_district.log_in(client, "cuiying1")
    client.cookies["lianxin-language"] = "en"
    return client


@pytest.fixture
def firm(small_district) -> Organisation:
    with scope.everything():
        row = Organisation.objects.create(name="明亮律师事务所", registered_on=local_day(now()))
        OrganisationRole.objects.create(organisation=row, kind="partner", since_on=local_day(now()))
        OrganisationCommunity.objects.create(
            organisation=row, community=small_district.cuiying, since_on=local_day(now())
        )
    return row


def make_offer(small_district, firm: Organisation, **values: Any) -> Offer:
    """An offer of the firm in 翠英, assured unless said otherwise."""
    is_assured = values.pop("is_assured", True)
    entries: dict[str, Any] = {"kind": "skill", "title": "律师咨询", "categories": [("C04", 3)]}
    content = OfferContent(organisation=firm.pk, from_on=local_day(now()), **entries | values)
    return offers.offer(
        actor=small_district.actor("cuiying1"),
        community=small_district.cuiying.pk,
        content=content,
        is_assured=is_assured,
        at=now(),
    )


def make_promise(small_district, offer: Offer, days: int = 0) -> Promise:
    return promises.promise(
        actor=small_district.actor("cuiying1"), offer=offer.pk, on=local_day(now()) + timedelta(days=days), at=now()
    )


def fresh(row: Any) -> Any:
    """The row as it is now."""
    with scope.everything():
        return type(row).objects.get(pk=row.pk)


def page(name: str, **named: Any) -> str:
    return reverse(f"staff:{name}", kwargs=named or None)


def be_partner(small_district, client: Client, firm: Organisation, monkeypatch) -> None:
    """Let the client be somebody who works for the firm."""
    partner = Actor(
        account=new_id(),
        role="partner",
        communities=frozenset({small_district.cuiying.pk}),
        via="web",
        roles=frozenset({"partner"}),
        organisations=frozenset({firm.pk}),
    )
    small_district.log_in(client, "cuiying1")
    monkeypatch.setattr("lianxin.faces.entrance.middleware.actor_for", lambda **_more: partner)


def everything(small_district, firm: Organisation) -> dict[str, Any]:
    """One of each record."""
    keeper, today = small_district.actor("cuiying1"), local_day(now())
    offer = make_offer(small_district, firm)
    community = small_district.cuiying.pk
    base = {"actor": keeper, "community": community, "organisation": firm.pk, "at": now()}
    agreement = agreements.draft(**base, from_on=today, until_on=today)
    partnership = partnerships.tie(**base, kind="paired")
    return {
        "offer": offer,
        "promise": make_promise(small_district, offer),
        "agreement": agreement,
        "partnership": partnership,
    }


@pytest.mark.parametrize("name", [*LISTS, *FORMS])
def test_page_opens_at_a_small_cost(small_district, clerk, firm, name) -> None:
    everything(small_district, firm)
    clerk.get(page(name))

    with CaptureQueriesContext(connection) as counted:
        answer = clerk.get(page(name))

    assert answer.status_code == 200
    assert len(counted) <= MOST_QUERIES, [query["sql"][:120] for query in counted]


def test_lists_are_given_out_as_workbooks_and_on_paper(small_district, clerk, firm) -> None:
    everything(small_district, firm)

    for name in LISTS:
        book = clerk.get(page(name), {"as": "xlsx"})
        sheet = clerk.get(page(name), {"as": "print"})

        rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
        assert len(rows) >= 3, name
        assert sheet.status_code == 200


@pytest.mark.parametrize(
    "name",
    ["offer", "offer_edit", "offer_pause", "offer_end", "promise_new", "promise", "promise_note", "promise_excuse"]
    + ["agreement", "agreement_paper", "agreement_edit", "agreement_sign", "agreement_discard", "partnership_end"],
)
def test_page_of_a_record_opens_at_a_small_cost(small_district, clerk, firm, name) -> None:
    made = everything(small_district, firm)
    kind = "offer" if name == "promise_new" else name.split("_")[0]
    address = page(name, **{kind: made[kind].pk})
    clerk.get(address)

    with CaptureQueriesContext(connection) as counted:
        answer = clerk.get(address)

    assert answer.status_code == 200
    assert len(counted) <= MOST_QUERIES, [query["sql"][:120] for query in counted]


def test_clerk_enters_changes_assures_pauses_and_ends_an_offer(small_district, clerk, firm) -> None:
    sent = FORM | {"organisation": str(firm.pk), "community": str(small_district.cuiying.pk)}
    clerk.post(page("offer_new"), sent | {"from_on": local_day(now()).isoformat()})
    with scope.everything():
        row = Offer.objects.get()
        assert (row.state, row.seats, row.cost_fen, row.reach_metres) == ("offered", 15, 1250, 1500)
        assert list(row.categories.order_by("-level").values_list("category__code", "level")) == [
            ("C04", 3),
            ("C05", 2),
        ]
        assert (row.weekly_times.count(), row.exceptions.count()) == (1, 1)
    listed = clerk.get(page("offers"), {"state": "to_assure"}).content.decode()
    assert "律师咨询" in listed

    clerk.post(page("offer_assure", offer=row.pk))
    assert fresh(row).state == "active"
    form = clerk.get(page("offer_edit", offer=row.pk)).context["form"]
    values = {name: form[name].value() for name in form.fields} | {"seats": "12"}
    clerk.post(page("offer_edit", offer=row.pk), {k: v for k, v in values.items() if v is not None})
    assert (fresh(row).seats, fresh(row).state) == (12, "active")
    clerk.post(page("offer_pause", offer=row.pk), {"reason": "装修"})
    assert (fresh(row).state, fresh(row).state_reason) == ("paused", "装修")
    clerk.post(page("offer_resume", offer=row.pk))
    clerk.post(page("offer_end", offer=row.pk), {"reason": "搬走"})
    assert fresh(row).state == "active"
    clerk.post(page("offer_end", offer=row.pk), {"reason": "搬走", "confirmed": "yes"})

    assert fresh(row).state == "ended"


def test_wrong_amounts_come_back_with_a_sentence(small_district, clerk, firm) -> None:
    day = local_day(now())
    sent = FORM | {
        "organisation": str(firm.pk),
        "community": str(small_district.cuiying.pk),
        "from_on": day.isoformat(),
        "until_on": (day - timedelta(days=1)).isoformat(),
        "seats": "-5",
        "reach_metres": "",
    }

    answer = clerk.post(page("offer_new"), sent)

    told = answer.context["form"].errors
    assert (answer.status_code, set(told)) == (422, {"seats", "until_on", "reach_metres"})
    with scope.everything():
        assert not Offer.objects.exists()


def test_promise_is_noted_kept_and_taken_back(small_district, clerk, firm) -> None:
    offer = make_offer(small_district, firm, times=5)
    clerk.post(page("promise_new", offer=offer.pk), {"on": local_day(now()).isoformat(), "quantity": "1"})
    with scope.everything():
        row = Promise.objects.get()

    clerk.post(page("promise_keep", promise=row.pk))
    assert fresh(row).state == "kept"
    assert "1 of 1 kept" in clerk.get(page("offer", offer=offer.pk)).content.decode()
    clerk.post(page("promise_reopen", promise=row.pk))
    clerk.post(page("promise_note", promise=row.pk), {"quantity": "0", "reason": "没有来"})

    assert (fresh(row).state, fresh(row).reason) == ("broken", "没有来")


def test_agreement_is_drafted_signed_printed_and_ended(small_district, clerk, firm) -> None:
    offer = make_offer(small_district, firm)
    day = local_day(now())
    who = {"community": str(small_district.cuiying.pk), "organisation": str(firm.pk)}
    address = f"{page('agreement_new')}?community={who['community']}&organisation={who['organisation']}"
    days = {"from_on": day.isoformat(), "until_on": (day + timedelta(days=365)).isoformat()}

    clerk.post(address, {**days, "offers": [str(offer.pk)], "terms": "每月两次"})
    with scope.everything():
        row = Agreement.objects.get()
    assert "not signed yet" in clerk.get(page("agreement_paper", agreement=row.pk)).content.decode()
    signed = {"signed_on": day.isoformat(), "for_community": "林主任", "for_partner": "陈律师"}
    clerk.post(page("agreement_sign", agreement=row.pk), signed)
    paper = clerk.get(page("agreement_paper", agreement=row.pk)).content.decode()
    clerk.post(page("agreement_end", agreement=row.pk), {"reason": "到期"})

    assert "林主任" in paper
    assert "律师咨询" in paper
    assert (fresh(row).number, fresh(row).state) == (1, "ended")


def test_partner_is_tied_and_the_tie_ends(small_district, clerk, firm) -> None:
    day = local_day(now()).isoformat()
    sent = {"community": str(small_district.cuiying.pk), "organisation": str(firm.pk), "kind": "paired"}

    clerk.post(page("partnership_new"), sent | {"since_on": day})
    with scope.everything():
        row = Partnership.objects.get(organisation=firm)
    again = clerk.post(page("partnership_new"), sent | {"since_on": day})
    clerk.post(page("partnership_end", partnership=row.pk), {"until_on": day})

    assert again.status_code == 422
    assert fresh(row).until_on == local_day(now())


def test_partner_offers_answers_calls_off_and_prints(small_district, client, firm, monkeypatch) -> None:
    offer = make_offer(small_district, firm)
    ahead = make_promise(small_district, offer, days=3)
    keeper, day = small_district.actor("cuiying1"), local_day(now())
    agreement = agreements.draft(
        actor=keeper,
        community=small_district.cuiying.pk,
        organisation=firm.pk,
        from_on=day,
        until_on=day,
        at=now(),
    )
    agreements.sign(actor=keeper, agreement=agreement.pk, signed_on=day, for_community="甲", for_partner="乙", at=now())
    be_partner(small_district, client, firm, monkeypatch)

    with CaptureQueriesContext(connection) as counted:
        own = client.get(page("own_offers"))
    sent = FORM | {"title": "新的", "organisation": str(firm.pk), "community": str(small_district.cuiying.pk)}
    made = client.post(page("offer_new"), sent | {"from_on": day.isoformat()})
    held = client.post(page("offer_holds", offer=offer.pk))
    client.post(page("promise_excuse", promise=ahead.pk), {"reason": "出庭"})
    client.post(page("offer_pause", offer=offer.pk), {"reason": "休假"})

    assert (own.status_code, made.status_code, held.status_code) == (200, 302, 302)
    assert "律师咨询" in own.content.decode()
    assert len(counted) <= MOST_QUERIES
    with scope.everything():
        assert Offer.objects.get(title="新的").state == "offered"
    assert (fresh(ahead).state, fresh(offer).state) == ("excused", "paused")
    assert client.get(page("agreement_paper", agreement=agreement.pk)).status_code == 200
    assert client.get(page("offers")).status_code == 404
    assert client.post(page("offer_assure", offer=offer.pk)).status_code == 403


def test_partner_sees_nothing_of_another(small_district, client, firm, monkeypatch) -> None:
    with scope.everything():
        other = Organisation.objects.create(name="别的公司", registered_on=local_day(now()))
    theirs = everything(small_district, other)
    be_partner(small_district, client, firm, monkeypatch)

    for name, kind in (("offer", "offer"), ("promise", "promise"), ("agreement", "agreement")):
        assert client.get(page(name, **{kind: theirs[kind].pk})).status_code == 404, name


def test_list_goes_out_as_hsds_and_comes_in_as_a_run(small_district, clerk, firm) -> None:
    make_offer(small_district, firm)

    given = clerk.get(page("hsds"))
    assert [one["name"] for one in read_services(given.content)] == ["律师咨询"]
    where = {"community": str(small_district.cuiying.pk)}
    broken = clerk.post(page("hsds_import"), where | {"file": SimpleUploadedFile("a.json", b"{")})
    wrong = json.loads(given.content)
    wrong["contents"][0]["status"] = "open"
    refused = clerk.post(
        page("hsds_import"), where | {"file": SimpleUploadedFile("a.json", json.dumps(wrong).encode())}
    )
    taken = clerk.post(page("hsds_import"), where | {"file": SimpleUploadedFile("a.json", given.content)})

    assert (broken.status_code, refused.status_code, taken.status_code) == (422, 422, 302)
    assert "/status" in refused.content.decode()
    assert Run.objects.get().kind == "resources.offers"
