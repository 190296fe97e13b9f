"""Who is named on the pages of cases, and to whom: a confidential voice only to those who work on it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.voice.models import Case, CaseReport, Confidentiality
from lianxin.domain.voice.queries.reports import may_see
from lianxin.engines.masking import mask_name

from .case_desk import CaseDesk
from .case_words import hidden_name


def name_of(desk: CaseDesk, report: CaseReport, case: Case) -> str:
    """Say who brought a voice forward, masked: staff open the resident's record where they need more."""
    if report.confidentiality == Confidentiality.ANONYMOUS:
        return _("unnamed")
    if not may_see(desk.actor, report, case):
        return hidden_name()
    if report.person is not None:
        return mask_name(report.person.name)
    return mask_name(report.guest_name) if report.guest_name else _("a guest")


def names_of(desk: CaseDesk, pairs: Iterable[tuple[CaseReport, Case]]) -> dict[UUID, str]:
    """Say of many voices who brought them forward."""
    return {report.pk: name_of(desk, report, case) for report, case in pairs}
