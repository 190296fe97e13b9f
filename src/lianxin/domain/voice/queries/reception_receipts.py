"""The page of a place on a reception day, for whoever has its receipt and four digits."""

from contextlib import suppress

from lianxin.domain.voice.commands.reception_telling import page_path
from lianxin.domain.voice.models import ReceptionPlace
from lianxin.domain.voice.rules import receipts
from lianxin.engines.identity import compact
from lianxin.platform import scope
from lianxin.platform.errors import Missing
from lianxin.platform.sensitive import Unreadable


def find_path(*, number: str, word: str) -> str:
    """Give the path of a place's own page: by the four digits of its slip, or the last four of the phone.

    Raises Missing for a number and for a word that is wrong alike.
    """
    receipt, secret = receipts.read_number(number), compact(word)
    with scope.everything():
        rows = ReceptionPlace.objects.filter(receipt=receipt).select_related("person")
        row = rows.first() if receipt else None
        if row is None or len(secret) != 4 or secret not in _words_of(row):
            raise Missing
    return page_path(row)


def _words_of(row: ReceptionPlace) -> set[str]:
    known = set(receipts.words_for(row.pk))
    if row.person is not None and row.person.phone_last4:
        known.add(row.person.phone_last4)
    if row.guest_phone is not None:
        with suppress(Unreadable):
            known.add(row.guest_phone.reveal()[-4:])
    return known
