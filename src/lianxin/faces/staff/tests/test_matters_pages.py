"""Pages of deliberation in the office: a matter from its first meeting to a commitment that somebody saw kept."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.domain.voice.commands import commitments, matters, meetings, parties
from lianxin.domain.voice.models import Commitment, Invitation, Matter, Meeting, Resolution
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL, local_day, now
from tests.support.district import SmallDistrict

pytestmark = pytest.mark.django_db
MOST_QUERIES = 40
SYSTEM = Actor.system(via="cli")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def clerk(small_district: SmallDistrict, client: Client) -> Client:
    """Staff of 翠英."""
    small_district.log_in(client, "cuiying1")
    return client


@pytest.fixture
def matter(small_district: SmallDistrict) -> Matter:
    """A public matter with two sides."""
    at = now()
    row = matters.open_matter(
        actor=SYSTEM,
        community=small_district.cuiying.pk,
        title="西区加装电梯",
        subject="lift",
        summary="六楼的老人上下楼难。",
        is_public=True,
        at=at,
    )
    for kind, name, speaker in (("residents", "西区3栋居民", "陈大文"), ("property", "万家物业", "王经理")):
        parties.add_party(actor=SYSTEM, matter=row.pk, kind=kind, name=name, speaker_name=speaker, at=at)
    return row


def send(client: Client, name: str, data: dict[str, Any], **named: Any) -> Any:
    answer = client.post(reverse(f"staff:{name}", kwargs=named), data)
    assert answer.status_code == 302, _errors(answer)
    return answer


def _errors(answer: Any) -> str:
    return " ".join(re.findall(r'class="(?:error|field-error)[^"]*"[^>]*>([^<]+)', answer.content.decode()))


def only(model: Any, **wanted: Any) -> Any:
    with scope.everything():
        return model.objects.get(**wanted)


def read_back(body: bytes) -> list[str]:
    """Open a DOCX file again and give its paragraphs."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
        root = ET.fromstring(archive.read("word/document.xml"))
    return ["".join(one.text or "" for one in line.iter(f"{W}t")) for line in root.iter(f"{W}p")]


def test_matter_goes_from_its_first_meeting_to_a_commitment_that_was_seen_kept(
    clerk: Client, matter: Matter, small_district: SmallDistrict
) -> None:
    today = local_day(now())
    soon = (now() - timedelta(minutes=30)).astimezone(LOCAL)
    called = {"on": soon.date().isoformat(), "starts": f"{soon:%H:%M}", "place_words": "西区树下", "quorum": "2"}

    send(clerk, "meeting_new", called | {"items": "分摊方案\n选定厂家", "guests": "陈阿姨"}, matter=matter.pk)
    meeting = only(Meeting, matter=matter)
    send(clerk, "meeting_act", {}, meeting=meeting.pk, act="start")
    for name in ("陈大文", "王经理"):
        person = only(Invitation, meeting=meeting, name=name)
        send(clerk, "invited_act", {}, meeting=meeting.pk, invited=person.pk, act="came")
    item = only(meeting.items.model, meeting=meeting, title="分摊方案")
    said = {"invitation": str(person.pk), "item": str(item.pk), "words": "物业先垫测量费"}
    send(clerk, "meeting_say", said, meeting=meeting.pk)
    send(clerk, "meeting_propose", {"words": "按楼层分摊", "item": str(item.pk)}, meeting=meeting.pk)
    decision = only(Resolution, meeting=meeting)
    send(clerk, "resolution_act", {}, meeting=meeting.pk, resolution=decision.pk, act="passed")
    side = matter.parties.model
    promised = {
        "words": "两周内拿出测量图",
        "party": str(only(side, matter=matter, name="万家物业").pk),
        "due_by": (today + timedelta(days=14)).isoformat(),
        "is_public": "on",
    }
    send(clerk, "meeting_promise", promised, meeting=meeting.pk)
    send(clerk, "agenda_item_deal", {"outcome": "同意按楼层分摊"}, meeting=meeting.pk, agenda_item=item.pk)
    page = clerk.get(reverse("staff:meeting", kwargs={"meeting": meeting.pk})).content.decode()
    draft = clerk.get(reverse("staff:meeting_minutes", kwargs={"meeting": meeting.pk}))
    words = draft.context["form"].initial["words"]

    assert "两周内拿出测量图" in page
    for told in ("西区加装电梯", "分摊方案", "王经理：物业先垫测量费", "按楼层分摊", "万家物业", "两周内拿出测量图"):
        assert told in words

    closing = clerk.post(reverse("staff:meeting_close", kwargs={"meeting": meeting.pk}), {"public_words": ""})
    assert closing.status_code == 422
    send(clerk, "meeting_minutes", {"words": words}, meeting=meeting.pk)
    send(clerk, "meeting_act", {}, meeting=meeting.pk, act="read-back")
    send(clerk, "meeting_sign", {"signed_by": [str(person.pk)]}, meeting=meeting.pk)
    send(clerk, "meeting_close", {"public_words": "大家同意按楼层分摊。"}, meeting=meeting.pk)
    later = (today + timedelta(days=7)).isoformat()
    send(clerk, "meeting_new", {"on": later, "starts": "19:30", "place_words": "树下"}, matter=matter.pk)
    second = only(Meeting, matter=matter, number=2)
    agenda = clerk.get(reverse("staff:meeting", kwargs={"meeting": second.pk})).content.decode()
    assert "两周内拿出测量图" in agenda
    assert "选定厂家" in agenda

    row = only(Commitment, matter=matter)
    send(clerk, "commitment_show", {"evidence": "图贴在一楼"}, commitment=row.pk)
    own = {"kept": "yes", "verifier_name": "万家物业"}
    assert clerk.post(reverse("staff:commitment_verify", kwargs={"commitment": row.pk}), own).status_code == 422
    send(clerk, "commitment_verify", own | {"verifier_name": "陈阿姨"}, commitment=row.pk)

    assert only(Commitment, pk=row.pk).state == Commitment.State.KEPT
    story = clerk.get(reverse("staff:matter", kwargs={"matter": matter.pk})).content.decode()
    for told in ("按楼层分摊", "大家同意按楼层分摊。", "两周内拿出测量图", "六楼的老人上下楼难。"):
        assert told in story
    paper = read_back(clerk.get(reverse("staff:matter_document", kwargs={"matter": matter.pk})).content)
    assert paper[0] == "西区加装电梯"
    assert any("按楼层分摊" in line for line in paper)
    assert any("王经理：物业先垫测量费" in line for line in paper)
    taken = read_back(clerk.get(reverse("staff:meeting_document", kwargs={"meeting": meeting.pk})).content)
    assert any(only(Meeting, pk=meeting.pk).minutes_digest in line for line in taken)
    assert clerk.get(reverse("staff:matter_print", kwargs={"matter": matter.pk})).status_code == 200

    public = Client().get(
        reverse("resident:matter", kwargs={"community": small_district.cuiying.pk, "matter": matter.pk})
    )
    shown = public.content.decode()
    assert public.status_code == 200
    for told in ("西区加装电梯", "万家物业", "两周内拿出测量图", "大家同意按楼层分摊。"):
        assert told in shown
    for kept in ("陈大文", "王经理", "陈阿姨", "西区3栋居民", "物业先垫测量费", "图贴在一楼"):
        assert kept not in shown


