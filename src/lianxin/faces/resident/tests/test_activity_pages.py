"""Activities on residents' pages: what is on, one date, signing up as guest and with the family, the ticket."""

from __future__ import annotations

import gzip
import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib import auth
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lianxin.domain.activities.commands.draws import draw
from lianxin.domain.activities.models import SignUp
from lianxin.domain.activities.rules import draws, tokens
from lianxin.domain.activities.tests.sign_up_factories import (
    Scene,
    make_home,
    make_limit,
    make_question,
    make_scene,
    now_of,
    sign_up_guest,
    sign_up_residents,
)
from lianxin.domain.people.models import Account, Person
from lianxin.domain.people.rules.contacts import phone_digest
from lianxin.faces.entrance.session import BACKEND, SEEN
from lianxin.faces.resident import kept_dates, page_cache
from lianxin.platform import scope
from lianxin.platform.clock import now
from tests.support.pages import weight_of

pytestmark = pytest.mark.django_db
PHONE = "13800009999"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Pages kept by an earlier test are of another database."""
    page_cache.forget()
    kept_dates.forget()


def scene_now(**values: Any) -> Scene:
    """A date in eight days, as pages ask the real clock."""
    starts = now().replace(microsecond=0) + timedelta(days=8)
    return make_scene(**{"starts_at": starts, "ends_at": starts + timedelta(hours=2)} | values)


def log_in(client: Client, person: Person) -> None:
    """Come in as a resident."""
    account, _made = Account.objects.get_or_create(
        kind="resident",
        person=person,
        defaults={
            "state": "active",
            "phone_digest": person.phone_digest or phone_digest(PHONE),
            "created_at": datetime.now(UTC),
            "display_name": person.name,
        },
    )
    session = client.session
    session[auth.SESSION_KEY] = str(account.pk)
    session[auth.BACKEND_SESSION_KEY] = BACKEND
    session[auth.HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[SEEN] = now().isoformat()
    session.save()
    client.cookies["sessionid"] = session.session_key


def address(scene: Scene, name: str = "activity") -> str:
    """Where a page of the date is."""
    return reverse(f"resident:{name}", args=[scene.occurrence.pk])


def text_of(client: Client, where: str) -> str:
    """The text of a page that is there."""
    answer = client.get(where)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def fill_in(client: Client, scene: Scene, **values: str) -> Any:
    """Open the form and send it as a browser without JavaScript does."""
    page = text_of(client, address(scene, "activity_sign_up"))
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page))
    return client.post(address(scene, "activity_sign_up"), hidden | {"name": "陈小明", "phone": PHONE} | values)


def only_sign_up(scene: Scene) -> SignUp:
    """The one sign-up there is."""
    with scope.everything():
        return SignUp.objects.get(occurrence=scene.occurrence)


def test_what_is_on_is_listed_with_how_full_it_is(client: Client) -> None:
    scene = scene_now(size=1)

    before = text_of(client, reverse("resident:activities"))
    sign_up_guest(scene, 1, at=now())
    after = text_of(client, reverse("resident:activities"))

    assert "健康讲座" in before
    assert "还有 1 个空位" in before
    assert "已满" in after
    assert address(scene) in before


def test_a_list_is_narrowed_by_days_kind_and_words(client: Client) -> None:
    scene_now()
    browse = reverse("resident:activities")

    assert "健康讲座" in text_of(client, f"{browse}?q=讲座&category=990")
    for nothing in ("?q=没有这个", "?when=today", "?category=000"):
        assert "健康讲座" not in text_of(client, browse + nothing)
    assert client.get(f"{browse}?after=rubbish").status_code == 404


def test_a_page_is_kept_and_still_says_how_full_it_is(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scene = scene_now(size=3)
    first = text_of(client, address(scene))

    with django_assert_num_queries(1):
        again = text_of(client, address(scene))
    sign_up_guest(scene, 1, at=now())
    with django_assert_num_queries(1):
        fuller = text_of(client, address(scene))

    assert first == again
    assert "还有 3 个空位" in first
    assert "还有 2 个空位" in fuller


def test_a_changed_date_is_shown_anew(client: Client) -> None:
    scene = scene_now()
    text_of(client, address(scene))

    scene.change(title="秋日讲座", version=2)

    assert "秋日讲座" in text_of(client, address(scene))


def test_a_kept_page_comes_packed_and_is_the_same(client: Client) -> None:
    scene = scene_now()
    plain = client.get(address(scene)).content

    packed = client.get(address(scene), headers={"accept-encoding": "gzip"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain


def test_a_date_in_elder_mode_or_in_english_is_another_page(client: Client) -> None:
    scene = scene_now()
    normal = text_of(client, address(scene))
    client.cookies["lianxin-mode"] = "elder"
    elder = text_of(client, address(scene))
    client.cookies["lianxin-language"] = "en"
    english = text_of(client, address(scene))

    assert 'data-mode="normal"' in normal
    assert 'data-mode="elder"' in elder
    assert "10 places left" in english


def test_drafts_and_rubbish_are_not_there(client: Client) -> None:
    scene = scene_now(state="draft", published_at=None)

    for name in ("activity", "activity_sign_up", "activity_draw"):
        assert client.get(address(scene, name)).status_code == 404
    for token in ("rubbish", "A" * 26):
        assert client.get(f"/t/{token}/").status_code == 404


def test_a_guest_signs_up_with_two_requests_after_the_page(client: Client) -> None:
    scene = scene_now()

    answer = fill_in(client, scene)

    made = only_sign_up(scene)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"{made.code[:3]} {made.code[3:]}" in page
    assert "陈小明" in page
    assert '<svg role="img"' in page
    assert (made.state, made.how) == ("confirmed", "guest")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_form_sent_twice_is_one_sign_up(client: Client) -> None:
    scene = scene_now()
    page = text_of(client, address(scene, "activity_sign_up"))
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page))
    sent = hidden | {"name": "陈小明", "phone": PHONE}

    answers = [client.post(address(scene, "activity_sign_up"), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert scene.counters == (1, 0)


def test_two_visitors_get_forms_of_their_own(client: Client) -> None:
    scene = scene_now()

    keys = {
        re.search(r'name="key" value="([^"]+)"', text_of(client, address(scene, "activity_sign_up")))[1]  # type: ignore[index]
        for _ in range(3)
    }

    assert len(keys) == 3


def test_the_forms_token_is_one_that_passes(client: Client) -> None:
    scene = scene_now()
    strict = Client(enforce_csrf_checks=True)
    page = text_of(strict, address(scene, "activity_sign_up"))
    page = text_of(strict, address(scene, "activity_sign_up"))
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page))

    sent = strict.post(address(scene, "activity_sign_up"), hidden | {"name": "陈小明", "phone": PHONE})
    forged = strict.post(address(scene, "activity_sign_up"), {"name": "陈小明", "phone": PHONE})

    assert (sent.status_code, forged.status_code) == (200, 403)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "这一项必填"),
        ({"name": "陈" * 3000}, "40"),
        ({"phone": "1380000"}, "手机"),
        ({"phone": ""}, "这一项必填"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client: Client, values: dict[str, str], sentence: str) -> None:
    scene = scene_now()

    answer = fill_in(client, scene, **{"note": "坐轮椅"} | values)

    assert answer.status_code == 422
    assert "坐轮椅" in answer.content.decode()
    assert sentence in answer.content.decode() or 'class="field field-wrong"' in answer.content.decode()
    assert scene.counters == (0, 0)


def test_companions_get_tickets_of_their_own(client: Client) -> None:
    scene = scene_now()

    page = fill_in(client, scene, with_1="陈小红").content.decode()

    assert scene.counters == (2, 0)
    assert "陈小红" in page
    assert page.count("code-big") == 2


def test_a_second_sign_up_of_the_same_person_is_refused_with_a_sentence(client: Client) -> None:
    scene = scene_now()
    fill_in(client, scene)

    answer = fill_in(client, scene)

    assert answer.status_code == 422
    assert "已经报过名" in answer.content.decode()


def test_when_it_is_full_the_answer_is_a_number_on_the_list(client: Client) -> None:
    scene = scene_now(size=1)
    sign_up_guest(scene, 1, at=now())

    page = fill_in(client, scene).content.decode()

    assert "第 1 位" in page
    assert "code-big" not in page


def test_questions_and_kinds_of_places_are_asked(client: Client) -> None:
    scene = scene_now()
    question = make_question(scene, "有没有忌口?", is_required=True)
    limit = make_limit(scene, "轮椅位", 2)

    refused = fill_in(client, scene)
    kept_dates.forget()
    taken = fill_in(client, scene, **{f"question_{question.pk}": "没有", "limit": str(limit.pk)})

    assert (refused.status_code, taken.status_code) == (422, 200)
    assert only_sign_up(scene).limit_id == limit.pk


def test_a_family_signs_up_on_one_page(client: Client) -> None:
    scene = scene_now()
    people = make_home(scene.community, "陈大", "陈二", "陈三")
    log_in(client, people[0])

    page = text_of(client, address(scene, "activity_sign_up"))
    answer = client.post(
        address(scene, "activity_sign_up"), {"people_chosen": [str(people[0].pk), str(people[2].pk)], "note": ""}
    )

    assert "陈二" in page
    assert answer.status_code == 200, answer.content.decode()[:3000]
    assert scene.counters == (2, 0)
    mine = text_of(client, reverse("resident:my_activities"))
    assert "陈大、陈三" in mine
    assert "陈大" in text_of(client, address(scene))


def test_a_stranger_cannot_be_chosen(client: Client) -> None:
    scene = scene_now()
    [me], [other] = make_home(scene.community, "陈大"), make_home(scene.community, "林二")
    log_in(client, me)

    answer = client.post(address(scene, "activity_sign_up"), {"people_chosen": [str(other.pk)], "note": ""})

    assert answer.status_code == 422
    assert scene.counters == (0, 0)


def test_a_resident_may_sign_up_a_guest(client: Client) -> None:
    scene = scene_now()
    [me] = make_home(scene.community, "陈大")
    log_in(client, me)

    where = address(scene, "activity_sign_up") + "?as=guest"
    answer = client.post(where, {"name": "外地朋友", "phone": PHONE, "note": ""})

    assert answer.status_code == 200
    assert only_sign_up(scene).signed_by_person == me.pk
    assert "外地朋友" in text_of(client, reverse("resident:my_activities"))


def test_a_ticket_is_cancelled_by_its_link(client: Client) -> None:
    scene = scene_now()
    made = sign_up_guest(scene, 1, at=now())
    path = tokens.ticket_path(tokens.token_for(made.pk))

    assert path == reverse("resident:ticket", args=[tokens.token_for(made.pk)])
    assert "来客1" in text_of(client, path)
    assert "来客1" in text_of(client, f"{path}cancel/") or "健康讲座" in text_of(client, f"{path}cancel/")
    answer = client.post(f"{path}cancel/", {"who": "all"})

    assert answer.headers["Location"] == path
    assert now_of(made).state == "cancelled"
    assert client.get(f"{path}cancel/").status_code == 302


def test_one_of_a_party_stays_away_alone(client: Client) -> None:
    scene = scene_now()
    people = make_home(scene.community, "陈大", "陈二")
    made = sign_up_residents(scene, scene.as_resident(people[0]), *people, at=now())
    path = tokens.ticket_path(tokens.token_for(made[0].pk))

    client.post(f"{path}cancel/", {"who": str(made[1].pk)})

    assert [now_of(row).state for row in made] == ["confirmed", "cancelled"]


def test_an_offer_is_answered_on_the_tickets_page(client: Client) -> None:
    scene = scene_now(size=1)
    first, second = (sign_up_guest(scene, number, at=now()) for number in (1, 2))
    client.post(f"{tokens.ticket_path(tokens.token_for(first.pk))}cancel/", {"who": "all"})
    path = tokens.ticket_path(tokens.token_for(second.pk))

    page = text_of(client, path)
    client.post(f"{path}offer/", {"answer": "yes"})

    assert 'name="answer"' in page
    assert now_of(second).state == "confirmed"
    assert 'name="answer"' not in text_of(client, path)


def test_a_draw_can_be_checked_by_anybody(client: Client) -> None:
    seed, digest = draws.new_seed()
    closes = now() + timedelta(hours=1)
    scene = scene_now(size=1, is_drawn=True, sign_up_until=closes, seed=seed, seed_digest=digest)
    for number in (1, 2):
        sign_up_guest(scene, number, at=now())
    before = text_of(client, address(scene, "activity_draw"))

    draw(actor=scene.keeper, occurrence=scene.occurrence.pk, at=closes)
    after = text_of(client, address(scene, "activity_draw"))

    assert seed not in before
    assert digest in before
    shown = re.search(r"\b([0-9a-f]{32})\b", after)
    assert shown
    assert hashlib.sha256(shown[1].encode()).hexdigest() == digest
    assert "来客" not in after


def test_my_activities_want_a_login(client: Client) -> None:
    answer = client.get(reverse("resident:my_activities"))

    assert answer.status_code == 302
    assert reverse("login_phone") in answer.headers["Location"]


def test_a_first_visit_is_light(client: Client) -> None:
    scene = scene_now()

    page = client.get(address(scene)).content
    form = client.get(address(scene, "activity_sign_up")).content
    ticket = fill_in(client, scene).content

    files = set(re.findall(r'(?:href|src)="/static/([^"#]+)(?:#[^"]*)?"', (page + form + ticket).decode()))
    total = sum(len(gzip.compress(part)) for part in (page, form, ticket)) + sum(weight_of(path) for path in files)
    assert files
    assert total <= 60 * 1024


def test_pages_cost_few_queries(client: Client, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    scene = scene_now()
    people = make_home(scene.community, "陈大", "陈二")
    log_in(client, people[0])
    sign_up_residents(scene, scene.as_resident(people[0]), *people, at=now())
    text_of(client, "/me/activities/")

    for where in (
        reverse("resident:activities"),
        address(scene),
        reverse("resident:my_activities"),
    ):
        text_of(client, where)
        with django_assert_max_num_queries(10):
            text_of(client, where)
