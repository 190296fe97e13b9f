"""A lecture from its publication to a certificate: the office's pages, and residents' phones without a script."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from lianxin.platform.clock import LOCAL
from tests.support import axe, elder
from tests.support.clocked import MovedClock
from tests.support.entrance import log_in_resident, log_in_staff, message_to, messages_to
from tests.support.lecture import LectureDesk, Phone, Ticket
from tests.support.site import Site

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1440, "height": 900}
TITLE, PLACES = "冬天护心讲座", 28
GUEST, COMPANION = "陈来宾", "陈来宾的朋友"
WAYS = ("自己报名", "家人代报", "工作人员代报", "打电话报的", "志愿者代报", "留姓名电话", "群接龙")
LINK = re.compile(r"/t/[A-Z2-7]{26}/")


@pytest.fixture(scope="module")
def site(built_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running site whose clock the lecture moves."""
    own = built_site.copy_to(tmp_path_factory.mktemp("lecture") / "copy")
    MovedClock.of(own)
    own.start()
    yield own
    own.stop()


@dataclass
class Lecture:
    """One lecture: who and what takes part in it, and when it is."""

    site: Site
    clock: MovedClock
    mode: str
    desk: LectureDesk
    open_phone: Callable[[], Page]
    open_looking: Callable[[list[Any]], Page]
    picture: Callable[[Page, str], Path]
    cast: dict[str, Any]
    starts_at: datetime
    tickets: dict[str, Ticket] = field(default_factory=dict)

    @property
    def turn(self) -> int:
        """Give which lecture of the run it is."""
        return 0 if self.mode == "normal" else 1

    def phone_of(self, turn: int) -> str:
        """Give the number of a guest of this lecture."""
        return f"1390000{self.turn}{turn:03d}"

    def come_to_the_desk(self) -> None:
        """Let the office come in, whose session ends when nobody clicks for a while."""
        log_in_staff(self.desk.page, "cuiying1", now=self.clock.now)

    def last_message(self, phone: str, after: int) -> str:
        """Give the link in the message that comes after so many others to a phone."""
        found = LINK.search(message_to(self.site, phone, after=after))
        assert found, messages_to(self.site, phone)
        return found[0]

    def look(self, page: Page, name: str) -> None:
        """Hold a page to what its mode promises, and keep a picture."""
        if page.viewport_size == DESK:
            if self.mode == "elder":
                return  # the office looks the same then
            axe.assert_accessible(page)
            self.picture(page, f"lecture/desk-{name}")
            return
        seen = self.open_looking(page.context.cookies())
        seen.goto(page.url)
        axe.assert_accessible(seen)
        elder.assert_fits_the_width(seen)
        smallest = elder.ELDER_TARGET if self.mode == "elder" else elder.NORMAL_TARGET
        elder.assert_targets_are_large(seen, smallest=smallest, ignore=".skip")
        if self.mode == "elder":
            elder.assert_text_is_large(seen)
        self.picture(seen, f"lecture/{self.mode}-{name}")


@pytest.fixture(params=["normal", "elder"])
def lecture(
    request: pytest.FixtureRequest,
    site: Site,
    open_context: Callable[..., BrowserContext],
    picture: Callable[[Page, str], Path],
) -> Lecture:
    """A lecture of tomorrow's next day, with everybody who takes part; the office is at its desk at ten."""
    mode = request.param
    clock = MovedClock(site.folder / "clock.txt")
    cast = site.run_module("tests.support.lecture_cast", "people", "0" if mode == "normal" else "1")
    tomorrow = clock.now().astimezone(LOCAL).date() + timedelta(days=1)
    clock.move_to(datetime.combine(tomorrow, time(10), tzinfo=LOCAL))
    is_elder = mode == "elder"
    looking = open_context(PHONE, elder=is_elder)

    def look_as(cookies: list[Any]) -> Page:
        looking.clear_cookies()
        looking.add_cookies(cookies)
        return looking.pages[0] if looking.pages else looking.new_page()

    return Lecture(
        site=site,
        clock=clock,
        mode=mode,
        desk=LectureDesk(open_context(DESK).new_page()),
        open_phone=lambda: open_context(PHONE, elder=is_elder, javascript=False).new_page(),
        open_looking=look_as,
        picture=picture,
        cast=cast,
        starts_at=datetime.combine(tomorrow + timedelta(days=1), time(15), tzinfo=LOCAL),
    )


