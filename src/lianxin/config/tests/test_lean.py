"""What dataclasses do once they share their methods: the same as before."""

from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from lianxin.config.lean import share_generated_methods


def test_frozen_dataclass_shows_itself_and_refuses_as_before() -> None:
    @dataclass(frozen=True)
    class Visit:
        place: str
        people: int
        phone: str = field(default="13800000000", repr=False)
        notes: list[object] = field(default_factory=list)

    visit = Visit("翠英", 3)
    visit.notes.append(visit)
    before, hashed = repr(visit), Visit.__hash__
    generated = Visit.__repr__

    shared = share_generated_methods([Visit])

    assert shared == 3
    assert Visit.__repr__ is not generated
    assert repr(visit) == before
    assert "13800000000" not in before
    assert Visit.__hash__ is hashed
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'people'"):
        visit.people = 4  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'people'"):
        del visit.people  # type: ignore[misc]
    assert visit.people == 3


def test_dataclass_that_may_change_or_shows_itself_in_its_own_way_keeps_that() -> None:
    @dataclass
    class Basket:
        goods: int

        def __repr__(self) -> str:
            return f"{self.goods} goods"

    basket = Basket(1)

    assert share_generated_methods([Basket]) == 0
    basket.goods = 2
    assert repr(basket) == "2 goods"


def test_dataclasses_of_one_line_keep_what_tells_them_apart() -> None:
    @dataclass(frozen=True)
    class Person:
        name: str

    @dataclass(frozen=True, repr=False)
    class Resident(Person):
        phone: str

    assert share_generated_methods([Person, Resident]) == 0
    assert "phone" not in repr(Resident("陈翠英", "13800000000"))
