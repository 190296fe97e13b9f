"""The part of the sample district about surveys: our questionnaire, opened here and there, with answers from paper."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from random import Random
from uuid import UUID

from django.db import transaction
from django.utils import translation

from lianxin.domain.needs.commands import submissions, surveys, workbooks
from lianxin.domain.needs.commands.surveys import SurveyContent
from lianxin.domain.needs.models import Submission, Survey, SurveyVersion
from lianxin.domain.needs.queries.surveys import live_version
from lianxin.domain.needs.rules import starter_form
from lianxin.domain.needs.rules.surveys import QuotaCell
from lianxin.domain.people.models import Person
from lianxin.domain.people.rules.persons import age_on
from lianxin.domain.places.models import Division, Level
from lianxin.engines.xforms import Form, begin, to_xml
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_moment
from lianxin.platform.sample import Plan

EVERY, ANSWERS, DAYS = 6, 14, 20
TITLE, PURPOSE = "居民需求问卷", "想知道您家里需要什么，好安排明年的服务。三分钟就能填完。"
WISHES = (
    "想有人来教老人用手机看病挂号",
    "想请人上门给老人剪头发",
    "希望放学后孩子有地方写作业",
    "想有个地方坐下来喝茶下棋",
    "盼着食堂能送饭上门",
)


def build_surveys(plan: Plan) -> None:
    """Open the questionnaire in some communities of the sample, each whole or not at all."""
    with translation.override("zh-hans"):
        with scope.everything():
            communities = list(Division.objects.filter(level=Level.COMMUNITY, ended_on=None).order_by("code"))[::EVERY]
            begun = set(Survey.objects.filter(is_sample=True).values_list("community_id", flat=True))
        waiting = [one for one in communities if one.pk not in begun]
        if not waiting:
            return
        data = starter_form.workbook()
        found = workbooks.read(workbook=data)
        for number, community in enumerate(waiting, start=1):
            with transaction.atomic():
                _ask(plan, community, data, found)
            plan.tell("surveys", number / len(waiting))


def _ask(plan: Plan, place: Division, data: bytes, found: workbooks.Read) -> None:
    dice, actor = plan.random("surveys", place.code), Actor.system(via="cli")
    row = surveys.draft_read(
        actor=actor,
        community=place.pk,
        title=TITLE,
        workbook=data,
        file_name="questionnaire.xlsx",
        found=found,
        is_sample=True,
        at=plan.at,
    )
    content = SurveyContent(title=TITLE, purpose=PURPOSE, opens_at=local_moment(plan.day(DAYS), time(8)))
    surveys.change(actor=actor, survey=row.pk, content=content, at=plan.at)
    surveys.publish(actor=actor, survey=row.pk, at=plan.at)
    cells = [QuotaCell(place.pk, 12, 60), QuotaCell(place.pk, 12, 14, 59)]
    surveys.set_quotas(actor=actor, survey=row.pk, cells=cells, at=plan.at)
    version = live_version(row.pk)
    assert version is not None
    form = Form.from_json(version.form)
    with scope.everything():
        living = Person.objects.filter(community=place.pk, state=Person.State.LIVING, birth_on__lt=plan.day(15 * 366))
        people = list(living.order_by("pk"))
    for person in dice.sample(people, min(len(people), ANSWERS)):
        _answer(plan, actor, version, form, person, dice)


def _answer(plan: Plan, actor: Actor, version: SurveyVersion, form: Form, person: Person, dice: Random) -> None:
    ended = local_moment(plan.day(dice.randint(1, DAYS - 1)), time(dice.randint(9, 17), dice.randint(0, 59)))
    came = submissions.receive(
        actor=actor,
        version=version.pk,
        xml=_filled(form, person, dice, ended),
        how=Submission.How.PAPER,
        community=person.community_id,
        person=person.pk,
        is_sample=True,
        at=plan.at,
    )
    with scope.everything():
        Submission.objects.filter(pk=came.submission.pk).update(received_at=ended)


def _filled(form: Form, person: Person, dice: Random, ended: datetime) -> str:
    age = age_on(person.birth_on, ended.date()) or 60
    home = dice.choice(("alone", "partner", "children", "children"))
    answers = {
        "you/age": str(min(max(age, 14), 120)),
        "you/home": home,
        "place/hard": " ".join(dice.sample(("meal", "doctor", "stairs", "phone", "company"), dice.randint(1, 3))),
        "place/centre": dice.choice(("very", "fine", "fine", "poor", "never")),
        "place/when": dice.choice(("morning", "afternoon", "morning weekend", "evening")),
    }
    if home == "alone":
        answers["you/visit"] = dice.choice(("daily", "weekly", "monthly", "seldom"))
    if dice.random() < 0.3:
        answers |= {"ask/wish": dice.choice(WISHES), "ask/people": str(dice.randint(1, 3))}
    begun = ended - timedelta(minutes=dice.randint(3, 9))
    filled = begin(form, at=begun, uuid=lambda: str(UUID(int=dice.getrandbits(128), version=4)))
    for name, value in answers.items():
        filled.set(f"/data/{name}", value)
    filled.finish(at=ended)
    return to_xml(filled)
