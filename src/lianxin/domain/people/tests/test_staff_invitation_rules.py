"""Reading a unit's list of new staff."""

from uuid import UUID

from lianxin.domain.people.rules.invitations import MOST_ROWS, StaffRow, read_staff_rows

CUIYING, JINZHOU_ONE, JINZHOU_TWO = (UUID(int=n) for n in (1, 2, 3))
UNITS = {"翠英社区": [CUIYING], "金洲社区": [JINZHOU_ONE, JINZHOU_TWO]}
ROLES = {"社区干部": "community_staff", "区级": "district_staff", "安全管理员": "security_admin"}
HEAD = ["姓名", "登录名", "角色", "单位"]


def _read(*lines, taken=frozenset()):
    return read_staff_rows(list(lines), divisions=UNITS, role_names=ROLES, taken=taken)


def test_a_good_list_is_read_with_full_width_signs_and_empty_lines() -> None:
    rows, problems = _read(
        HEAD, ["李红 ", "Ｌi.Hong", "社区干部", "翠英社区"], [None, "", None, None], ["王强", "wq", "区级", ""]
    )

    assert problems == []
    assert rows == [
        StaffRow("李红", "li.hong", "community_staff", CUIYING),
        StaffRow("王强", "wq", "district_staff", None),
    ]


def test_each_wrong_cell_is_named_with_row_and_column() -> None:
    rows, problems = _read(HEAD, ["", "x", "院长", "月球"], ["李红", "li.hong", "社区干部", "没有的社区"])

    assert rows == []
    assert {(p.row, p.column) for p in problems} == {
        (2, "name"),
        (2, "login_name"),
        (2, "role"),
        (3, "unit"),
    }


def test_a_name_that_two_units_share_asks_for_the_code() -> None:
    _rows, problems = _read(HEAD, ["李红", "li.hong", "社区干部", "金洲社区"])

    assert [(p.row, p.column) for p in problems] == [(2, "unit")]


def test_a_login_name_in_use_or_twice_in_the_list_is_named() -> None:
    line = ["李红", "li.hong", "社区干部", "翠英社区"]

    _rows, taken = _read(HEAD, line, taken=frozenset({"li.hong"}))
    _rows, twice = _read(HEAD, line, ["李虹", "LI.HONG", "社区干部", "翠英社区"])

    assert [p.row for p in taken] == [2]
    assert [p.row for p in twice] == [2, 3]


def test_an_administrator_cannot_come_from_a_list() -> None:
    _rows, problems = _read(HEAD, ["李红", "li.hong", "安全管理员", ""])

    assert [(p.row, p.column) for p in problems] == [(2, "role")]


def test_wrong_headings_an_empty_list_and_too_long_a_list_get_one_sentence() -> None:
    line = ["李红", "li.hong", "社区干部", "翠英社区"]

    for sheet in ([["名字", "电话"]], [], [HEAD], [HEAD, *[line] * (MOST_ROWS + 1)]):
        rows, problems = _read(*sheet)
        assert rows == []
        assert len(problems) == 1


def test_a_short_row_is_read_as_if_the_rest_were_empty() -> None:
    _rows, problems = _read(HEAD, ["李红"])

    assert {p.row for p in problems} == {2}
