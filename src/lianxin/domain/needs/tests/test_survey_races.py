"""Many answers at the same moment: threads on PostgreSQL, processes on SQLite; a limit is never passed."""

import pytest

from lianxin.domain.needs.commands import surveys
from lianxin.domain.needs.models import NeedReport, Submission, SurveyQuota
from lianxin.domain.needs.queries import survey_checks
from lianxin.platform import scope
from tests.support.racing import DONE, race

from .factories import AT, Place, make_place
from .survey_factories import cell, filled, opened, sent, version_of

pytestmark = pytest.mark.django_db(transaction=True)
SENDERS, WANTED = 16, 5


def test_quota_takes_as_many_as_it_wants_when_all_send_at_once() -> None:
    place = make_place()
    row = opened(place)
    surveys.set_quotas(actor=place.keeper, survey=row.pk, cells=[cell(place, WANTED, 60, is_limit=True)], at=AT)

    came = race(SENDERS, lambda number: sent(place, row, {"age": "70"}, instance=f"uuid:{number}"))

    assert came == {DONE: SENDERS}
    with scope.everything():
        assert SurveyQuota.objects.get(survey=row).taken == WANTED
        assert Submission.objects.filter(counts=True).count() == WANTED
        assert Submission.objects.count() == SENDERS
    assert list(survey_checks.quotas_are_counted_answers()) == []


def test_one_form_sent_by_many_at_once_is_kept_once() -> None:
    place: Place = make_place()
    row = opened(place)
    xml = filled(version_of(row), {"age": "70", "wish": "想有人来给老人剪头发"}, instance="uuid:one")

    came = race(8, lambda _number: sent(place, row, xml=xml))

    assert came == {DONE: 8}
    with scope.everything():
        assert (Submission.objects.count(), NeedReport.objects.count()) == (1, 1)