def test_a_lecture_from_its_publication_to_a_certificate(lecture: Lecture) -> None:
    publish(lecture)
    resident, helper = Phone(lecture.open_phone()), Phone(lecture.open_phone())
    log_in_resident(resident.page, lecture.site, lecture.cast["relative"]["phone"])
    log_in_resident(helper.page, lecture.site, lecture.cast["helper"]["phone"])

    sign_up_on_phones(lecture, resident, helper)
    sign_up_at_the_desk(lecture)
    remind_and_move_on(lecture)

    open_the_door(lecture, resident, helper)
    finish(lecture)
    hear_opinions(lecture, resident)
    certify(lecture, helper)


def publish(lecture: Lecture) -> None:
    """Plan, check and publish; it is in the list, the calendar and among what residents see."""
    desk = lecture.desk
    lecture.come_to_the_desk()
    desk.enter(title=TITLE, starts="15:00", size=PLACES, room="图书阅览室", helpers="签到引导 1-2 30")
    desk.plan(lecture.starts_at.date())
    told = desk.publish()
    assert "发布 1 场" in told
    assert "预约功能室 1 次" in told
    assert "开放 1 个志愿班次" in told
    desk.page.goto("/staff/activities/")
    expect(desk.page.locator("main")).to_contain_text(TITLE)
    lecture.look(desk.page, "list")
    desk.page.goto(f"/staff/activities/calendar/?month={lecture.starts_at:%Y-%m}")
    expect(desk.page.locator("main")).to_contain_text(TITLE)
    lecture.look(desk.page, "calendar")
    phone = lecture.open_phone()
    phone.goto("/activities/?where=all")
    expect(phone.locator("main")).to_contain_text(TITLE)


def sign_up_on_phones(lecture: Lecture, resident: Phone, helper: Phone) -> None:
    """Nine people by phone: a resident with the household, elders by child and volunteer, a guest and a companion."""
    desk, cast = lecture.desk, lecture.cast
    guest = Phone(lecture.open_phone())
    lecture.tickets["guest"] = guest.sign_up_guest(desk.occurrence, GUEST, lecture.phone_of(1), along=COMPANION)
    assert len(lecture.tickets["guest"].codes) == 2
    guest.page.goto(f"/activities/{desk.occurrence}/")
    lecture.look(guest.page, "activity")
    guest.page.goto(f"/activities/{desk.occurrence}/sign-up/")
    lecture.look(guest.page, "sign-up-guest")

    resident.page.goto(f"/activities/{desk.occurrence}/sign-up/")
    lecture.look(resident.page, "sign-up-family")
    names = resident.page.locator("label:has([name=people_chosen])").all_inner_texts()
    family = resident.sign_up_family(desk.occurrence, [names[0], names[1]])
    assert len(family.codes) == 2
    assert len(resident.sign_up_family(desk.occurrence, [cast["mother"]]).codes) == 1
    resident.page.goto(f"/activities/{desk.occurrence}/sign-up/")
    expect(resident.page.locator("main")).to_contain_text(f"{cast['mother']}: 您已报上名")
    lecture.tickets["family"] = family
    resident.page.goto("/me/activities/")
    expect(resident.page.locator("main")).to_contain_text(TITLE)
    lecture.look(resident.page, "my-activities")

    lecture.tickets["neighbour"] = helper.sign_up_family(desk.occurrence, [cast["neighbour"]])
    assert len(lecture.tickets["neighbour"].codes) == 1
    helper.page.goto("/volunteering/?where=all")
    lecture.look(helper.page, "volunteering")
    helper.page.locator("main a", has_text="签到引导").first.click()
    lecture.look(helper.page, "shift")
    helper.page.locator("main").get_by_role("button", name="接这个班次").click()
    expect(helper.page.locator("body")).to_contain_text("班次归您了")


