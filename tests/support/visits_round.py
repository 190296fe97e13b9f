"""A program that plans a worker's round in a site's database, or tells what became of it, as JSON.

It runs beside a site: `python -m tests.support.visits_round plan <login name>`, then `… record <login name> <visit>`
and `… tell <visit>…`.
"""

from __future__ import annotations

import base64
import io
import json
import sys
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

QUESTIONS = [
    ("type", "name", "label", "required", "relevant", "constraint", "constraint_message", "image"),
    ("text", "who", "您贵姓", "yes", "", "", "", ""),
    ("integer", "age", "多大年纪", "", "", ". < 120", "年龄要小于 120", ""),
    ("select_one yn", "alone", "一个人住吗", "", "${age} >= 60", "", "", ""),
    ("select_multiple help", "helps", "想要哪些帮手", "", "", "", "", ""),
    ("begin_repeat", "child", "孩子", "", "", "", "", ""),
    ("text", "name", "名字", "", "", "", "", ""),
    ("end_repeat", "", "", "", "", "", "", ""),
    ("note", "shown", "这样的扶手", "", "", "", "", "rail.png"),
    ("image", "photo", "拍一张门口的扶手", "", "", "", "", ""),
]
CHOICES = [
    ("list_name", "name", "label"),
    ("yn", "y", "是"),
    ("yn", "n", "不是"),
    ("help", "meal", "送餐"),
    ("help", "walk", "陪走"),
]
# One red point.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
SETTINGS = [("form_id", "form_title", "version"), ("round", "上门问一问", "1")]


def workbook() -> bytes:
    """Give the round's questionnaire as its workbook."""
    from openpyxl import Workbook

    book = Workbook()
    sheets = {"survey": QUESTIONS, "choices": CHOICES, "settings": SETTINGS}
    for name, rows in sheets.items():
        sheet = book.active if name == "survey" else book.create_sheet()
        sheet.title = name
        for row in rows:
            sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def quiet() -> dict[str, Any]:
    """Let the site's worker build no more of the sample: on SQLite it would hold up who logs in meanwhile."""
    from lianxin.platform.models import Job

    return {"left_out": Job.objects.filter(state="waiting").delete()[0]}


def plan(login_name: str) -> dict[str, Any]:
    """Plan three visits for a worker, each with the questionnaire; the first home is owed something from last time."""
    from lianxin.domain.needs.commands import visits
    from lianxin.domain.needs.models import Visit
    from lianxin.domain.needs.rules.visit_records import Made
    from lianxin.domain.people.models import Account, Person
    from lianxin.domain.people.queries.accounts import actor_for
    from lianxin.domain.places.models import Division
    from lianxin.platform.clock import local_day, now
    from lianxin.platform.ids import new_id

    at = now()
    worker = Account.objects.get(login_name=login_name)
    actor = actor_for(account=worker, at=at, via="web")
    community = Division.objects.get(pk__in=actor.communities, level="community").pk
    Visit.objects.filter(worker=worker.pk, state="planned").update(worker=None)
    seen = Visit.objects.filter(community=community).values("household")
    heads = Person.objects.filter(community=community, relation="head", state="living", household__state="active")
    homes = [head.household for head in heads.exclude(household__in=seen).select_related("household")[:3]]
    due = local_day(at) + timedelta(days=3)
    plan_round = partial(visits.plan, actor=actor, community=community, due_on=due, worker=worker.pk, at=at)
    [before] = plan_round(households=[homes[0].pk], reason="round")
    record(login_name, str(before), made=(Made(new_id(), "换楼道灯", local_day(at) + timedelta(days=9)),))
    survey = _survey(actor, community, at)
    planned = plan_round(households=[home.pk for home in homes], reason="survey", survey=survey)
    by_home = {row.household_id: str(row.pk) for row in Visit.objects.filter(pk__in=planned)}
    return {"homes": [{"visit": by_home[home.pk], "label": home.number} for home in homes]}


def _survey(actor: Any, community: UUID, at: Any) -> UUID:
    from lianxin.domain.needs.commands import survey_devices, surveys
    from lianxin.domain.needs.models import Survey

    survey = surveys.draft(
        actor=actor, community=community, title="上门问一问", workbook=workbook(), file_name="round.xlsx", at=at
    )
    Survey.objects.filter(pk=survey.pk).update(asked_by="visit")
    survey_devices.put_picture(actor=actor, survey=survey.pk, name="rail.png", fileobj=io.BytesIO(PICTURE), at=at)
    surveys.publish(actor=actor, survey=survey.pk, at=at)
    return UUID(str(survey.pk))


def record(login_name: str, visit: str, *, made: Any = ()) -> dict[str, Any]:
    """Record a visit at the desk, as when the phone is out of reach."""
    from lianxin.domain.needs.commands.recording import record_visit
    from lianxin.domain.needs.rules.visit_records import VisitRecord
    from lianxin.domain.people.models import Account
    from lianxin.domain.people.queries.accounts import actor_for
    from lianxin.platform.clock import now
    from lianxin.platform.ids import new_id

    at = now()
    actor = actor_for(account=Account.objects.get(login_name=login_name), at=at, via="web")
    began = at - timedelta(minutes=5)
    said = VisitRecord(
        record=new_id(), visit=UUID(visit), outcome="done", started_at=began, ended_at=at, note="问过了，都好",
        made=made,
    )  # fmt: skip
    record_visit(actor=actor, record=said, at=at)
    return {}


def tell(visits: list[str]) -> dict[str, Any]:
    """Tell what the books say of these visits."""
    from lianxin.domain.needs.models import NeedReport, Submission, SubmissionFile, Visit, VisitConflict, VisitPromise

    wanted = [UUID(visit) for visit in visits]
    rows = {str(row.pk): row for row in Visit.objects.filter(pk__in=wanted)}
    surveys = {row.survey_id for row in rows.values()}
    submissions = Submission.objects.filter(survey_version__survey__in=surveys)
    promises = VisitPromise.objects.filter(household__in=[row.household_id for row in rows.values()])
    return {
        "states": [rows[visit].state for visit in visits],
        "notes": [row.note.reveal() if (row := rows[visit]).note else "" for visit in visits],
        "submissions": submissions.count(),
        "linked": sum(row.submission_id is not None for row in rows.values()),
        "files": SubmissionFile.objects.filter(submission__in=submissions, file_id__isnull=False).count(),
        "wishes": sorted(NeedReport.objects.filter(visit__in=wanted).values_list("words", flat=True)),
        "promises": sorted(promises.values_list("words", "state")),
        "conflicts": VisitConflict.objects.filter(visit__in=wanted).count(),
    }


if __name__ == "__main__":
    import django

    django.setup()
    from lianxin.platform import scope

    with scope.everything():
        what, *given = sys.argv[1:]
        answer = {
            "plan": lambda: plan(*given),
            "record": lambda: record(*given),
            "tell": lambda: tell(given),
            "quiet": quiet,
        }[what]()
        sys.stdout.write(json.dumps(answer) + "\n")
