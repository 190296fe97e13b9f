"""The pages of a lecture as those who use them see them: the office's desk, and a resident's or guest's phone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from playwright.sync_api import Locator, Page, expect


def submit(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button of the main part, by its words."""
    page.locator("main").get_by_role("button", name=name).first.click()


def send(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button on a page without script, and wait for the page that answers."""
    with page.expect_navigation():
        submit(page, name)


def choose(page: Page, field: str, words: str) -> None:
    """Choose the option with these words."""
    option = page.locator(f"[name={field}] option", has_text=words).first
    page.locator(f"[name={field}]").select_option(value=option.get_attribute("value"))


class LectureDesk:
    """The office's pages of one activity and its one date."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.activity = self.occurrence = ""

    def enter(self, *, title: str, starts: str, size: int, room: str, helpers: str) -> None:
        """Enter the activity: what it is, where, for how many, and who is needed to help."""
        page = self.page
        page.goto("/staff/activities/new/")
        choose(page, "category", "健康驿站")
        page.locator("[name=title]").fill(title)
        page.locator("[name=summary]").fill("医生讲冬天怎样护心，讲完量血压。")
        page.locator("[name=starts]").fill(starts)
        page.locator("[name=size]").fill(str(size))
        choose(page, "room", room)
        while (folded := page.locator("details.form-part:not([open]) > summary")).count():
            folded.first.click()
        page.locator("[name=shifts]").fill(helpers)
        page.locator("[name=lets_everybody_in]").check()
        page.locator("[name=skips_closed]").uncheck()
        submit(page, "下一步：排场次")
        page.wait_for_url(re.compile(r"/dates/"))
        self.activity = page.url.split("/activities/")[1].split("/")[0]

    def plan(self, on: date) -> None:
        """Plan the one date."""
        self.page.locator("[name=first_on]").fill(on.isoformat())
        submit(self.page, "排出场次")
        self.page.wait_for_url(re.compile(rf"/activities/{self.activity}/$"))

    def publish(self) -> str:
        """Check and publish, all together, on a weekend with open eyes; gives what the page said before."""
        self.page.goto(f"/staff/activities/{self.activity}/publish/")
        told = self.page.locator("main").inner_text()
        if (seen := self.page.locator("[name=despite]")).count():
            seen.check()
        submit(self.page, "一起发布")
        self.page.wait_for_url(re.compile(rf"/activities/{self.activity}/$"))
        link = self.page.locator("main a[href*='/activities/dates/']").first.get_attribute("href") or ""
        self.occurrence = link.split("/dates/")[1].split("/")[0]
        return told

    def open(self, part: str) -> Page:
        """Open a page of the date by the end of its address."""
        self.page.goto(f"/staff/activities/dates/{self.occurrence}/{part}")
        return self.page

    def sign_up_resident(self, name: str) -> None:
        """Sign up a resident who came to the desk."""
        page = self.open(f"sign-ups/new/?q={name}")
        page.locator("main table a").first.click()
        page.get_by_label("到现场报的").check()
        submit(page, "报名")
        expect(page.locator("main")).to_contain_text("报名")

    def sign_up_caller(self, name: str, phone: str, *, along: str = "") -> None:
        """Sign up somebody who called."""
        page = self.open("sign-ups/new/?who=guest")
        page.get_by_label("打电话报的").check()
        page.locator("[name=name]").fill(name)
        page.locator("[name=phone]").fill(phone)
        page.locator("[name=along]").fill(along)
        submit(page, "报名")
        page.wait_for_url(re.compile(r"/sign-ups/$"))

    def paste_chain(self, lines: Sequence[str]) -> Page:
        """Paste a group's chain and let it be read."""
        page = self.open("chain/")
        page.locator("[name=text]").fill("#接龙\n冬天护心讲座\n" + "\n".join(lines))
        submit(page, "读取")
        page.wait_for_url(re.compile(r"/chains/"))
        return page

    def take_chain(self) -> None:
        """Take the chosen lines in."""
        submit(self.page, "给选中的人报名")
        expect(self.page.get_by_text("这些行的结果").or_(self.page.locator(".chip, .state-chip")).first).to_be_visible()

    def counts(self) -> str:
        """Give the line above the list of sign-ups: places taken, waiting."""
        return self.open("sign-ups/").locator("main").inner_text()

    def check_in_shown(self, text: str) -> Locator:
        """Type what is shown at the door; gives where the page answers."""
        page = self.open("check-in/")
        page.locator("#shown").fill(text)
        submit(page, re.compile("^签到$"))
        return page.locator("main")

    def check_in_named(self, name: str, last4: str) -> None:
        """Find somebody by name and the end of the phone number, and press that they are here."""
        page = self.open(f"check-in/?q={name}{last4}")
        expect(page.locator(".door-list > li")).to_have_count(1)
        page.get_by_role("button", name=re.compile("^到了")).click()
        expect(page.locator("main")).to_contain_text("已签到")

    def type_sheet(self, text: str) -> Page:
        """Type what stands on the signed sheet."""
        page = self.open("attendance/type/")
        page.locator("[name=text]").fill(text)
        submit(page, "登记")
        return page

    def walk_in(self, name: str, phone: str) -> None:
        """Write down somebody who came without signing up."""
        page = self.open("check-in/walk-in/")
        page.locator("[name=name]").fill(name)
        page.locator("[name=phone]").fill(phone)
        submit(page, re.compile("^签到$"))
        expect(page.locator("body")).to_contain_text("已签到")

    def finish(self) -> None:
        """Finish the date."""
        page = self.open("attendance/finish/")
        page.locator("[name=was_held][value=yes]").check()
        submit(page, re.compile("^完成$"))
        page.wait_for_url(re.compile(r"/attendance/$"))


@dataclass(frozen=True)
class Ticket:
    """What a ticket's page tells."""

    headline: str
    codes: list[str]
    path: str


class Phone:
    """A resident's or guest's phone, on which no script runs."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def ticket(self) -> Ticket:
        """Read the ticket that is shown."""
        page = self.page
        codes = [code.replace(" ", "") for code in page.locator(".code-big").all_inner_texts()]
        links = page.locator("main a[href^='/t/']")
        path = (links.first.get_attribute("href") or "") if links.count() else ""
        return Ticket(page.locator("h1").inner_text(), codes, f"/t/{path.split('/')[2]}/" if path else "")

    def sign_up_guest(self, occurrence: str, name: str, phone: str, *, along: str = "") -> Ticket:
        """Go from the public page to a place by name and phone: two requests, and the ticket is the answer."""
        page = self.page
        page.goto(f"/activities/{occurrence}/")
        page.locator(f"main a[href$='/{occurrence}/sign-up/']").first.click()
        page.locator("[name=name]").fill(name)
        page.locator("[name=phone]").fill(phone)
        if along:
            page.locator("details.more-choice > summary").click()
            page.locator("[name=with_1]").fill(along)
        send(page, "报名")
        return self.ticket()

    def sign_up_family(self, occurrence: str, names: Sequence[str]) -> Ticket:
        """Sign up oneself, the household, or whom one acts for: those with these names, and nobody else."""
        page = self.page
        page.goto(f"/activities/{occurrence}/sign-up/")
        for box in page.locator("[name=people_chosen]").all():
            label = box.locator("xpath=ancestor::label").inner_text()
            box.set_checked(any(name in label for name in names))
        send(page, "报名")
        return self.ticket()

    def cancel(self, link: str) -> None:
        """Give the whole party's place back by the link in a message."""
        page = self.page
        page.goto(link)
        page.get_by_role("link", name="我来不了").click()
        send(page, "把位子让出来")
        expect(page.locator("body")).to_contain_text("已取消")

    def take_offer(self, link: str) -> Ticket:
        """Say by the link in a message that one comes."""
        self.page.goto(link)
        send(self.page, re.compile("^我来$"))
        expect(self.page.locator("body")).to_contain_text("位子是您的了")
        return self.ticket()

    def tap_face(self) -> None:
        """Tap the first face on a page that asks how it was."""
        self.page.locator("button.face").first.click()
        expect(self.page.locator("body")).to_contain_text("谢谢您")
