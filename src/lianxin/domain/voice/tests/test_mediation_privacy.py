"""What is sealed in a mediation, who reads nothing of it, and what is forgotten."""

from datetime import timedelta

import pytest
from django.apps import apps

from lianxin.domain.people.tests.factories import staff
from lianxin.domain.voice.commands import (
    mediation_clauses,
    mediation_opening,
    mediation_talks,
    mediation_visits,
)
from lianxin.domain.voice.models import Mediation
from lianxin.domain.voice.queries import mediations as queries
from lianxin.domain.voice.tests.mediation_factories import (
    AT,
    DAY,
    SUBJECT,
    make_quarrel,
)
from lianxin.platform import scope
from lianxin.platform.errors import Missing

pytestmark = pytest.mark.django_db
LATER = AT + 21 * DAY


def test_sealed_words_stand_nowhere_in_the_database_in_clear() -> None:
    quarrel = make_quarrel()
    secret = {
        "subject": SUBJECT,
        "talk": "黄家私下说愿意赔一半钱",
        "clause": "黄家赔陈家八百元整",
        "end": "约定的钱一直没给",
    }
    quarrel.talk()
    mediation_talks.record(**quarrel.acts(kind="private", party=quarrel.parties()[1].pk, words=secret["talk"]))
    quarrel.clause(secret["clause"])
    for one in quarrel.parties():
        mediation_clauses.sign(actor=quarrel.mediator, party=one.pk, at=AT)
    mediation_clauses.agree(**quarrel.acts())
    mediation_visits.break_(**quarrel.acts(words=secret["end"], at=LATER))

    found = _everything_in_the_database()

    # A resident's own record holds their name; what is sealed is theirs as a side.
    assert [name for name, words in secret.items() if words in found] == []
    with scope.everything():
        talks = quarrel.row.talks.exclude(words=None)
        assert all(secret["talk"].encode() not in one.words.ciphertext for one in talks)


def _everything_in_the_database() -> str:
    with scope.everything():
        return "\n".join(
            repr(list(row.values()))
            for model in apps.get_models()
            for row in [model._default_manager.all()]
            if not model._meta.proxy and model._meta.managed
        )


def test_office_above_and_department_read_no_mediation() -> None:
    quarrel = make_quarrel().agree()

    with scope.everything(), pytest.raises(Missing):
        queries.find_mediation(staff("district_staff"), quarrel.row.pk)
    with scope.everything():
        bundle = queries.find_mediation(quarrel.keeper, quarrel.row.pk)
    assert bundle.is_mediator is False
    assert "open" not in bundle.acts
    # What is sealed was not even read.
    assert {"subject_words", "state_words"} <= bundle.row.get_deferred_fields()


def test_mediation_of_long_ago_is_forgotten_but_for_tier_and_outcome() -> None:
    from lianxin.domain.voice.commands import mediation_personal_data as data

    quarrel = make_quarrel().agree()
    quarrel.visit()
    mediation_visits.perform(**quarrel.acts(words="都好了", at=LATER))
    over = LATER + timedelta(days=data.SEALED_DAYS)

    assert data.purge_sealed(over - DAY) == 0
    assert data.purge_sealed(over + DAY) == 1
    assert data.purge_sealed(over + DAY) == 0

    opened = mediation_opening.open_words(**quarrel.acts(reason="看看还剩什么", at=over))
    assert {opened.subject, *opened.names.values(), *opened.clauses.values()} == {data.FORGOTTEN}
    assert (opened.state_words, set(opened.talks.values())) == ("", {""})
    row = quarrel.now()
    assert isinstance(row, Mediation)
    assert (row.state, row.tier) == ("performed", "full")


def test_person_is_taken_out_of_sealed_words_and_the_export_holds_none_of_them() -> None:
    from lianxin.domain.voice.commands import mediation_personal_data as data

    quarrel = make_quarrel().talk()
    mediation_talks.record(**quarrel.acts(kind="joint", words="黄国华说下周就修"))
    person = quarrel.person(1).pk

    exported = data.export_rows(person)
    told = data.erase_rows(person, quarrel.keeper, AT)

    assert [row["side"] for row in exported] == ["other"]
    assert SUBJECT not in repr(exported)
    assert told
    opened = mediation_opening.open_words(**quarrel.acts(reason="核对"))
    assert "黄国华" not in repr(opened)
    assert "***说下周就修" in opened.talks.values()
