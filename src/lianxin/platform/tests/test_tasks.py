"""Jobs: leased, taken over, parked, and never run by two at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from lianxin.platform import clock, contributions, outbox, schedule, tasks
from lianxin.platform.commands import command
from lianxin.platform.contributions import Channel, Contribution, Schedule
from lianxin.platform.models import Job, Message

done: list = []


@tasks.task("tests.work")
def work(job, **args):
    done.append((job.actor.name, args))
    job.progress(1, 2, "half")


@tasks.task("tests.fail")
def fail(job):
    raise RuntimeError("no luck")


@command("tests.ask")
def ask(*, actor, at, name="tests.work", key=None, args=None, fail_after=False):
    job = tasks.enqueue(name, args=args, key=str(key) if key else None)
    if fail_after:
        raise ValueError("late")
    return job


@pytest.fixture(autouse=True)
def _fresh():
    done.clear()


@pytest.mark.django_db
def test_a_job_runs_after_its_act_with_the_actor_of_who_asked(system, at):
    job = ask(actor=system, at=at, args={"n": 1})

    assert tasks.run_one(worker="w", lane="quick", at=clock.now())

    job.refresh_from_db()
    assert (job.state, job.done_units, job.note) == ("DONE", 1, "half")
    assert done == [("", {"n": 1})]
    assert not tasks.run_one(worker="w", lane="quick", at=clock.now())


@pytest.mark.django_db
def test_a_failed_act_leaves_no_job(system, at):
    with pytest.raises(ValueError, match="late"):
        ask(actor=system, at=at, fail_after=True)

    assert not Job.objects.exists()


@pytest.mark.django_db
def test_the_job_of_a_killed_worker_comes_back_when_its_lease_is_over(system, at):
    ask(actor=system, at=at)
    tasks.claim(worker="killed", lane="quick", at=at)

    assert tasks.claim(worker="other", lane="quick", at=at + timedelta(seconds=10)) is None
    taken = tasks.claim(worker="other", lane="quick", at=at + timedelta(seconds=31))

    assert (taken.worker, taken.attempts) == ("other", 2)


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_stops_at_its_next_word(system, at):
    ask(actor=system, at=at)
    job = tasks.claim(worker="slow", lane="quick", at=at)
    slow = tasks.Running(id=job.pk, actor=system, worker="slow", attempt=1)
    tasks.claim(worker="other", lane="quick", at=at + timedelta(minutes=1))

    with pytest.raises(tasks.LeaseLost):
        slow.progress(1, 1)


@pytest.mark.django_db
def test_a_job_is_parked_after_five_attempts_and_says_why(system, at):
    job = ask(actor=system, at=at, name="tests.fail")

    for _ in range(5):
        Job.objects.update(due_at=at)
        assert tasks.run_one(worker="w", lane="quick", at=clock.now())

    job.refresh_from_db()
    assert job.state == "PARKED"
    assert "no luck" in job.failure
    tasks.resume(job=job.pk, at=at)
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("WAITING", 0)


@pytest.mark.django_db(transaction=True)
def test_eight_workers_share_forty_jobs_without_doing_one_twice(system, at):
    for n in range(40):
        ask(actor=system, at=at, args={"n": n})

    def toil(name):
        try:
            while tasks.run_one(worker=name, lane="quick", at=clock.now()):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=toil, args=(f"w{i}",)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    toil("last")

    assert sorted(args["n"] for _, args in done) == list(range(40))


@pytest.mark.django_db
def test_a_schedule_enqueues_once_per_due_time(system, at, monkeypatch):
    own = Contribution(module="tests", schedules=(Schedule("tests", task="tests.work", every=timedelta(minutes=5)),))
    monkeypatch.setattr(contributions, "_house", {"tests": own})

    schedule.tick(at=at)
    assert schedule.tick(at=at) == 1
    assert schedule.tick(at=at) == 0
    assert schedule.tick(at=at + timedelta(minutes=5)) == 1
    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_a_message_is_delivered_once_and_retried_when_its_channel_fails(system, at, monkeypatch):
    sent, broken = [], [True]

    def deliver(**message):
        if broken[0]:
            raise ConnectionError("no line")
        sent.append((message["address"], message["context"]))

    own = Contribution(module="tests", channels=(Channel("sms", deliver),))
    monkeypatch.setattr(contributions, "_house", {"tests": own})

    @command("tests.tell")
    def tell(*, actor, at):
        return outbox.send(channel="sms", address="13800000000", template="t", context={"code": "1"})

    message = tell(actor=system, at=at)
    assert "13800000000" not in str(Message.objects.values_list("address", "context").get())
    assert outbox.deliver_due(at=at) == 0
    broken[0] = False
    assert outbox.deliver_due(at=at + timedelta(minutes=5)) == 1
    assert outbox.deliver_due(at=at + timedelta(minutes=9)) == 0

    message.refresh_from_db()
    assert (message.state, sent) == ("SENT", [("13800000000", {"code": "1"})])
