"""What the national rules and our own forbid is nowhere in the program: no table, form, address or figure for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from lianxin.domain.needs.commands import workbooks
from lianxin.domain.needs.rules.starter_form import as_workbook
from lianxin.domain.people.models import Account
from lianxin.domain.people.purposes import shipped_register
from lianxin.domain.points.models import Account as PointsAccount
from lianxin.domain.points.tests.factories import NOON, make_book
from lianxin.faces.kit.templatetags.kit import TONES, tone_word
from lianxin.insight.live_checks import money_balances, personal_dimensions
from lianxin.platform import contributions, scope
from lianxin.platform.contributions import Measure, Window
from lianxin.platform.ids import new_id
from lianxin.platform.models import Fact, Tally
from tests.support.addresses import all_addresses

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "lianxin"
# What a tool of appraisal would count of those who work: words of columns, tables, addresses and figures.
FORBIDDEN = re.compile(
    r"(?:^|_)(streak|likes?|forwards?|ranking|leaderboard|clock_(?:in|out)|punch|online_(?:time|minutes|seconds)|"
    r"time_online|active_days|login_(?:count|days)|installs|appraisals?|kpi|performance|staff_(?:scores?|ranks?)|"
    r"credit_score|study_(?:time|minutes))(?:_|$)"
)
# A picture in one of these is the record itself: without it there would be nothing to keep.
PICTURES_THEMSELVES = re.compile(r"(picture|file|photo|recording)$")
RECORDED = re.compile(
    r"(?:^|_)(picture|photo|video|recording|voice_file|proof_file|evidence_file|lat|lng|track)(?:_|$)"
)
TAKES_MONEY = ("alipay", "wechatpay", "unionpay", "stripe", "paypal", "payments")
KNOWS_FACES = ("face-recognition", "face_recognition", "dlib", "opencv", "insightface", "deepface", "mediapipe")


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("lianxin.")]


def pages() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        yield path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")


def packages() -> list[str]:
    lines = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8").splitlines()
    return [line.split("==")[0].strip().lower() for line in lines if "==" in line and not line.startswith((" ", "#"))]


def test_no_table_column_or_address_is_named_after_what_is_forbidden() -> None:
    named = [f"{m._meta.label_lower}.{f.name}" for m in our_models() for f in m._meta.local_fields]
    named += [one.name.replace(":", "_") for one in all_addresses()]
    named += [one.name for one in contributions.every("measures")]

    assert [name for name in named if FORBIDDEN.search(name.rpartition(".")[2].replace("-", "_"))] == []
    assert len(named) > 1000


@pytest.mark.parametrize("name", ["login_count", "staff_score", "online_minutes", "likes", "study_time", "streak"])
def test_name_of_a_forbidden_count_would_be_found(name: str) -> None:
    assert FORBIDDEN.search(name)


def test_no_figure_can_be_asked_about_one_person() -> None:
    tables = {field.name for model in (Fact, Tally) for field in model._meta.local_fields}
    kinds = {one.kind for one in contributions.every("measures")}

    assert list(personal_dimensions()) == []
    assert {one.name for one in fields(Window)} <= {"from_on", "until_on", "communities", "venue_id", "category"}
    assert {"community_id", "venue_id", "category", "measure"} <= tables
    assert kinds <= {"flow", "level", "distinct"}
    assert all(isinstance(one, Measure) and one.name for one in contributions.every("measures"))


def test_an_account_counts_nothing_but_its_wrong_passwords() -> None:
    counted = {field.name for field in Account._meta.local_fields if isinstance(field, models.IntegerField)}

    assert counted == {"failures", "lockouts", "totp_last_step"}


def test_points_belong_to_households_and_communities_only() -> None:
    kinds = set(PointsAccount.Kind.values)

    assert kinds == {"household", "budget", "debt", "issuance", "shop", "expired", "opening", "transit"}


@pytest.mark.django_db
def test_a_household_never_stands_below_zero() -> None:
    with scope.everything(), transaction.atomic():
        book = make_book(households=1)
        household = PointsAccount.objects.get(pk=book.households[0])

        assert (household.guarded, household.floor) == (True, 0)
        with pytest.raises(IntegrityError), transaction.atomic():
            PointsAccount.objects.create(
                book_id=book.id, community_id=book.community, kind="household", owner=new_id(), guarded=True,
                balance=-1, opened_at=NOON,
            )  # fmt: skip


def test_no_record_needs_a_picture_a_recording_or_a_position() -> None:
    needed = [
        f"{model._meta.label_lower}.{field.name}"
        for model in our_models()
        if not PICTURES_THEMSELVES.search(model._meta.model_name or "")
        for field in model._meta.local_fields
        if RECORDED.search(field.name)
        and isinstance(field, models.UUIDField | models.FloatField | models.ForeignKey | models.FileField)
        and not field.null
    ]

    assert needed == []


def test_no_survey_makes_a_photo_or_a_position_required() -> None:
    headings = ["type", "name", "label", "required"]
    asked = [["image", "seen", "看到的", "yes"], ["geopoint", "where", "在哪里", "${seen} != ''"]]
    forced = as_workbook({"survey": [headings, *asked], "settings": [["form_id"], ["x"]]})
    free = as_workbook({"survey": [headings, *([*row[:3], "no"] for row in asked)], "settings": [["form_id"], ["x"]]})

    with pytest.raises(workbooks.WorkbookRefused) as refused:
        workbooks.read(workbook=forced)

    assert all(name in refused.value.spots[0].words for name in ("seen", "where"))
    assert workbooks.read(workbook=free).form


def test_no_page_asks_for_an_app() -> None:
    asks = re.compile(r"app ?store|itms-apps|market://|play\.google|\.apk\b|smart-banner|apple-itunes-app", re.I)

    assert [name for name, text in pages() if asks.search(text)] == []


def test_no_page_has_a_captcha() -> None:
    assert [name for name, text in pages() if re.search("captcha|验证码图|图形验证", text, re.I)] == []
    assert not [name for name in packages() if "captcha" in name]


def test_nothing_that_takes_money_is_installed() -> None:
    payments = re.compile(r"(?:^|[_:])(pay|payment|checkout|top_up|recharge|wallet)(?:_|$)")

    assert [name for name in packages() if any(word in name.replace("-", "") for word in TAKES_MONEY)] == []
    assert [one.name for one in all_addresses() if payments.search(one.name)] == []


def test_nothing_that_recognises_faces_is_installed() -> None:
    assert len(packages()) > 20
    assert [name for name in packages() if name.startswith(KNOWS_FACES)] == []


def test_no_table_keeps_a_balance_of_money() -> None:
    assert list(money_balances()) == []


def test_a_balance_of_money_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    spending = apps.get_model("places.UpgradeFunding")
    field = models.BigIntegerField(name="balance_fen")
    field.set_attributes_from_name("balance_fen")
    monkeypatch.setattr(spending._meta, "local_fields", [*spending._meta.local_fields, field])

    assert list(money_balances()) == ["places.upgradefunding.balance_fen"]


def test_every_tone_comes_with_an_icon_and_a_word() -> None:
    said = {tone: str(tone_word(tone)) for tone in ("done", "info", "due", "stop")}

    assert all(TONES[tone] for tone in said)
    assert len(set(said.values())) == len(said)


def test_every_purpose_has_a_basis_and_an_end() -> None:
    rows = shipped_register()["purposes"]

    assert len(rows) > 10
    assert [row["code"] for row in rows if not row["basis_text"] or not 0 < row["retention_days"] <= 3650] == []
    assert [row["code"] for row in rows if row["sensitive"] and not row["assessed_on"]] == []
