"""Doctor says in sentences what is wrong with a deployment."""

from datetime import UTC, datetime, timedelta

import pytest

from lianxin.platform import doctor, keys
from lianxin.platform.models import CalendarDay, DueTime, Job

AT = datetime.now(UTC)
pytestmark = pytest.mark.django_db


def sentences(level: str, at: datetime = AT) -> str:
    return "\n".join(finding.sentence for finding in doctor.examine(at=at) if finding.level == level)


def test_running_worker_is_told_from_one_that_stopped() -> None:
    assert "never run" in sentences("warning")

    DueTime.objects.create(name="keep house", due_at=AT + timedelta(hours=3))
    assert "keeps its times" in sentences("OK")

    DueTime.objects.update(due_at=AT - timedelta(minutes=6))
    assert "does not run" in sentences("fault")


def test_parked_job_is_named_with_its_reason() -> None:
    job = Job.objects.create(
        task="runs.apply", state="PARKED", attempts=5, failure="OSError: disk full", due_at=AT, created_at=AT
    )

    found = sentences("warning")

    assert f"{job.pk} (runs.apply) is parked after 5 attempts: OSError: disk full" in found


def test_key_file_that_others_may_read_is_a_fault(settings, tmp_path) -> None:
    settings.KEY_FILE = tmp_path / "keys.json"
    keys.create_ring(at=AT)
    settings.KEY_FILE.chmod(0o644)

    assert "others may read it" in sentences("fault")


def test_pages_for_others_need_https_and_a_named_host(settings) -> None:
    settings.ALLOWED_HOSTS = ["lianxin.example", "127.0.0.1"]
    settings.SESSION_COOKIE_SECURE = False
    assert "travel unencrypted" in sentences("fault")

    settings.ALLOWED_HOSTS = ["*"]
    assert "any host name" in sentences("fault")


def test_next_years_holidays_are_missed_only_after_the_notice_of_november() -> None:
    CalendarDay.objects.create(day_on="2026-10-01", is_workday=False, name="国庆节")

    before = sentences("warning", at=datetime(2026, 11, 10, tzinfo=UTC))
    after = sentences("warning", at=datetime(2026, 11, 20, tzinfo=UTC))

    assert "of 2027" not in before
    assert "of 2026" not in after
    assert "of 2027" in after
