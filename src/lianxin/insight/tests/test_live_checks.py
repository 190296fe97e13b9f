"""What the self-check looks at now is told as it is, well or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from lianxin.domain.people.models import RoleGrant
from lianxin.insight.live_checks import CHECKS, look
from lianxin.platform import backup, scope, verified
from lianxin.platform.models import DueTime
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("code", sorted(CHECKS))
def test_every_look_ends_in_a_sentence(code: str, small_district: SmallDistrict) -> None:
    found = look(code, at=NOON)

    assert found.sentence
    assert found.sentence.rstrip("。.") != code


def test_longer_idle_time_than_half_an_hour_is_told(settings) -> None:
    settings.IDLE_MINUTES = 30
    usual = look("idle", at=NOON)
    settings.IDLE_MINUTES = 31

    assert usual.is_ok
    assert not look("idle", at=NOON).is_ok


def test_pages_without_https_are_told(settings) -> None:
    settings.SESSION_COOKIE_SECURE = False
    open_to_all = look("https", at=NOON)
    settings.SESSION_COOKIE_SECURE = True

    assert not open_to_all.is_ok
    assert look("https", at=NOON).is_ok


def test_round_that_is_late_is_named() -> None:
    DueTime.objects.all().delete()
    never = look("schedules", at=NOON)
    DueTime.objects.create(name="keep house", due_at=NOON - timedelta(minutes=1))
    kept = look("schedules", at=NOON)
    DueTime.objects.create(name="points: seal", due_at=NOON - timedelta(minutes=6))
    late = look("schedules", at=NOON)

    assert [never.is_ok, kept.is_ok, late.is_ok] == [False, True, False]
    assert "points: seal" in late.sentence


def test_administrator_role_that_nobody_holds_is_named(small_district: SmallDistrict) -> None:
    held = look("administrators", at=datetime.now(UTC))
    with scope.everything():
        RoleGrant.objects.filter(role="audit_admin").delete()
    missing = look("administrators", at=datetime.now(UTC))

    assert held.is_ok
    assert not missing.is_ok


def test_last_proof_and_last_backup_are_read_from_their_stamps(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path
    never = [look(code, at=NOON).is_ok for code in ("verify", "backup")]
    verified.note(at=NOON - timedelta(days=2), checks=80, differing=0)
    (tmp_path / backup.STAMP).write_text(f'{{"made_at": "{(NOON - timedelta(hours=2)).isoformat()}", "file": "a"}}')
    fresh = [look(code, at=NOON).is_ok for code in ("verify", "backup")]
    verified.note(at=NOON, checks=80, differing=1)
    spoilt = look("verify", at=NOON)

    assert (never, fresh) == ([False, False], [True, True])
    assert not spoilt.is_ok
    assert not look("backup", at=NOON + timedelta(days=2)).is_ok


def test_stamp_that_cannot_be_read_is_none(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path
    (tmp_path / verified.STAMP).write_text('{"at": 3}')

    assert verified.last() is None
