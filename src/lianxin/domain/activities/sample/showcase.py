"""What the first pilot has on show: a draw, first hours, a joint evening, a full class, a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from lianxin.domain.activities.commands.chains import read_chain
from lianxin.domain.activities.commands.sign_ups import cancel_sign_up, sign_up
from lianxin.domain.activities.models import Activity, Occurrence, SignUp
from lianxin.domain.activities.rules.contents import Content, QuestionText
from lianxin.domain.activities.rules.eligibility import Somebody as Wish
from lianxin.domain.activities.rules.plans import LimitPlan, ShiftPlan
from lianxin.domain.activities.rules.plans import Plan as Dates
from lianxin.domain.people.models import Person
from lianxin.domain.people.rules.contacts import phone_candidates
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL
from lianxin.platform.deployment import find_deployment

from .coming import Announcer, at_hour
from .crowd import VOLUNTEERS, Somebody
from .planning import Held

DRAW, FULL, FIRST, JOINT = "毛笔字小班", "中式点心课", "家庭花卉体验", "两社区夜话联欢"
TODAY, SERIES, DRAFT = "健康讲座", "四点半课堂", "社区游园会"


@dataclass(slots=True)
class Stage:
    """The first pilot with its venue, and a community beside it."""

    announcer: Announcer
    venue: UUID
    room: UUID | None
    beside: UUID | None

    @property
    def at(self) -> datetime:
        """Give the moment at which things were announced."""
        return self.announcer.district.plan.moment(4, 9, 30)

    @property
    def until(self) -> datetime:
        """Give the last moment before the sample's own."""
        return self.announcer.district.plan.at - timedelta(minutes=5)

    def content(self, title: str, category: str, text: str, **values: object) -> Content:
        """Give what an activity says of itself."""
        district = self.announcer.district
        return Content(
            **{
                "community": self.announcer.community,
                "category": district.categories[category],
                "title": title,
                "summary": text,
                "poster_text": text,
                "contact_phone": district.venues[self.venue].phone,
            }
            | values  # type: ignore[arg-type]
        )

    def announce(
        self, content: Content, starts_at: datetime, *, at: datetime | None = None, **plan: object
    ) -> Occurrence:
        """Announce one date."""
        minutes = int(plan.get("minutes", 90))  # type: ignore[call-overload]
        local = starts_at.astimezone(LOCAL)
        dates = Dates(**{"starts": (local.time(),), "venue": self.venue} | plan)  # type: ignore[arg-type]
        held = Held(starts_at, starts_at + timedelta(minutes=minutes))
        return self.announcer.announce(content, dates, [held], at=at or self.at)[0]


def show(announcer: Announcer) -> None:
    """Put up everything on show, all of it or nothing; what is there is not put up again."""
    with scope.everything():
        if Activity.objects.filter(community=announcer.community, title=DRAFT, is_sample=True).exists():
            return
    today = announcer.district.plan.today
    sites = [site for one in announcer.district.places if one.community == announcer.community for site in one.sites]
    site = next((one for one in sites if one.is_open(today)), None)
    if site is None:
        return
    near = announcer.district.near.get(announcer.community, [])
    stage = Stage(announcer, site.venue, site.room(("children", "training", "hall")), near[0] if near else None)
    acts: tuple[Callable[[Stage], None], ...] = (_today, _full, _drawn, _first_hours, _joint, _series, _drafted)
    with transaction.atomic():
        for act in acts:
            act(stage)


def _today(stage: Stage) -> None:
    """A lecture on the sample's own day: residents, guests by name and phone, helpers, a group's list."""
    starts = at_hour(stage.announcer.district, 0, 15)
    row = stage.announce(
        stage.content(TODAY, "A03", "医生讲冬天怎样护心护腰,讲完量血压。", audience_note="长者优先", bring_note="水杯"),
        starts,
        size=40,
        shifts=(ShiftPlan("迎接和签到", least=1, most=3, what="在门口扫码、给不用手机的长辈登记", before=30),),
    )
    shown = _shown_residents(stage)
    people = [one for one in stage.announcer.draw(row, "elders", 14) if one not in shown] + shown
    stage.announcer.sign_up(row, people, first=stage.at + timedelta(hours=1), last=stage.until)
    for number, name in enumerate(("陈阿姨(样例)", "林先生(样例)")):
        sign_up(
            actor=Actor.anonymous().visiting(stage.announcer.community),
            occurrence=row.pk,
            people=[Wish(name=name, phone=f"1540000{number:04d}")],
            how="guest",
            at=stage.until,
        )
    with scope.everything():
        [shift] = row.shifts.all()
    stage.announcer.take_shift(shift, stage.announcer.draw(row, VOLUNTEERS, 2), at=stage.at + timedelta(hours=3))
    names = "\n".join(f"{number}. 样例邻居{word}" for number, word in enumerate(("甲", "乙 +1", "丙"), start=1))
    read_chain(actor=stage.announcer.staff, occurrence=row.pk, text=f"#接龙\n{TODAY}\n{names}", at=stage.until)


