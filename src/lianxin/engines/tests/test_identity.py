import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.engines.identity import (
    PROVINCES,
    Phone,
    ResidentId,
    Uscc,
    check_phone,
    check_resident_id,
    check_uscc,
    resident_id_check_character,
    uscc_check_character,
)
from lianxin.engines.reasons import Reason

VECTORS = json.loads((Path(__file__).parents[4] / "data" / "vectors.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 22)

numbers = st.builds(
    lambda province, region, birth, order: f"{province}{region:04}{birth:%Y%m%d}{order:03}",
    st.sampled_from(sorted(PROVINCES)),
    st.integers(0, 9999),
    st.dates(date(1900, 1, 1), TODAY),
    st.integers(0, 999),
).map(lambda body: body + resident_id_check_character(body))


def code(result: object) -> str:
    return result.code if isinstance(result, Reason) else ""


@pytest.mark.parametrize("number", VECTORS["resident_id"]["valid"])
def test_published_examples_pass(number: str) -> None:
    assert isinstance(check_resident_id(number, on=date(1990, 1, 1)), ResidentId)


@pytest.mark.parametrize(
    ("number", "reason"), list(zip(VECTORS["resident_id"]["invalid_check"], ["id_check", "id_date"], strict=True))
)
def test_published_wrong_examples_fail(number: str, reason: str) -> None:
    assert code(check_resident_id(number, on=TODAY)) == reason


def test_an_elder_born_before_the_district_passes_with_its_code() -> None:
    body = "44050719380214002"
    number = body + resident_id_check_character(body)

    result = check_resident_id(number, on=TODAY, known_regions={"440507"})

    assert result == ResidentId(number, date(1938, 2, 14), "F", "440507")


@given(numbers)
def test_every_rightly_made_number_passes_and_tells_its_date_and_sex(number: str) -> None:
    result = check_resident_id(number, on=TODAY)

    assert isinstance(result, ResidentId)
    assert f"{result.birth_on:%Y%m%d}" == number[6:14]
    assert (result.sex == "M") == (int(number[16]) % 2 == 1)


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_never_passes(number: str, place: int, shift: int) -> None:
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]

    assert isinstance(check_resident_id(wrong, on=TODAY), Reason)


@given(numbers, st.integers(0, 15))
def test_two_exchanged_neighbours_never_pass(number: str, place: int) -> None:
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

    assert wrong == number or isinstance(check_resident_id(wrong, on=TODAY), Reason)


def test_full_width_blanks_and_a_small_x_are_accepted() -> None:
    result = check_resident_id("１１０１０５　１９４９１２３１　００２ｘ\u200b", on=TODAY)

    assert isinstance(result, ResidentId)
    assert result.number == "11010519491231002X"


def test_an_unknown_region_is_only_a_warning() -> None:
    result = check_resident_id("440524188001010014", on=date(1990, 1, 1), known_regions={"440507"})

    assert isinstance(result, ResidentId)
    assert [warning.code for warning in result.warnings] == ["id_region"]
    assert "440524" in str(result.warnings[0])


def test_an_old_number_is_brought_to_eighteen_characters() -> None:
    result = check_resident_id("110105491231002", on=TODAY)

    assert isinstance(result, ResidentId)
    assert result.number == "11010519491231002X"
    assert [warning.code for warning in result.warnings] == ["id_old"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "id_empty"),
        ("4405071938", "id_length"),
        ("44050719380214OO24", "id_characters"),
        ("990507193802140024", "id_province"),
        ("440507193802300024", "id_date"),
        ("4.40507E+17", "id_rounded"),
        ("440507193802140020.0", "id_rounded"),
        ("440507193802140000", "id_rounded"),
        ("110105194912310021", "id_check"),
    ],
)
def test_each_fault_has_its_own_reason(text: str, reason: str) -> None:
    assert code(check_resident_id(text, on=TODAY)) == reason


def test_a_birth_in_the_future_is_refused_on_the_day_before_and_not_on_the_day() -> None:
    body = "44050720261122001"
    number = body + resident_id_check_character(body)

    assert code(check_resident_id(number, on=date(2026, 11, 21))) == "id_future"
    assert isinstance(check_resident_id(number, on=TODAY), ResidentId)


def test_nobody_is_older_than_130_years() -> None:
    assert code(check_resident_id("440524188001010014", on=TODAY)) == "id_too_old"


def test_a_foreigners_permanent_residence_card_is_known() -> None:
    body = "94412319900101001"

    result = check_resident_id(body + resident_id_check_character(body), on=TODAY)

    assert isinstance(result, ResidentId)
    assert [warning.code for warning in result.warnings] == ["id_foreign"]


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(check_resident_id(text, on=TODAY), ResidentId | Reason)
    assert isinstance(check_uscc(text), Uscc | Reason)
    assert isinstance(check_phone(text), Phone | Reason)


@pytest.mark.parametrize("number", VECTORS["uscc"]["valid"])
def test_published_credit_code_passes(number: str) -> None:
    assert check_uscc(number.lower()) == Uscc(number, number[:2], number[2:8])


def test_a_village_collectives_code_passes() -> None:
    body = "N2440507MF1234567"

    assert isinstance(check_uscc(body + uscc_check_character(body)), Uscc)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "uscc_empty"),
        ("440507000012345", "uscc_old"),
        ("9111", "uscc_length"),
        ("9111000060003734OL", "uscc_characters"),
        ("91A10000600037341L", "uscc_region"),
        ("91110000600037342L", "uscc_check"),
    ],
)
def test_each_fault_of_a_credit_code_has_its_own_reason(text: str, reason: str) -> None:
    assert code(check_uscc(text)) == reason


@pytest.mark.parametrize(
    ("text", "number", "kind", "extension"),
    [
        ("13812341234", "13812341234", "mobile", ""),
        ("+86 138-1234-1234", "13812341234", "mobile", ""),
        ("（86）１３８ １２３４ １２３４", "13812341234", "mobile", ""),
        ("0086 13812341234", "13812341234", "mobile", ""),
        ("0754-88881234", "0754-88881234", "landline", ""),
        ("(0754) 8888 1234", "0754-88881234", "landline", ""),
        ("+86 754 88881234", "0754-88881234", "landline", ""),
        ("88881234", "0754-88881234", "landline", ""),
        ("0754-88881234-805", "0754-88881234", "landline", "805"),
        ("88881234转12", "0754-88881234", "landline", "12"),
        ("020-81234567", "020-81234567", "landline", ""),
        ("010－6552－9988", "010-65529988", "landline", ""),
        ("12345", "12345", "service", ""),
        ("400-800-1234", "4008001234", "service", ""),
    ],
)
def test_telephone_numbers_are_read_as_people_write_them(text: str, number: str, kind: str, extension: str) -> None:
    assert check_phone(text) == Phone(number, kind, extension)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "phone_empty"), ("1381234123", "phone_length"), ("12812341234", "phone_form"), ("十三亿", "phone_form")],
)
def test_what_is_no_telephone_number_gets_a_reason(text: str, reason: str) -> None:
    assert code(check_phone(text)) == reason


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_read_number_reads_as_itself(number: str) -> None:
    assert check_phone(check_phone(number).number) == check_phone(number)
