"""Jobs, messages and the log are shown to their administrators and to nobody else."""

from datetime import UTC, datetime

import pytest

from lianxin.platform import audit_log, clock, operations
from lianxin.platform.actors import Actor
from lianxin.platform.commands import act, command
from lianxin.platform.errors import NotAllowed
from lianxin.platform.ids import new_id
from lianxin.platform.models import Job

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def actor(role, **more):
    return Actor(account=new_id(), role=role, communities=frozenset(), via="web", roles=frozenset({role}), **more)


@command("tests.greet")
def greet(*, actor, community, at):
    act().note(community_id=community)


@pytest.mark.django_db
def test_only_the_system_administrator_sees_jobs():
    Job.objects.create(task="x", due_at=AT, created_at=AT, state="PARKED")

    seen = operations.list_jobs(actor=actor("system_admin"), state="PARKED")

    assert [job.task for job in seen] == ["x"]
    assert operations.count_jobs(actor=actor("system_admin"))["PARKED"] == 1
    for ask in (operations.count_jobs, operations.list_failed_messages, operations.list_schedules):
        with pytest.raises(NotAllowed):
            ask(actor=actor("audit_admin"))


@pytest.mark.django_db
def test_work_that_runs_cannot_be_resumed():
    job = Job.objects.create(task="x", due_at=AT, created_at=AT, state="RUNNING")

    with pytest.raises(operations.NotParked):
        operations.resume_job(actor=actor("system_admin"), job=job.pk, at=AT)


@pytest.mark.django_db
def test_only_the_audit_administrator_reads_the_log():
    greet(actor=actor("community_staff", name="Lin"), community=new_id(), at=AT)
    reader = actor("audit_admin")

    assert [row.action for row in audit_log.list_entries(actor=reader, action="tests.greet")] == ["tests.greet"]
    assert audit_log.list_entries(actor=reader, from_on=clock.local_day(AT), who="lin").count() == 1
    with pytest.raises(NotAllowed):
        audit_log.list_entries(actor=actor("system_admin"))


@pytest.mark.django_db
def test_the_log_of_a_record_holds_what_touched_it_first_and_what_touched_it_too():
    day, other = Job(), Job()

    @command("tests.touch_both")
    def touch_both(*, actor, first, second, at):
        act().target(first)
        act().target(second)

    touch_both(actor=actor("community_staff"), first=day, second=other, at=AT)
    touch_both(actor=actor("community_staff"), first=other, second=day, at=AT)
    touch_both(actor=actor("community_staff"), first=other, second=other, at=AT)

    assert audit_log.list_entries(actor=actor("audit_admin"), record=day.pk).count() == 2


@pytest.mark.django_db
def test_what_was_done_today_is_told_once_for_each_colleague_within_reach_and_not_counted():
    here, elsewhere = new_id(), new_id()
    colleague = actor("community_staff", name="Lin")
    for community in (here, here, elsewhere):
        greet(actor=colleague, community=community, at=AT)
    me = Actor(account=new_id(), role="community_staff", communities=frozenset({here}), via="web")

    done = audit_log.list_done_today(actor=me, on=clock.local_day(AT), actions=["tests.greet"])

    assert [(row.actor_name, row.action) for row in done] == [("Lin", "tests.greet")]