def _shown_residents(stage: Stage) -> list[Somebody]:
    """Give the residents whose phone numbers are printed for trying things out, so that their own pages are alive."""
    row = find_deployment()
    phones = [one["phone"] for one in row.logins if one.get("phone")] if row is not None else []
    digests = [digest for phone in phones for digest in phone_candidates(phone)]
    with scope.everything():
        known = set(Person.objects.filter(phone_digest__in=digests).values_list("pk", flat=True))
    pool = stage.announcer.district.pools[stage.announcer.community]
    return [one for one in pool.people if one.person in known and one.age >= 14]


def _full(stage: Stage) -> None:
    """A class that is full: some wait, and one place that was given back is offered to the first of them."""
    row = stage.announce(
        stage.content(
            FULL,
            "D02",
            "做一笼粿,红桃粿和鼠曲粿各一半。",
            questions=(
                QuestionText("有没有不能吃的东西?"),
                QuestionText("要不要带一份回家?", kind="yes_no"),
            ),
        ),
        at_hour(stage.announcer.district, 6, 9, 30),
        minutes=120,
        size=12,
        household_most=2,
    )
    people = stage.announcer.draw(row, "women45", 17)
    stage.announcer.sign_up(row, people, first=stage.at + timedelta(hours=1), last=stage.until - timedelta(hours=4))
    with scope.everything():
        first = SignUp.objects.filter(occurrence=row, state="confirmed").order_by("place_no").first()
    if first is not None:
        cancel_sign_up(
            actor=stage.announcer.staff, sign_up=first.pk, reason="家里有事", at=stage.until - timedelta(hours=2)
        )


def _drawn(stage: Stage) -> None:
    """A class for which lots are drawn."""
    row = stage.announce(
        stage.content(DRAW, "B02", "十个位子,报名的人抽签,种子事先公布。", min_age=6, max_age=14),
        at_hour(stage.announcer.district, 13, 9, 30),
        size=10,
        is_drawn=True,
        sign_up_closes=3 * 1440,
    )
    people = stage.announcer.draw(row, "children", 16)
    fitting = [one for one in people if 6 <= one.age <= 13]
    stage.announcer.sign_up(row, fitting, first=stage.at + timedelta(hours=1), last=stage.until)


def _first_hours(stage: Stage) -> None:
    """Something for which neighbours have the first two days."""
    at = stage.announcer.district.plan.moment(1, 9)
    row = stage.announce(
        stage.content(FIRST, "E04", "学换盆、剪枝,带一盆花回家;头两天本社区居民先报。"),
        at_hour(stage.announcer.district, 9, 15),
        at=at,
        size=20,
        first_for="neighbours",
        first_hours=48,
        limits=(LimitPlan("孩子", 8, max_age=13), LimitPlan("大人", 12, min_age=14)),
    )
    people = stage.announcer.draw(row, "adults", 9)
    stage.announcer.sign_up(row, people, first=at + timedelta(hours=1), last=stage.until)


def _joint(stage: Stage) -> None:
    """An evening of two communities."""
    partners = (stage.beside,) if stage.beside is not None else ()
    row = stage.announce(
        stage.content(JOINT, "C06", "两个社区一起坐坐:说停车、说电梯,再听一段潮曲。", partners=partners),
        at_hour(stage.announcer.district, 16, 19, 30),
        size=60,
    )
    people = stage.announcer.draw(row, "adults", 10)
    stage.announcer.sign_up(row, people, first=stage.at + timedelta(hours=2), last=stage.until)


def _series(stage: Stage) -> None:
    """A class that goes on every week; some have a place on two of its dates."""
    first = at_hour(stage.announcer.district, 2, 16, 30)
    days = [Held(first + timedelta(days=7 * week), first + timedelta(days=7 * week, minutes=90)) for week in range(4)]
    dates = Dates(
        starts=(first.astimezone(LOCAL).time(),),
        minutes=90,
        venue=stage.venue,
        room=stage.room,
        size=16,
        sign_up_days=21,
        shifts=(ShiftPlan("陪写作业", least=1, most=2, what="看着孩子写作业,六点交到家长手里"),),
    )
    content = stage.content(SERIES, "B07", "放学先来写作业,六点家长来接。", audience_note="小学生")
    rows = stage.announcer.announce(content, dates, days, at=stage.at)
    for row in rows[:2]:
        people = [one for one in stage.announcer.draw(row, "pupils", 7) if one.age < 14]
        stage.announcer.sign_up(row, people, first=stage.at + timedelta(hours=1), last=stage.until)


def _drafted(stage: Stage) -> None:
    """Something that is not announced yet."""
    starts = at_hour(stage.announcer.district, 24, 19)
    dates = Dates(starts=(starts.astimezone(LOCAL).time(),), venue=stage.venue, size=80)
    held = Held(starts, starts + timedelta(minutes=90))
    content = stage.content(DRAFT, "B06", "还在定节目:潮语灯谜、英歌队、汤圆。")
    stage.announcer.draft(content, dates, [held], at=stage.until - timedelta(hours=5))
