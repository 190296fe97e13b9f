"""One object of each kind that the pages of requests name, for tests which walk all addresses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from lianxin.domain.reporting.commands import requests, requests_answers, requests_demands, requests_fields
from lianxin.domain.reporting.commands import requests_sending as sending
from lianxin.domain.reporting.models import Demand, RequestAnswer, RequestField, RequestReach, UpperRequest
from lianxin.platform import scope
from lianxin.platform.actors import Actor

SYSTEM = Actor.system(via="cli")
# Noon of a Monday.
AT = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)
LABEL = "库存折叠床"


def _sent(community: UUID) -> UpperRequest:
    """Give a request with one field by hand that reached this community and no other."""
    with scope.everything():
        found = UpperRequest.objects.filter(places__community=community, title="救灾物资盘点").first()
    if found is not None:
        return found
    row = requests.draft(
        actor=SYSTEM,
        office_name="区应急管理局",
        office_level="district",
        kind="form",
        title="救灾物资盘点",
        purpose="补齐缺口",
        approver="区三防指挥部",
        due_at=AT + timedelta(days=9),
        expires_on=(AT + timedelta(days=20)).date(),
        communities=[community],
        at=AT,
    )
    requests_fields.ask_by_hand(
        actor=SYSTEM,
        request=row.pk,
        label=LABEL,
        why="缺口由区里补",
        answer_type="number",
        again_words="上次是另一个社区",
        at=AT,
    )
    return sending.send(actor=SYSTEM, request=row.pk, at=AT)


def _field(community: UUID) -> UUID:
    with scope.everything():
        return RequestField.objects.get(request=_sent(community)).pk


def _reach(community: UUID) -> UUID:
    with scope.everything():
        return RequestReach.objects.get(request=_sent(community), community=community).pk


def _answer(community: UUID) -> UUID:
    with scope.everything():
        found = RequestAnswer.objects.filter(community=community, field=_field(community)).first()
    if found is None:
        row = _sent(community)
        # Answered while the others' answers wait, so that the request stays open for the walk.
        with scope.everything():
            UpperRequest.objects.filter(pk=row.pk).update(repeats="monthly")
        values = {_field(community): "3"}
        requests_answers.answer(actor=SYSTEM, reach=_reach(community), values=values, at=AT + timedelta(hours=1))
    with scope.everything():
        return RequestAnswer.objects.get(community=community, field=_field(community)).pk


def _demand(community: UUID) -> UUID:
    with scope.everything():
        found = Demand.objects.filter(community=community).first()
    if found is not None:
        return found.pk
    made = requests_demands.note(
        actor=SYSTEM,
        community=community,
        office_name="街道党政办",
        office_level="subdistrict",
        kind="form",
        title="群里接龙",
        came_by="wechat",
        field_count=5,
        asked_at=AT,
        at=AT,
    )
    return made.pk


MAKERS: dict[str, Callable[[UUID], Any]] = {
    "upper_request": lambda community: _sent(community).pk,
    "request_field": _field,
    "request_reach": _reach,
    "request_answer": _answer,
    "demand": _demand,
}


def make_request_object(parameter: str, *, community: UUID) -> UUID:
    """Give the id of an object of this community."""
    made: UUID = MAKERS[parameter](community)
    return made
