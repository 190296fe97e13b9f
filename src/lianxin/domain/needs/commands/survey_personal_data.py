"""What filled forms hold about one person: given out, erased, and forgotten when its time is over."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs.models import Submission, SubmissionFile
from lianxin.domain.needs.queries.survey_results import lines_of
from lianxin.domain.needs.rules import answered
from lianxin.domain.needs.rules import surveys as rules
from lianxin.domain.people.models import Person
from lianxin.engines.xforms import BadSubmission, Form, OtherForm, read_xml, to_xml
from lianxin.platform import files, scope
from lianxin.platform.actors import Actor
from lianxin.platform.sensitive import Unreadable

NAME_DAYS = 1095
AT_ONCE = 200
CONTENT = Submission._meta.get_field("content")


def export_rows(person: UUID) -> list[dict[str, Any]]:
    """Give the forms that a person filled in, with their answers."""
    with scope.everything():
        rows = Submission.objects.filter(person=person).select_related("survey_version__survey")
        return [
            {
                "survey": row.survey_version.survey.title,
                "received_at": row.received_at.isoformat(),
                "how": row.how,
                "state": row.state,
                "answers": _answers(row),
            }
            for row in rows.order_by("received_at", "pk")
        ]


def erase_rows(person: UUID, actor: Actor, at: datetime) -> list[str]:
    """Take a person out of the forms that they filled in: names, numbers, places and pictures go, the counts stay."""
    with scope.everything():
        rows = list(Submission.objects.filter(person=person).select_related("survey_version"))
        names = list(Person.objects.filter(pk=person).values_list("name", flat=True))
        _forget(rows, names=names)
    return [_("Answers to surveys, without a name, a number, a place or a picture.")] if rows else []


def purge_names(at: datetime) -> int:
    """Forget who filled a form in so long after it came; gives how many."""
    with scope.everything():
        old = Submission.objects.filter(received_at__lt=at - timedelta(days=NAME_DAYS))
        known = old.filter(person__isnull=False) | old.filter(household__isnull=False) | old.exclude(device="")
        named = known.select_related("survey_version", "person")
        rows = list(named.order_by("pk")[:AT_ONCE])
        _forget(rows, names=[row.person.name for row in rows if row.person is not None])
        return len(rows)


def _forget(rows: Iterable[Submission], *, names: list[str]) -> None:
    for row in rows:
        row.content = CONTENT.seal(_hidden(row, names))  # type: ignore[union-attr]
        row.person = row.household = None
        row.device = ""
        row.save(update_fields=["content", "person", "household", "device"])
        kept = SubmissionFile.objects.filter(submission=row)
        files.forget(ids=[one.file_id for one in kept if one.file_id is not None])
        kept.delete()


def _hidden(row: Submission, names: list[str]) -> str:
    """Give the form without what names anybody; one that cannot be read any more is emptied."""
    mapping = row.survey_version.mapping
    paths = frozenset([*rules.paths_of(mapping, rules.NAME), *rules.paths_of(mapping, rules.PHONE)])
    form = Form.from_json(row.survey_version.form)
    try:
        filled = read_xml(form, row.content.reveal(), at=row.received_at, uuid=lambda: "")
    except (Unreadable, BadSubmission, OtherForm):
        return f"<{form.nodes[0].name}/>"
    answered.hide_in(filled, answered.Hide(tuple(name for name in names if name), paths))
    return to_xml(filled)


def _answers(row: Submission) -> list[dict[str, str]]:
    try:
        return [{"question": line.label, "answer": line.words} for line in lines_of(row) if not line.is_group]
    except (Unreadable, BadSubmission, OtherForm):
        return []
