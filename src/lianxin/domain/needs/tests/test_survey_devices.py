"""Phones of other programs: let in by who keeps the needs, known by digests only, locked, ended, forgotten."""

from __future__ import annotations

import base64
import json
import zlib
from datetime import timedelta
from io import BytesIO

import pytest

from lianxin.domain.needs.commands import survey_devices as commands
from lianxin.domain.needs.models import Survey, SurveyDevice
from lianxin.domain.needs.queries import survey_devices as queries
from lianxin.domain.needs.rules import survey_devices as rules
from lianxin.domain.people.tests.factories import staff
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Missing, NotAllowed
from lianxin.platform.files import FileKindRefused
from lianxin.platform.ids import new_id
from lianxin.platform.sensitive import MASK

from .factories import AT, DAY, fresh, make_place

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db0"
    "0000000049454e44ae426082"
)


def test_lock_comes_at_every_tenth_wrong_try_and_doubles_up_to_eight_hours() -> None:
    until = [rules.locked_until(failures=count, at=AT) for count in (0, 9, 10, 11, 20, 30, 500)]

    minutes = [(one - AT) / timedelta(minutes=1) if one else None for one in until]
    assert minutes == [None, None, 5, None, 10, 20, 480]


def test_settings_are_what_collect_reads_from_its_code() -> None:
    text = rules.settings_text(server="https://a.example/openrosa", login="phone-a", secret="b", project="翠英 Surveys")

    read = json.loads(zlib.decompress(base64.b64decode(text)))
    assert read["general"]["server_url"] == "https://a.example/openrosa"
    assert (read["general"]["username"], read["general"]["password"]) == ("phone-a", "b")
    assert (read["general"]["protocol"], read["admin"], read["project"]) == (
        "odk_default",
        {},
        {"name": "翠英 Surveys"},
    )


@pytest.mark.django_db
def test_password_stands_on_the_new_row_once_and_is_kept_as_digests_only() -> None:
    place, key = make_place(homes=1), new_id()
    asked = {"actor": place.keeper, "community": place.community.pk, "name": " 网格员 小林 ", "at": AT, "key": key}

    made = commands.let_in(**asked)
    again = commands.let_in(**asked)

    assert (made.pk, again.secret) == (again.pk, "")
    assert made.name == "网格员 小林"
    assert len(made.secret) == 26
    with scope.everything():
        row = SurveyDevice.objects.get()
    assert made.secret not in str(row.__dict__)
    assert str(row.ha1) == MASK
    assert row.ha1.reveal() == rules.ha1(row.login, made.secret)
    found = [queries.device_at_door(login=row.login), queries.device_at_door(secret=made.secret)]
    assert found == [row, row]
    assert queries.device_at_door(secret="x") is None


@pytest.mark.django_db
def test_only_who_keeps_a_community_lets_phones_in_and_ends_them() -> None:
    place = make_place(homes=1)
    stranger = staff("community_staff", place.elsewhere)
    asked = {"community": place.community.pk, "name": "小林", "at": AT}

    for actor in (stranger, staff("district_staff"), place.resident(0)):
        with pytest.raises(NotAllowed):
            commands.let_in(actor=actor, **asked)
    for wrong in ({"name": " "}, {"name": "林" * 41}, {"days": 0}, {"days": 401}):
        with pytest.raises(Invalid):
            commands.let_in(actor=place.keeper, **(asked | wrong))
    made = commands.let_in(actor=place.keeper, **asked)
    with pytest.raises(Missing):
        commands.end(actor=stranger, device=made.pk, at=AT)
    with scope.within(stranger.communities):
        assert list(queries.list_devices(actor=stranger)) == []


@pytest.mark.django_db
def test_wrong_passwords_lock_a_phone_and_a_right_one_opens_it_again() -> None:
    place = make_place(homes=1)
    made = commands.let_in(actor=place.keeper, community=place.community.pk, name="小林", at=AT)
    actor = commands.device_actor(made)

    for _turn in range(rules.TRIES):
        commands.note_try(actor=actor, device=made.pk, passed=False, at=AT)
    locked = fresh(made)
    commands.note_try(actor=actor, device=made.pk, passed=True, at=AT + DAY)
    opened = fresh(made)

    assert (locked.failures, locked.locked_until) == (rules.TRIES, AT + rules.FIRST_LOCK)
    assert (opened.failures, opened.locked_until, opened.last_seen_at) == (0, None, AT + DAY)


@pytest.mark.django_db
def test_ended_and_expired_phones_are_out_and_forgotten_after_a_year() -> None:
    place = make_place(homes=1)
    asked = {"actor": place.keeper, "community": place.community.pk, "at": AT}
    ended = commands.let_in(name="丢了的", **asked)
    short = commands.let_in(name="短的", days=1, **asked)
    long = commands.let_in(name="长的", days=400, **asked)

    commands.end(actor=place.keeper, device=ended.pk, at=AT + DAY)
    commands.end(actor=place.keeper, device=ended.pk, at=AT + 2 * DAY)

    assert fresh(ended).ended_at == AT + DAY
    assert [queries.is_in(fresh(row), AT + 2 * DAY) for row in (ended, short, long)] == [False, False, True]
    assert commands.purge_devices(AT + DAY * 365) == 0
    assert commands.purge_devices(AT + DAY * 368) == 2


@pytest.mark.django_db
def test_a_picture_of_the_questions_is_replaced_under_its_name_and_must_be_one() -> None:
    place = make_place(homes=1)
    with scope.everything():
        survey = Survey.objects.create(
            community=place.community, title="心愿", form_id="wishes", slug="wishes2", made_at=AT
        )
    asked = {"actor": place.keeper, "survey": survey.pk, "name": "door.png", "at": AT}

    first = commands.put_picture(fileobj=BytesIO(PNG), **asked)
    second = commands.put_picture(fileobj=BytesIO(PNG), **asked)

    assert (first.pk, first.md5) == (second.pk, second.md5)
    assert first.file_id != second.file_id
    with pytest.raises(FileKindRefused):
        commands.put_picture(fileobj=BytesIO(b"<svg/>"), **asked)
    with pytest.raises(Missing):
        commands.put_picture(**(asked | {"actor": staff("community_staff", place.elsewhere)}), fileobj=BytesIO(PNG))
