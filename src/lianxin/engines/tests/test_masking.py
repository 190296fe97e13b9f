import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.engines.masking import mask_address, mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("张 三", "张*"),
        ("陈林晓明", "陈**明"),
        ("欧阳锋", "欧阳*"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("𡐓三", "𡐓*"),
        ("阿不都·热合曼", "阿***"),
        ("John Smith", "J***"),
        ("张", "*"),
        ("", ""),
        ("葛\U000e0100小三", "葛\U000e0100*三"),
    ],
)
def test_a_name_keeps_its_surname_and_at_most_its_last_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+86 138 1234 1234", "138****1234"),
        ("０７５４－８８８８１２３４", "0754-****1234"),
        ("020-81234567", "020-****4567"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_a_telephone_number_hides_its_middle(number: str, masked: str) -> None:
    assert mask_phone(number) == masked


def test_an_id_shows_its_first_and_last_four() -> None:
    assert mask_id("440507193802141234") == "4405**********1234"
    assert mask_id("E1234567") == "********"


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("金砂东路12号翠英花园3幢502房", "金砂东路****"),
        ("大衙村西厝十二号", "大衙村西厝****"),
        ("大衙村西厝", "大衙****"),
        ("12号", "****"),
        ("", ""),
    ],
)
def test_an_address_keeps_the_street_and_loses_the_house(address: str, masked: str) -> None:
    assert mask_address(address) == masked


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=8))
def test_a_masked_chinese_name_keeps_its_length_and_hides_something(name: str) -> None:
    masked = mask_name(name)

    assert len(masked) == len(name)
    assert "*" in masked
    assert masked[0] == name[0]


@given(st.text(max_size=40))
def test_no_digit_of_an_address_is_shown(address: str) -> None:
    assert not any(character in "0123456789０１２３４５６７８９" for character in mask_address(address))


@given(st.text(st.sampled_from("0123456789"), min_size=1, max_size=20))
def test_a_masked_number_never_shows_more_than_eight_digits(number: str) -> None:
    assert sum(character.isdigit() for character in mask_id(number)) <= 8
    assert sum(character.isdigit() for character in mask_phone(number)) <= 8
