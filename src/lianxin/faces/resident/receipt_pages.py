"""Which page a receipt opens: eight digits are a need's, nine a case's or a place's on a reception day."""

from __future__ import annotations

from django.urls import Resolver404, resolve

from lianxin.domain.needs.queries import reports as needs
from lianxin.domain.needs.rules import receipts as needs_receipts
from lianxin.domain.voice.queries import reception_receipts
from lianxin.domain.voice.queries import reports as cases
from lianxin.domain.voice.rules import receipts
from lianxin.platform.errors import Missing


def find_page(*, number: str, word: str) -> str:
    """Give the path of a receipt's page to whoever has its four digits; raises Missing alike for all that is wrong."""
    nine = receipts.read_number(number)
    if nine.startswith(receipts.CASE):
        case = cases.find_by_receipt(number=nine, word=word)
        return receipts.page_path(case.receipt, receipts.token_for(case.pk, case.receipt))
    if nine:
        path = reception_receipts.find_path(number=nine, word=word)
        try:
            resolve(path)
        except Resolver404:
            raise Missing from None
        return path
    need = needs.find_by_receipt(number=number, secret=word)
    return needs_receipts.page_path(need.receipt, needs_receipts.token_for(need.pk, need.receipt))
