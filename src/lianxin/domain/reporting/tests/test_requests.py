"""A request on its way: refused, delivered at once, asked as duties, answered once, asked again, ended, counted."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from lianxin.domain.places.events import DivisionsMerged
from lianxin.domain.reporting.commands import requests, requests_answers, requests_fields, requests_sending
from lianxin.domain.reporting.commands import requests_consequences as follows
from lianxin.domain.reporting.models import RequestAnswer, RequestPlace, RequestReach, UpperRequest
from lianxin.domain.reporting.queries import requests as queries
from lianxin.domain.reporting.queries import requests_checks, requests_gate
from lianxin.domain.reporting.rules.requests import NotNow
from lianxin.domain.reporting.tests.request_factories import (
    AT,
    DAY,
    HOUR,
    SYSTEM,
    TODAY,
    Place,
    ask,
    draft,
    know,
    make_place,
    open_duties,
    reach_of,
    send,
    sent,
)
from lianxin.platform import contributions, facts, scope
from lianxin.platform.actors import Actor
from lianxin.platform.commands import command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, NotAllowed
from lianxin.platform.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place()


def figure(measure: str) -> int:
    with scope.everything():
        return facts.figure(measure, from_on=date(2026, 1, 1), until_on=date(2028, 1, 1))


def wrong() -> list[str]:
    with scope.everything():
        return [line for check in _checks() for line in check.run()]


def _checks() -> list[Any]:
    return next(one for one in contributions.modules() if one.module == "reporting").checks


def answer(
    place: Place, row: UpperRequest, said: str = "12", *, by: Actor | None = None, number: int = 1
) -> RequestReach:
    reach = reach_of(row, place.community if by is None else place.other, number)
    hands = [one.pk for one in queries.fields_of(row) if one.how == "hand"]
    return requests_answers.answer(
        actor=by or place.clerk, reach=reach.pk, values=dict.fromkeys(hands, said), at=reach.opened_at + HOUR
    )


def test_known_figures_are_delivered_at_once_and_nobody_is_asked(place: Place) -> None:
    row = draft(place, purpose="", approver="", expires_on=None)
    know(place, row)
    know(place, row, "openings", period="2025")

    done = send(place, row)

    assert (done.state, done.is_known_only, done.ended_at) == ("closed", True, AT)
    assert open_duties() == []
    assert [figure(name) for name in ("demands_sent", "fields_asked", "fields_answered_by_figures")] == [0, 0, 4]
    assert wrong() == []


def test_gate_stops_a_request_that_says_neither_why_nor_who_nor_until_when(place: Place) -> None:
    row = draft(place, purpose="", approver="", expires_on=None)
    ask(place, row)

    with pytest.raises(requests_sending.StoppedAtGate) as stopped:
        send(place, row)

    assert set(stopped.value.fields) == {"purpose", "approver", "expires_on"}
    row.refresh_from_db()
    assert row.state == "draft"
    assert open_duties() == []
    standing = queries.standing_of(request=row, at=AT)
    assert [one.where for one in standing.lacks] == ["purpose", "approver", "expires_on"]


def test_hand_fields_become_one_duty_for_each_community_and_the_answer_closes_it(place: Place) -> None:
    row = draft(place)
    know(place, row)
    ask(place, row, "库存沙袋")
    ask(place, row, "可用抽水泵")
    row = send(place, row)

    before = open_duties()
    answer(place, row, " １,２００ ")

    assert {one.community_id for one in before} == set(place.both)
    assert {one.assignee_role for one in before} == {"community_staff"}
    assert [one.community_id for one in open_duties()] == [place.other.pk]
    with scope.everything():
        assert set(RequestAnswer.objects.values_list("value", flat=True)) == {"1200"}
    counts = [figure(name) for name in ("demands_sent", "fields_asked", "fields_answered_by_figures")]
    assert counts == [2, 4, 2]
    assert wrong() == []


def test_last_answer_of_all_closes_what_is_asked_once(place: Place) -> None:
    row = sent(place)
    answer(place, row)
    answer(place, row, by=place.other_clerk)

    row.refresh_from_db()
    assert row.state == "closed"
    with pytest.raises(NotNow):
        answer(place, row)


def test_nothing_is_typed_twice_the_last_answer_to_the_same_field_is_filled_in(place: Place) -> None:
    answer(place, sent(place, "库存沙袋"), "350")
    later = draft(place, due_at=AT + 40 * DAY, expires_on=TODAY + 50 * DAY, at=AT + 30 * DAY)
    ask(place, later, "本月 库存沙袋 数量", again_words="雨季后又用掉一些", at=AT + 30 * DAY)
    later = send(place, later, at=AT + 30 * DAY)

    with scope.within(place.clerk.communities):
        filled = queries.prefilled(reach=reach_of(later, place.community))

    assert [one.value for one in filled.values()] == ["350"]
    assert figure("fields_asked_again") == 2


def test_what_looks_known_needs_a_written_reason(place: Place) -> None:
    row = draft(place)

    with pytest.raises(Invalid) as refused:
        ask(place, row, "60岁以上老年人数")
    kept = ask(place, row, "60岁以上老年人数", again_words="按户籍口径")
    plain = ask(place, row, "库存沙袋", again_words="没有什么好说的")

    assert list(refused.value.fields) == ["again_words"]
    assert (kept.is_again, kept.again_words) == (True, "按户籍口径")
    assert (plain.is_again, plain.again_words) == (False, "")


def test_what_any_office_asked_within_a_year_is_shown_and_can_be_taken_from_there(place: Place) -> None:
    old = sent(place, "库存沙袋")
    answer(place, old, "350")
    row = draft(place, office_name="市应急局", office_level="city")

    found = requests_gate.find_alike(label="沙袋库存", at=AT + DAY)
    with pytest.raises(Invalid):
        ask(place, row, "库存的沙袋", at=AT + DAY)
    requests_fields.ask_earlier(actor=place.department, request=row.pk, source=found[0].field, at=AT + DAY)
    done = send(place, row, at=AT + DAY)

    assert (found[0].kind, found[0].label) == ("asked", "库存沙袋")
    assert done.is_known_only
    lines = {one.community.pk: one.values for one in queries.answers_of(actor=place.department, request=done)}
    assert lines == {place.community.pk: ["350"], place.other.pk: [""]}
    assert requests_gate.find_alike(label="库存沙袋", at=AT + 370 * DAY) == []
    with pytest.raises(Invalid):
        requests_fields.ask_earlier(
            actor=place.department, request=draft(place).pk, source=found[0].field, at=AT + 370 * DAY
        )


def test_same_thing_twice_in_one_request_is_stopped(place: Place) -> None:
    row = draft(place)
    ask(place, row, "库存沙袋")
    ask(place, row, "本月库存沙袋数量")

    with pytest.raises(requests_sending.StoppedAtGate) as stopped:
        send(place, row)

    assert "库存沙袋" in str(stopped.value.fields["fields"][0])


@pytest.mark.parametrize(
    ("how", "values", "field"),
    [
        ("figure", {"measure": "nonsense", "period": "2025"}, "measure"),
        ("figure", {"measure": "visits", "period": "2025-13"}, "period"),
        ("hand", {"label": " ", "why": "x"}, "label"),
        ("hand", {"label": "库存沙袋", "why": " "}, "why"),
        ("hand", {"label": "库存沙袋", "why": "x", "answer_type": "colour"}, "answer_type"),
        ("hand", {"label": "沙" * 121, "why": "x"}, "label"),
    ],
)
def test_bad_field_comes_back_with_a_sentence(place: Place, how: str, values: dict[str, str], field: str) -> None:
    row = draft(place)
    add = requests_fields.ask_figure if how == "figure" else requests_fields.ask_by_hand

    with pytest.raises(Invalid) as refused:
        add(actor=place.department, request=row.pk, at=AT, **values)

    assert list(refused.value.fields) == [field]
    assert len(str(refused.value.fields[field][0])) > 10


@pytest.mark.parametrize(
    ("answer_type", "said"),
    [("number", "很多"), ("number", "1e99"), ("number", "NaN"), ("date", "昨天"), ("text", " "), ("text", "长" * 2001)],
)
def test_bad_answer_names_the_field_and_nothing_is_kept(place: Place, answer_type: str, said: str) -> None:
    row = draft(place)
    field = ask(place, row, "库存沙袋", answer_type=answer_type)
    row = send(place, row)

    with pytest.raises(Invalid) as refused:
        answer(place, row, said)

    assert "库存沙袋" in str(refused.value.fields[str(field.pk)][0])
    with scope.everything():
        assert not RequestAnswer.objects.exists()


def test_file_is_handed_in_once_and_missing_one_is_named(place: Place, settings: Any, tmp_path: Any) -> None:
    settings.FILES_ROOT = tmp_path
    row = draft(place)
    field = ask(place, row, "现场清单", answer_type="file")
    row = send(place, row)
    reach = reach_of(row, place.community)

    with pytest.raises(Invalid) as refused:
        answer(place, row)
    requests_answers.attach(
        actor=place.clerk,
        reach=reach.pk,
        field=field.pk,
        fileobj=io.BytesIO(b"%PDF-1.7\n"),
        file_name="清单.pdf",
        at=AT,
    )
    answer(place, row)

    assert "现场清单" in str(refused.value.fields[str(field.pk)][0])
    with scope.everything():
        assert RequestAnswer.objects.get().value == "清单.pdf"


def test_request_that_repeats_asks_again_in_working_hours_until_its_last_day(place: Place) -> None:
    row = sent(place, repeats="monthly", expires_on=date(2026, 6, 20))
    # 8 May is a Friday; at night nothing is asked.
    night, morning = datetime(2026, 5, 8, 14, 0, tzinfo=UTC), datetime(2026, 5, 8, 1, 0, tzinfo=UTC)

    with scope.everything():
        assert requests_sending.list_due(at=AT + DAY) == ([], [])
        assert requests_sending.list_due(at=night) == ([], [])
        assert requests_sending.list_due(at=morning) == ([], [row.pk])
    row = requests_sending.open_round(actor=SYSTEM, request=row.pk, at=morning)
    second = reach_of(row, place.community, 2)
    answer(place, row, "7", number=2)
    row.refresh_from_db()

    # Due on 17 April first; 17 May is a Sunday.
    assert second.due_at.date() == date(2026, 5, 18)
    assert (row.rounds, row.next_on, row.state) == (2, date(2026, 6, 8), "sent")
    assert figure("demands_sent") == 4
    row = requests_sending.open_round(actor=SYSTEM, request=row.pk, at=datetime(2026, 6, 8, 1, 0, tzinfo=UTC))
    assert row.next_on is None
    with scope.everything():
        assert requests_sending.list_due(at=datetime(2026, 6, 21, 1, 0, tzinfo=UTC)) == ([row.pk], [])
    done = requests_sending.expire(actor=SYSTEM, request=row.pk, at=datetime(2026, 6, 21, 1, 0, tzinfo=UTC))
    assert done.state == "expired"
    assert open_duties() == []
    assert wrong() == []


def test_new_approval_lets_it_live_on_for_a_year_at_most(place: Place) -> None:
    row = sent(place, repeats="monthly", expires_on=date(2026, 5, 1))

    with pytest.raises(Invalid) as refused:
        requests_sending.renew(
            actor=place.department, request=row.pk, approver=" ", expires_on=TODAY + timedelta(days=366), at=AT
        )
    kept = requests_sending.renew(
        actor=place.department, request=row.pk, approver="区委办", expires_on=TODAY + timedelta(days=365), at=AT
    )

    assert set(refused.value.fields) == {"approver", "expires_on"}
    assert kept.next_on == date(2026, 5, 8)
    with pytest.raises(requests_sending.NeedsAsker):
        requests_sending.renew(
            actor=place.department, request=sent(place, "雨衣").pk, approver="区委办", expires_on=TODAY + 9 * DAY, at=AT
        )


def test_withdrawing_ends_the_duties_and_what_was_asked_stays_counted(place: Place) -> None:
    row = sent(place)

    with pytest.raises(Invalid):
        requests_sending.withdraw(actor=place.department, request=row.pk, words=" ", at=AT)
    requests_sending.withdraw(actor=place.department, request=row.pk, words="发错了", at=AT)

    assert open_duties() == []
    assert figure("demands_sent") == 2
    assert wrong() == []
    with pytest.raises(NotNow):
        answer(place, row)


def test_sending_at_night_with_a_day_to_answer_is_warned_of_and_counted(place: Place) -> None:
    # Saturday evening, due on Sunday.
    evening = datetime(2026, 4, 11, 12, 0, tzinfo=UTC)
    row = draft(place, due_at=evening + DAY, at=evening)
    ask(place, row, at=evening)

    standing = queries.standing_of(request=row, at=evening)
    send(place, row, at=evening)

    assert (standing.lacks, len(standing.warnings)) == ([], 3)
    assert [figure(name) for name in ("demands_out_of_hours", "demands_short_notice")] == [2, 2]
    assert wrong() == []


def test_office_of_one_subdistrict_reads_what_reaches_it_and_changes_only_its_own(place: Place) -> None:
    wide = draft(place)
    mine = draft(place, by=place.office, communities=[place.community.pk])
    elsewhere = draft(place, communities=[place.other.pk])

    with scope.within(place.office.communities):
        seen = set(queries.list_requests(actor=place.office).values_list("pk", flat=True))
        assert seen == {wide.pk, mine.pk}
        with pytest.raises(Missing):
            queries.find_request(actor=place.office, request=elsewhere.pk)
        assert not queries.may_manage(actor=place.office, request=wide.pk)
        assert queries.may_manage(actor=place.office, request=mine.pk)
    with pytest.raises(NotAllowed):
        requests.discard(actor=place.office, request=wide.pk, at=AT)
    with pytest.raises(Missing):
        requests.discard(actor=place.office, request=elsewhere.pk, at=AT)
    with pytest.raises(NotAllowed):
        draft(place, by=place.office)
    with pytest.raises(NotAllowed):
        draft(place, by=place.clerk)
    with pytest.raises(Missing):
        answer(place, sent(place), by=place.clerk)


def test_draft_is_changed_by_one_at_a_time_and_what_was_sent_stays(place: Place) -> None:
    row = draft(place)

    changed = requests.edit(
        actor=place.department, request=row.pk, version=1, title="季报", communities=[place.other.pk], at=AT
    )

    assert changed.title == "季报"
    with scope.everything():
        assert [one.community_id for one in RequestPlace.objects.filter(request=row)] == [place.other.pk]
    with pytest.raises(EditedMeanwhile):
        requests.edit(actor=place.department, request=row.pk, version=1, title="年报", at=AT)
    with pytest.raises(Invalid) as refused:
        requests.edit(actor=place.department, request=row.pk, title="", kind="poem", at=AT)
    assert set(refused.value.fields) == {"title", "kind"}
    with pytest.raises(NotNow):
        requests.edit(actor=place.department, request=sent(place).pk, title="年报", at=AT)
    entry = AuditEntry.objects.filter(action="reporting.edit_request").get()
    assert entry.change["title"] == ["月报", "季报"]


def test_sending_twice_with_one_key_sends_once(place: Place) -> None:
    row = draft(place)
    ask(place, row)
    key = UUID(int=7)

    for _time in range(2):
        requests_sending.send(actor=place.department, request=row.pk, at=AT, key=key)

    assert len(open_duties()) == 2


def test_community_that_became_part_of_another_owes_nothing_and_its_successor_is_asked_the_next_round(
    place: Place,
) -> None:
    row = sent(place, repeats="monthly", communities=[place.community.pk], expires_on=date(2026, 6, 20))
    event = DivisionsMerged((place.community.pk,), place.other.pk, TODAY)

    @command("tests.merge")
    def merge(*, actor: Actor, at: datetime) -> None:
        follows.follow_divisions_merged(event, actor=actor, at=at)

    told = follows.preview_divisions_merged(event)
    merge(actor=SYSTEM, at=AT)

    assert len(told) == 1
    assert open_duties() == []
    assert wrong() == []
    with scope.everything():
        assert RequestPlace.objects.filter(request=row, community=place.other).exists()


def test_answers_are_forgotten_after_three_years_and_the_burden_stays_counted(place: Place) -> None:
    row = sent(place)
    answer(place, row)

    assert follows.purge_answers(AT + timedelta(days=1094)) == 0
    assert follows.purge_answers(AT + timedelta(days=1096)) == 1

    with scope.everything():
        assert not RequestAnswer.objects.exists()
    assert wrong() == []


def test_planted_wrong_count_is_named(place: Place) -> None:
    row = sent(place)
    with scope.everything():
        RequestReach.objects.filter(request=row, community=place.other).delete()

        found = [line for line in requests_checks.burden_is_counted() if line.startswith("fields_asked:")]

    assert found == ["fields_asked: facts say 2, requests and demands say 1"]
