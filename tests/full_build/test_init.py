"""A first real district: no sample, no default account, three administrators with one-time links."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from lianxin.domain.people.models import Account, Purpose, RoleGrant
from lianxin.domain.places.models import Division, ServiceCategory, Standard, Venue
from lianxin.faces.cli import demo
from lianxin.faces.cli.main import main
from lianxin.platform import deployment, scope, verification
from lianxin.platform.models import CalendarDay

ADMINISTRATORS = ["--admin-system", "chen:陈工", "--admin-security", "lin:林工", "--admin-audit", "huang:黄工"]
LIST = """code,name,parent_code
110100000000,市辖区,110000000000
110101000000,东城区,110100000000
110101001000,东华门街道,110101000000
110101001001,多福巷社区居委会,110101001000
110102000000,西城区,110100000000
110102001000,西长安街街道,110102000000
110102001001,西黄城根社区居委会,110102001000
"""


@pytest.fixture(autouse=True)
def _empty(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start in an empty database whose tables and files are there."""
    monkeypatch.setattr("lianxin.faces.cli.init.everything_ready", lambda: None)
    deployment.forget()
    with translation.override("en"):
        yield


def tokens(text: str) -> dict[str, str]:
    """Give the printed links by login name."""
    return dict(re.findall(r"^\s+(\S+)\s+\S+/invitation/([^/]+)/", text, flags=re.MULTILINE))


def test_shipped_district_is_set_up_with_its_history(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["init", "--district-code", "440507", *ADMINISTRATORS])

    assert code == 0
    assert set(tokens(capsys.readouterr().out)) == {"chen", "lin", "huang"}
    assert Division.objects.filter(level="community", ended_on=None).count() == 125
    assert (ServiceCategory.objects.count(), Standard.objects.count()) == (33, 1)
    assert Purpose.objects.exists()
    assert CalendarDay.objects.exists()
    with scope.everything():
        assert not Venue.objects.exists()


def test_administrators_wait_for_their_links_and_have_no_password(capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", "--district-code", "440507", *ADMINISTRATORS])

    accounts = list(Account.objects.order_by("login_name"))
    assert [(a.login_name, a.state, a.has_usable_password(), a.totp_secret) for a in accounts] == [
        ("chen", "invited", False, None),
        ("huang", "invited", False, None),
        ("lin", "invited", False, None),
    ]
    assert set(RoleGrant.objects.values_list("role", flat=True)) == {"system_admin", "security_admin", "audit_admin"}


def test_real_district_is_no_sample(capsys: pytest.CaptureFixture[str]) -> None:
    main(["init", "--district-code", "440507", *ADMINISTRATORS])

    assert not demo.is_sample()
    assert not demo.is_empty()
    assert demo.logins_text("http://localhost") == ""
    assert [r.name for r in verification.run_all() if r.differences] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_other_district_comes_from_a_list_and_takes_only_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    file = tmp_path / "divisions.csv"
    file.write_bytes(LIST.encode(encoding))

    code = main(["init", "--district-code", "110101", "--divisions", str(file), *ADMINISTRATORS])

    assert code == 0, capsys.readouterr().err
    assert set(Division.objects.filter(level="community").values_list("short_name", flat=True)) == {"多福巷社区"}


def test_second_run_gives_fresh_links_until_somebody_came_in(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["init", "--district-code", "440507", *ADMINISTRATORS]
    main(arguments)
    first = tokens(capsys.readouterr().out)

    again = main(arguments)
    second = tokens(capsys.readouterr().out)
    Account.objects.filter(login_name="chen").update(state="active")
    third = main(arguments)

    assert (again, third) == (0, 1)
    assert set(first) == set(second)
    assert not set(first.values()) & set(second.values())
    assert "in use" in capsys.readouterr().err


def test_sample_database_is_refused(small_district: object, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["init", "--district-code", "440507", *ADMINISTRATORS])

    assert code == 1
    assert "in use" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name,code\n", "lacks the columns parent_code"),
        ("code,name,parent_code\n12,甲,\n", "not a 12-digit code"),
        (LIST.replace("110101", "110105"), "no district 110101"),
        ("code,name,parent_code\n110101000000,东城区,110100000000\n", "no communities"),
    ],
)
def test_bad_list_is_told_in_a_sentence_and_nothing_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    file = tmp_path / "divisions.csv"
    file.write_text(text, encoding="utf-8")

    code = main(["init", "--district-code", "110101", "--divisions", str(file), *ADMINISTRATORS])

    assert code == 1
    assert sentence in capsys.readouterr().err
    assert demo.is_empty()


def test_one_person_cannot_be_two_administrators(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(
        [
            "init",
            "--district-code",
            "440507",
            "--admin-system",
            "chen",
            "--admin-security",
            "chen",
            "--admin-audit",
            "lin",
        ]
    )

    assert code == 1
    assert demo.is_empty()
    assert not Account.objects.exists()