def test_lists_cost_no_more_for_more_rows_and_show_what_is_late_first(
    clerk: Client, matter: Matter, small_district: SmallDistrict
) -> None:
    at = now()
    for number in range(12):
        commitments.promise(
            actor=SYSTEM,
            matter=matter.pk,
            words=f"事情{number:02d}",
            owner_name="万家物业",
            due_by=local_day(at) + timedelta(days=30 - number),
            at=at,
        )

    with CaptureQueriesContext(
        connection,
    ) as counted:
        shown = clerk.get(reverse("staff:commitments")).content.decode()

    assert len(counted) <= MOST_QUERIES
    assert shown.index("事情11") < shown.index("事情00")
    with CaptureQueriesContext(connection) as counted:
        listed = clerk.get(reverse("staff:matters"))
    assert len(counted) <= MOST_QUERIES
    assert "西区加装电梯" in listed.content.decode()
    exported = clerk.get(reverse("staff:commitments"), {"as": "xlsx"})
    assert exported["Content-Type"].startswith("application/vnd.openxmlformats")


def test_matter_that_is_not_public_is_not_there_for_residents(matter: Matter, small_district: SmallDistrict) -> None:
    matters.edit_matter(actor=SYSTEM, matter=matter.pk, title=matter.title, subject="lift", is_public=False, at=now())
    named = {"community": small_district.cuiying.pk, "matter": matter.pk}

    assert Client().get(reverse("resident:matter", kwargs=named)).status_code == 404
    listed = Client().get(reverse("resident:matters", args=[small_district.cuiying.pk]))
    assert "西区加装电梯" not in listed.content.decode()


def test_stranger_finds_nothing_and_reader_changes_nothing(
    matter: Matter, small_district: SmallDistrict, client: Client
) -> None:
    meeting = meetings.call(actor=SYSTEM, matter=matter.pk, starts_at=now() + timedelta(days=3), at=now())

    small_district.log_in(client, "jinzhou.waisha1")
    assert client.get(reverse("staff:matter", kwargs={"matter": matter.pk})).status_code == 404
    small_district.log_in(client, "district")
    assert client.get(reverse("staff:matter", kwargs={"matter": matter.pk})).status_code == 200
    assert client.get(reverse("staff:meeting_change", kwargs={"meeting": meeting.pk})).status_code == 403
