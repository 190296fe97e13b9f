"""What an activity asks of those who sign up: where they live, how old they are, kinds of places, questions."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities.commands.parties import Guest
from lianxin.domain.activities.models import Activity, ActivityCommunity, Occurrence, OccurrenceLimit, Question
from lianxin.domain.activities.rules.eligibility import Audience, ages_words, fits_age, limit_by_age, why_not_answered
from lianxin.platform import scope
from lianxin.platform.errors import Invalid, Refused

_UUIDS = Occurrence._meta.pk
_ASKED = """
SELECT a.open_to, a.min_age, a.max_age, d.parent_id,
    EXISTS (SELECT 1 FROM activities_occurrencelimit l WHERE l.occurrence_id = %s),
    EXISTS (SELECT 1 FROM activities_question q WHERE q.activity_id = a.id AND q.removed_at IS NULL)
FROM activities_occurrence o
JOIN activities_activity a ON a.id = o.activity_id
JOIN places_division d ON d.id = o.community_id
WHERE o.id = %s"""


class NotForYou(Refused):
    """The activity is for others: of another age or another community."""

    title = gettext_lazy("This activity is for others.")


def asked(place: Occurrence) -> tuple[Audience, list[OccurrenceLimit], list[Question]]:
    """Give for whom it is, its limits and its questions; one statement where there are no limits and questions."""
    occurrence = _UUIDS.get_db_prep_value(place.pk, connection)
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [occurrence, occurrence])
        open_to, least, most, subdistrict, has_limits, has_questions = cursor.fetchone()
    communities = {place.community_id}
    if open_to != Activity.OpenTo.EVERYBODY or place.first_for:
        with scope.everything():
            partners = ActivityCommunity.objects.filter(activity=place.activity_id)
            communities.update(partners.values_list("community", flat=True))
    if isinstance(subdistrict, str):
        subdistrict = UUID(subdistrict)
    audience = Audience(open_to, frozenset(communities), subdistrict, least, most)
    limits = list(OccurrenceLimit.objects.filter(occurrence=place.pk)) if has_limits else []
    asked = Question.objects.filter(activity=place.activity_id, removed_at__isnull=True)
    return audience, limits, list(asked) if has_questions else []


def refuse_others(audience: Audience, party: Sequence[Guest], *, on: object) -> None:
    """Raise NotForYou when one of a party is of another community or age than the activity is for."""
    for guest in party:
        if guest.community is None:
            if audience.open_to != "everybody":
                raise NotForYou(
                    _("This is for residents nearby. Please log in, or call the community and sign up by phone.")
                )
        elif not audience.takes_community(guest.community, guest.subdistrict):
            raise NotForYou(_("This is for residents nearby. Look for the same activity where you live."))
        if not fits_age(guest.birth_on, on, least=audience.min_age, most=audience.max_age):  # type: ignore[arg-type]
            raise NotForYou(
                _("%(name)s cannot sign up: it is %(ages)s.")
                % {"name": guest.name, "ages": ages_words(audience.min_age, audience.max_age)}
            )


def choose_limits(limits: Sequence[OccurrenceLimit], party: Sequence[Guest], *, on: object) -> None:
    """Give each of a party the kind of place asked for, or the one of their age; raises NotForYou and Invalid."""
    by_id = {limit.pk: limit for limit in limits}
    ages = [(limit.pk, limit.min_age, limit.max_age) for limit in limits]
    for guest in party:
        asked = guest.somebody.limit
        if asked is not None and asked not in by_id:
            raise Invalid(fields={"limit": [_("Choose one of the kinds of places.")]})
        guest.limit = asked or limit_by_age(ages, guest.birth_on, on)  # type: ignore[arg-type]
        limit = by_id.get(guest.limit) if guest.limit else None
        if limit and not fits_age(guest.birth_on, on, least=limit.min_age, most=limit.max_age):  # type: ignore[arg-type]
            raise NotForYou(
                _("%(name)s cannot have a place “%(limit)s”: it is %(ages)s.")
                % {"name": guest.name, "limit": limit.name, "ages": ages_words(limit.min_age, limit.max_age)}
            )


def check_answers(questions: Sequence[Question], party: Sequence[Guest], *, by_desk: bool) -> None:
    """Raise Invalid when a question of the activity is not answered as it asks."""
    if not questions:
        return
    for guest in party:
        if wrong := why_not_answered(questions, guest.somebody.answers, by_desk=by_desk):
            raise Invalid(fields={f"question_{pk}": [sentence] for pk, sentence in wrong.items()})
