"""Pages of mediations in the office: words are sealed for everybody but the mediator, on lists, pages and exports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.voice.commands import mediations, mediators
from lianxin.domain.voice.commands.mediations import NewParty
from lianxin.domain.voice.models import Mediation
from lianxin.platform import scope
from lianxin.platform.clock import local_day, now
from lianxin.platform.ids import new_id
from lianxin.platform.models import AuditEntry
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16
SUBJECT, ASKING, OTHER = "楼上半夜拉琴吵得睡不着", "周阿大", "吴老二"
TALK, CLAUSE = "他私下说可以九点后不拉", "吴家晚上九点后不拉琴"


@pytest.fixture
def clerk(small_district: SmallDistrict, client: Client) -> Client:
    """Staff of 翠英, who mediates."""
    small_district.log_in(client, "cuiying1")
    return client


@pytest.fixture
def quarrel(small_district: SmallDistrict) -> Mediation:
    """A quarrel whose mediator is 翠英's clerk."""
    actor = small_district.actor("cuiying1")
    row = mediations.ask(
        actor=actor,
        community=small_district.cuiying.pk,
        subject_words=SUBJECT,
        parties=[NewParty("asking", ASKING, "13900139001"), NewParty("other", OTHER)],
        at=now(),
    )
    assert actor.account is not None
    return mediators.appoint(actor=actor, mediation=row.pk, mediator=actor.account, at=now())


def page(client: Client, name: str, **named: Any) -> str:
    answer = client.get(reverse(f"staff:{name}", kwargs=named))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def post(client: Client, name: str, named: dict[str, Any], **data: Any) -> Any:
    answer = client.post(reverse(f"staff:{name}", kwargs=named), {"key": new_id(), **data})
    assert answer.status_code == 302, (name, answer.status_code, answer.content.decode()[:2000])
    return answer


def parts(row: Mediation, name: str) -> list[UUID]:
    with scope.everything():
        return list(getattr(row, name).order_by("pk").values_list("pk", flat=True))


def is_sealed(body: str) -> bool:
    """Whether a page holds nothing of what was said and by whom."""
    return not any(words in body for words in (SUBJECT, ASKING, OTHER, TALK, CLAUSE, "13900139001"))


def test_quarrel_goes_through_its_pages_and_only_opening_shows_words(clerk: Client, quarrel: Mediation) -> None:
    one = {"mediation": quarrel.pk}
    for party in parts(quarrel, "parties"):
        post(clerk, "mediation_consent", {"mediation_party": party}, agrees="yes", words="愿意")
    post(clerk, "mediation_ties", one, sure="on")
    post(clerk, "mediation_accept", one)
    post(clerk, "mediation_talk_plan", one, kind="joint", planned_on=local_day(now()) + timedelta(days=2))
    second = parts(quarrel, "parties")[1]
    post(clerk, "mediation_talk", one, kind="private", party=second, words=TALK)
    due = local_day(now()) + timedelta(days=10)
    post(clerk, "mediation_clause", one, words=CLAUSE, party=second, due_by=due)
    clause = {"clause": parts(quarrel, "clauses")[0]}
    assert CLAUSE in page(clerk, "mediation_clause_edit", **clause)
    post(clerk, "mediation_clause_agree", clause)
    for party in parts(quarrel, "parties"):
        post(clerk, "mediation_sign", {"mediation_party": party})
    post(clerk, "mediation_agree", one)
    post(clerk, "mediation_court", one, court="区人民法院", applied_on=local_day(now()))
    post(clerk, "mediation_visit_plan", one, planned_on=local_day(now()) + timedelta(days=3))
    post(clerk, "mediation_visit", one, is_kept="yes", words="晚上安静了")

    with CaptureQueriesContext(connection) as asked:
        body = page(clerk, "mediation", **one)
    assert len(asked) <= MOST_QUERIES, [query["sql"][:120] for query in asked]
    assert is_sealed(body)
    assert is_sealed(page(clerk, "mediations"))
    exported = clerk.get(reverse("staff:mediations"), {"as": "print"}).content.decode()
    assert is_sealed(exported)
    assert is_sealed(page(clerk, "mediation_open", **one))
    opened = clerk.post(reverse("staff:mediation_open", kwargs=one), {"reason": "visit"})
    shown = opened.content.decode()
    assert all(words in shown for words in (SUBJECT, ASKING, OTHER, TALK, CLAUSE))
    assert "no-store" in opened.headers["Cache-Control"]
    paper = clerk.post(reverse("staff:mediation_paper", kwargs=one), {"reason": "agreement"}).content.decode()
    assert CLAUSE in paper
    assert TALK not in paper
    assert AuditEntry.objects.filter(action="voice.open_mediation").count() == 3
    post(clerk, "mediation_perform", one)
    with scope.everything():
        assert Mediation.objects.get(pk=quarrel.pk).state == "performed"


def test_everybody_else_is_kept_out_of_what_is_sealed(
    small_district: SmallDistrict, client: Client, quarrel: Mediation
) -> None:
    one = {"mediation": quarrel.pk}
    small_district.log_in(client, "xinjin")

    assert is_sealed(page(client, "mediation", **one))
    for name in ("mediation_open", "mediation_paper", "mediation_talk", "mediation_clause", "mediation_step_down"):
        address = reverse(f"staff:{name}", kwargs=one)
        assert client.get(address).status_code == 403
        assert client.post(address, {"reason": "visit", "words": "x"}).status_code == 403
    for login in ("district", "host", "jinzhou.waisha1"):
        small_district.log_in(client, login)
        assert client.get(reverse("staff:mediation", kwargs=one)).status_code == 404
        assert client.post(reverse("staff:mediation_open", kwargs=one), {"reason": "visit"}).status_code == 404


def test_tie_that_is_named_on_the_form_is_refused_with_a_sentence(clerk: Client, quarrel: Mediation) -> None:
    address = reverse("staff:mediation_ties", kwargs={"mediation": quarrel.pk})

    answer = clerk.post(address, {"key": new_id(), "ties": ["kin"], "sure": "on"})

    assert answer.status_code == 422
    assert "亲属或姻亲" in answer.content.decode()
    post(clerk, "mediation_step_down", {"mediation": quarrel.pk})
    with scope.everything():
        assert Mediation.objects.get(pk=quarrel.pk).mediator is None