def sign_up_at_the_desk(lecture: Lecture) -> None:
    """At the desk, on the phone and by the group's chain until it is full; who comes then waits in order."""
    desk, listed, late = lecture.desk, lecture.cast["listed"], lecture.cast["late"]
    desk.sign_up_resident(listed[0]["name"])
    desk.sign_up_caller("黄先生", lecture.phone_of(2), along="黄太太")

    lines = [f"{number}. {one['name']}" for number, one in enumerate(listed[1:16], start=1)]
    lines[2] += " +1"
    lines += [f"16. 群友甲 {lecture.phone_of(3)}", f"17、群友乙{lecture.phone_of(4)}"]
    lines += ["18. 郑先生 不去了", "19. 群友丙"]
    desk.paste_chain(lines)
    expect(desk.page.locator("tbody tr")).to_have_count(19)
    expect(desk.page.locator("tbody tr").nth(17).get_by_role("checkbox")).not_to_be_checked()
    lecture.look(desk.page, "chain")
    desk.take_chain()
    assert "28 / 28" in desk.counts(), desk.counts()

    waiting = Phone(lecture.open_phone())
    lecture.tickets["waiting"] = waiting.sign_up_guest(desk.occurrence, "周候补", lecture.phone_of(5))
    assert lecture.tickets["waiting"].headline == "候补第 1 位"
    waiting.page.goto(lecture.tickets["waiting"].path)
    lecture.look(waiting.page, "ticket-waiting")
    lines += [f"{number}. {one['name']}" for number, one in enumerate(late[:11], start=20)]
    desk.paste_chain(lines)
    expect(desk.page.locator("tbody tr", has_text="已经报过名了").first).to_be_visible()
    desk.take_chain()
    told = desk.counts()
    assert "28 / 28" in told
    assert "候补 12" in told
    assert all(way in told for way in WAYS), told
    lecture.look(desk.page, "sign-ups")


def remind_and_move_on(lecture: Lecture) -> None:
    """A day before the worker reminds; who cancels by the link leaves the place to the first who waits."""
    guests, waiting = Phone(lecture.open_phone()), Phone(lecture.open_phone())
    caller, first = lecture.phone_of(2), lecture.phone_of(5)
    told, offered = len(messages_to(lecture.site, caller)), len(messages_to(lecture.site, first))
    lecture.clock.move_to(lecture.starts_at - timedelta(hours=23, minutes=50))
    guests.cancel(lecture.last_message(caller, told))

    link = lecture.last_message(first, offered)
    waiting.page.goto(link)
    lecture.look(waiting.page, "ticket-offered")
    assert len(waiting.take_offer(link).codes) == 1
    lecture.look(waiting.page, "ticket")


