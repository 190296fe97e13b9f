"""Commitments: promised for a day to come, shown, verified by somebody else, moved, released; each is a duty."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest

from lianxin.domain.people.events import AccountClosed, PersonMerged
from lianxin.domain.people.tests.account_factories import system
from lianxin.domain.people.tests.factories import make_household, new_person
from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.voice.commands import agendas, attendance, commitments, meetings, minutes, parties
from lianxin.domain.voice.commands import matter_consequences as consequences
from lianxin.domain.voice.commands import matter_personal_data as personal_data
from lianxin.domain.voice.commands.attendance import Guest
from lianxin.domain.voice.models import Commitment, Invitation, Matter, Party
from lianxin.domain.voice.queries import commitments as reading
from lianxin.domain.voice.queries import matter_measures
from lianxin.platform import scope
from lianxin.platform.commands import command
from lianxin.platform.contributions import Window
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed
from lianxin.platform.ids import new_id

from .matter_factories import (
    AT,
    DAY,
    TODAY,
    Table,
    differences,
    fresh,
    make_community,
    make_table,
    open_duties,
    worker_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def table(db: None) -> Table:
    return make_table()


# One red point.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)


def test_commitment_is_the_duty_of_who_sees_to_it_until_it_is_verified(table: Table) -> None:
    worker = worker_of(table.community)
    row = table.promise(owner_account=worker.account)
    [duty] = open_duties("voice.keep_commitment")
    assert (duty.assignee_account, duty.due_at.date()) == (worker.account, row.due_by)

    commitments.show(
        actor=worker, commitment=row.pk, evidence="贴在楼下", fileobj=io.BytesIO(PICTURE), file_name="a.png", at=AT
    )
    assert [one.record_id for one in open_duties("voice.verify_commitment")] == [row.pk]
    with pytest.raises(commitments.OwnPromise, match="Who promised"):
        commitments.verify(actor=worker, commitment=row.pk, kept=True, verifier_name="陈阿姨", at=AT)
    kept = commitments.verify(actor=table.keeper, commitment=row.pk, kept=True, verifier_name="陈阿姨", at=AT)

    assert (kept.state, kept.ended_at, kept.verified_by) == (Commitment.State.KEPT, AT, table.keeper.account)
    assert kept.evidence_file is not None
    assert open_duties("voice.keep_commitment") == open_duties("voice.verify_commitment") == []
    with scope.everything():
        assert matter_measures.commitments_kept(Window(TODAY, TODAY + DAY)) == 1
    with pytest.raises(commitments.CommitmentEnded):
        commitments.release(actor=table.keeper, commitment=row.pk, words="x", at=AT)
    assert differences() == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"due_by": TODAY - DAY}, "due_by"),
        ({"due_by": TODAY + 6 * 366 * DAY}, "due_by"),
        ({"words": "  "}, "words"),
        ({"words": "长" * 501}, "words"),
        ({"owner_name": ""}, "owner_name"),
    ],
)
def test_promise_that_cannot_be_is_told_at_its_field(table: Table, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as told:
        table.promise(**({"words": "测量"} | wrong))

    assert list(told.value.fields) == [field]


def test_verifying_wants_what_was_done_and_somebody_who_looked(table: Table) -> None:
    row = table.promise()
    who: dict[str, Any] = {"actor": table.keeper, "commitment": row.pk, "at": AT}

    with pytest.raises(commitments.NotShown):
        commitments.verify(kept=True, verifier_name="陈阿姨", **who)
    with pytest.raises(Invalid):
        commitments.show(evidence=" ", **who)
    commitments.show(evidence="做好了", **who)
    with pytest.raises(commitments.OwnPromise):
        commitments.verify(kept=True, verifier_name="物业公司", **who)
    with pytest.raises(Invalid):
        commitments.verify(kept=False, verifier_name="陈阿姨", **who)
    with scope.everything():
        Commitment.objects.filter(pk=row.pk).update(evidence="")
    with pytest.raises(commitments.EvidenceMissing, match="Nothing shows"):
        commitments.verify(kept=True, verifier_name="陈阿姨", **who)
    sent_back = commitments.verify(kept=False, verifier_name="陈阿姨", words="一楼的灯还没修", **who)

    assert (sent_back.state, sent_back.state_words) == (Commitment.State.OPEN, "一楼的灯还没修")
    assert open_duties("voice.verify_commitment") == []
    assert differences() == []


def test_moved_day_keeps_the_first_one_and_a_broken_promise_its_reason(table: Table) -> None:
    row = table.promise(due_by=TODAY + 3 * DAY)
    who: dict[str, Any] = {"actor": table.keeper, "commitment": row.pk, "at": AT}
    with pytest.raises(Invalid):
        commitments.move_due(due_by=TODAY - DAY, words="下雨", **who)
    with pytest.raises(Invalid):
        commitments.move_due(due_by=TODAY + 9 * DAY, words="", **who)

    moved = commitments.move_due(due_by=TODAY + 9 * DAY, words="下雨", version=row.version, **who)

    assert (moved.moved, moved.first_due_by, moved.due_by) == (1, TODAY + 3 * DAY, TODAY + 9 * DAY)
    with pytest.raises(EditedMeanwhile):
        commitments.break_(words="公司退场", version=row.version, **who)
    assert commitments.break_(words="公司退场", **who).state == Commitment.State.BROKEN
    assert differences() == []


def test_list_has_what_is_due_first_on_top_with_its_light(table: Table) -> None:
    later = table.promise("下月的", due_by=TODAY + 30 * DAY)
    soon = table.promise("明天的", due_by=TODAY + DAY)

    with scope.everything():
        live = list(reading.list_commitments(actor=table.keeper, on=TODAY))
        late = list(reading.list_commitments(actor=table.keeper, state="late", on=TODAY + 2 * DAY))
        lights = [reading.light_of(one, TODAY + 2 * DAY) for one in live]

    assert [one.pk for one in live] == [soon.pk, later.pk]
    assert [one.pk for one in late] == [soon.pk]
    assert lights == ["red", "blue"]


def test_promise_is_of_one_place_in_the_actors_community(table: Table) -> None:
    who: dict[str, Any] = {"words": "x", "owner_name": "甲", "due_by": TODAY, "at": AT}
    with pytest.raises(Invalid):
        commitments.promise(actor=table.keeper, **who)
    with pytest.raises(Invalid):
        table.promise(owner_account=table.keeper.account)
    meeting = table.call()
    with pytest.raises(agendas.NotBegun):
        table.promise(meeting=meeting.pk)
    other = make_table(make_community("金涛社区", "440507004021"))
    with pytest.raises(Missing):
        commitments.promise(actor=other.keeper, matter=table.matter.pk, **who)
    with pytest.raises(NotAllowed):
        commitments.promise(actor=_resident(table), matter=table.matter.pk, **who)


def _resident(table: Table) -> Any:
    from lianxin.domain.people.models import Person
    from lianxin.domain.people.tests.factories import resident

    household = make_household(table.community, new_person("陈小明"))
    with scope.everything():
        return resident(Person.objects.filter(household=household).get())


def _held_with(table: Table, person: Any) -> Any:
    parties.add_party(
        actor=table.keeper, matter=table.matter.pk, kind="other", name="陈小明", person=person, speaker_name="陈小明",
        speaker_phone="13800138000", at=AT,
    )  # fmt: skip
    meeting = table.call(1, guests=[Guest("陈小明代表", person=None)])
    with scope.everything():
        Invitation.objects.filter(meeting=meeting, name="陈小明代表").delete()
    table.begin(meeting)
    minutes.draft(actor=table.keeper, meeting=meeting.pk, words="陈小明说同意。", at=meeting.starts_at)
    return meeting


def test_person_is_given_out_and_erased_but_the_decision_stays(table: Table) -> None:
    person = _resident(table).person
    meeting = _held_with(table, person)

    told = personal_data.export_rows(person)
    assert told["meetings"][0]["matter"] == "西区加装电梯"
    assert told["sides"][0]["side"] == "陈小明"
    with scope.everything():
        stays = personal_data.erase_rows(person, system(), AT)

    assert stays == []
    assert personal_data.export_rows(person) == {"sides": [], "meetings": []}
    assert "陈小明" not in fresh(meeting).minutes
    with scope.everything():
        assert not Invitation.objects.filter(name__contains="陈小明").exists()
        assert not Party.objects.filter(name__contains="陈小明").exists()
        assert Invitation.objects.filter(meeting=meeting, came_at__isnull=False).count() == 3


def test_communities_people_and_workers_go_and_nothing_is_lost(table: Table) -> None:
    person, other = _resident(table).person, _resident(table).person
    meeting = _held_with(table, person)
    attendance.invite(actor=table.keeper, meeting=meeting.pk, guests=[Guest("陈阿婆", person=other)], at=AT)
    into = make_table(make_community("金涛社区", "440507004021"))
    into.promise()
    worker = worker_of(table.community)
    row = table.promise(owner_account=worker.account)

    @command("tests.follow")
    def follow(*, actor: Any, at: Any) -> None:
        consequences.follow_account_closed(AccountClosed(worker.account or new_id(), None), actor=actor, at=at)
        consequences.follow_person_merged(PersonMerged(other, person, table.community.pk), actor=actor, at=at)
        merged = DivisionsMerged((table.community.pk,), into.community.pk, TODAY)
        assert consequences.preview_divisions_merged(merged)
        consequences.follow_divisions_merged(merged, actor=actor, at=at)

    follow(actor=system(), at=AT)

    moved = fresh(row)
    assert (moved.community_id, moved.number, moved.owner_account) == (into.community.pk, 2, None)
    assert fresh(table.matter).number == 2
    with scope.everything():
        assert not Matter.objects.filter(community=table.community).exists()
        assert Invitation.objects.filter(meeting=meeting, person=person).count() == 1
    assert {one.community_id for one in open_duties("voice.keep_commitment")} == {into.community.pk}
    assert differences() == []
    meetings.end(actor=into.keeper, meeting=meeting.pk, at=meeting.starts_at)