def open_the_door(lecture: Lecture, resident: Phone, helper: Phone) -> None:
    """Half an hour before: by the code at the door, digits, card, name, paper, and without having signed up."""
    desk, listed = lecture.desk, lecture.cast["listed"]
    doors = lecture.site.run_module("tests.support.lecture_cast", "doors", desk.occurrence)
    lecture.clock.move_to(lecture.starts_at - timedelta(minutes=30))
    for code, said in (("other", "开始签到"), ("yesterday", "请扫今天门口贴的码"), ("changed", "这个码不是这里发的")):
        resident.page.goto(f"/c/{doors[code]}/")
        expect(resident.page.locator("main")).to_contain_text(said)
    resident.page.goto(f"/c/{doors['own']}/")
    lecture.look(resident.page, "check-in")
    resident.page.locator("main").get_by_role("button", name=re.compile("^签到$")).click()
    expect(resident.page.locator("body")).to_contain_text("几位都签到了")
    lecture.look(resident.page, "checked-in")

    guest = Phone(lecture.open_phone())
    guest.page.goto(f"/c/{doors['own']}/")
    guest.page.locator("[name=ticket]").fill(lecture.tickets["guest"].codes[1])
    guest.page.locator("main").get_by_role("button", name="用报名码签到").click()
    expect(guest.page.locator("body")).to_contain_text("签到好了")

    lecture.come_to_the_desk()
    expect(desk.check_in_shown(lecture.tickets["guest"].codes[0])).to_contain_text("已签到")
    expect(desk.check_in_shown("000000")).to_contain_text("000000")
    expect(desk.check_in_shown("LXA:" + 26 * "A")).to_contain_text("不是这里发的")
    expect(desk.check_in_shown(lecture.cast["card"])).to_contain_text("已签到")
    desk.check_in_named(listed[2]["name"], listed[2]["phone"][-4:])
    desk.walk_in("路过的人", lecture.phone_of(6))
    page = desk.open("check-in/?kind=helps")
    page.get_by_role("button", name=re.compile("^到了")).first.click()
    expect(page.locator("body")).to_contain_text("已签到")
    lecture.look(desk.open("check-in/"), "door")
    desk.open("check-in/code/")
    lecture.picture(desk.page, "lecture/desk-door-code")


def finish(lecture: Lecture) -> None:
    """After the end the paper sheet is typed back, and the date finished: from then on it counts."""
    desk = lecture.desk
    lecture.clock.move_to(lecture.starts_at + timedelta(hours=2))
    lecture.come_to_the_desk()
    page = desk.open("attendance/sheet/")
    codes = page.locator("td.row-code").all_inner_texts()
    lecture.picture(page, "lecture/desk-sheet")
    desk.type_sheet(" ".join(codes[10:14]) + f"\n黎路人 {lecture.phone_of(7)}")
    lecture.look(page, "attendance")
    desk.finish()
    # Three of a household and a guest by the door's code, digits, card, name, walk-in, helper, four rows and a name.
    expect(page.locator("main")).to_contain_text("14 人次")


def hear_opinions(lecture: Lecture, resident: Phone) -> None:
    """One tap by the resident, one by the guest's link, and one on the phone."""
    desk = lecture.desk
    resident.page.goto("/me/activities/came/")
    lecture.look(resident.page, "visits")
    resident.page.locator("main a[href^='/me/activities/came/']").first.click()
    lecture.look(resident.page, "opinion")
    resident.tap_face()
    guest = Phone(lecture.open_phone())
    guest.page.goto(f"{lecture.tickets['guest'].path}opinion/")
    guest.tap_face()
    page = desk.open("feedback/")
    page.locator("main a[href*='/feedback/']").last.click()
    page.locator("[name=face]").first.check()
    page.locator("main").get_by_role("button", name="记下").click()
    expect(page.locator("body")).to_contain_text("记下了")
    lecture.look(desk.open("feedback/"), "feedback")
    expect(page.locator(".door-faces li").first).to_contain_text("3")
    resident.page.goto("/me/points/")
    expect(resident.page.locator("main")).to_contain_text("参加社区活动")
    lecture.look(resident.page, "passbook")


def certify(lecture: Lecture, helper: Phone) -> None:
    """The helper's hours stand on a certificate that anybody can check."""
    page = helper.page
    page.goto("/me/volunteering/")
    lecture.look(page, "my-volunteering")
    page.goto("/me/volunteering/hours/")
    expect(page.locator(".entries > li").first).to_contain_text("2 小时")
    page.goto("/me/volunteering/certificates/")
    lecture.look(page, "certificates")
    page.locator("main").get_by_role("button", name="开证明").first.click()
    lecture.picture(page, f"lecture/{lecture.mode}-certificate")
    code = page.locator("figcaption").inner_text()
    anybody = lecture.open_phone()
    anybody.goto("/check/certificate/")
    anybody.locator("[name=code]").fill(code)
    anybody.locator("main").get_by_role("button", name="查验").click()
    expect(anybody.locator("main")).to_contain_text("这张证明是真的")
    lecture.look(anybody, "check-certificate")
