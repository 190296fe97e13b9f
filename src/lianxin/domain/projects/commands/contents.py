"""What a project says of itself and what it is tied to: checked, and put into its rows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.needs.models import Need
from lianxin.domain.places.models import Division, Level, ServiceCategory, Venue
from lianxin.domain.projects.models import Project, ProjectCommunity, ProjectNeed, ProjectOffer
from lianxin.domain.projects.rules.contents import Content, problems_of
from lianxin.domain.resources.models import Offer
from lianxin.platform import scope
from lianxin.platform.errors import Invalid
from lianxin.platform.models import StoredFile

PLAIN_FIELDS = (
    *("title", "purpose", "public_text", "picture_id", "from_on", "until_on", "occurrences_planned", "people_planned"),
    *("budget_fen", "money_from", "responsible", "responsible_name"),
)


def take_over(content: Content, row: Project) -> dict[str, list[Any]]:
    """Put what was entered into a project; gives what changed."""
    change: dict[str, list[Any]] = {}
    values = {name: getattr(content, name) for name in PLAIN_FIELDS}
    values |= {name: value.strip() for name, value in values.items() if isinstance(value, str)}
    values |= {"category_id": content.category, "venue_id": content.venue}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            change[name] = [before[:80] if isinstance(before, str) else before, value]
            setattr(row, name, value)
    return change


def check(content: Content, row: Project) -> None:
    """Raise Invalid with a sentence for each field that is wrong."""
    problems: dict[str, list[str]] = {}
    for name, sentence in problems_of(content):
        problems.setdefault(name, []).append(sentence)
    if content.community != row.community_id:
        problems["community"] = [_("A project stays with its community.")]
    with scope.everything():
        if row._state.adding and not Division.objects.filter(pk=content.community, level=Level.COMMUNITY).exists():
            problems["community"] = [_("Choose a community.")]
        if not ServiceCategory.objects.filter(pk=content.category).exists():
            problems["category"] = [_("Choose one of the categories.")]
        near = Division.objects.filter(pk__in=content.neighbours, level=Level.COMMUNITY, ended_on__isnull=True)
        if near.count() != len(set(content.neighbours)):
            problems["neighbours"] = [_("A neighbouring community is not on record.")]
        if content.venue and not Venue.objects.filter(pk=content.venue).exists():
            problems["venue"] = [_("The place is not on record.")]
        # What is taken in may come from here and from the neighbours that take part.
        around = {row.community_id, *content.neighbours}
        if Need.objects.filter(pk__in=content.needs, community__in=around).count() != len(set(content.needs)):
            problems["needs"] = [_("A need is not of this community or of those that take part.")]
        if Offer.objects.filter(pk__in=content.offers).exclude(state="ended").count() != len(set(content.offers)):
            problems["offers"] = [_("An offer is not on record any more.")]
    if content.picture_id and not StoredFile.objects.filter(pk=content.picture_id).exists():
        problems["picture_id"] = [_("The picture is not there any more. Send it again.")]
    if problems:
        raise Invalid(fields=problems)


def link(row: Project, content: Content, at: datetime) -> list[UUID]:
    """Let the project name exactly these needs, offers and neighbours; gives the needs that are new to it."""
    with scope.everything():
        known = set(ProjectNeed.objects.filter(project=row).values_list("need", flat=True))
        wanted = dict.fromkeys(content.needs)
        ProjectNeed.objects.filter(project=row).exclude(need__in=wanted).delete()
        added = [pk for pk in wanted if pk not in known]
        people = dict(Need.objects.filter(pk__in=added).values_list("pk", "people"))
        ProjectNeed.objects.bulk_create(
            ProjectNeed(project=row, need_id=pk, people=max(1, people[pk]), added_at=at) for pk in added
        )
        offers = set(ProjectOffer.objects.filter(project=row).values_list("offer", flat=True))
        ProjectOffer.objects.filter(project=row).exclude(offer__in=content.offers).delete()
        ProjectOffer.objects.bulk_create(
            ProjectOffer(project=row, offer_id=pk) for pk in dict.fromkeys(content.offers) if pk not in offers
        )
        near = set(ProjectCommunity.objects.filter(project=row).values_list("community", flat=True))
        ProjectCommunity.objects.filter(project=row).exclude(community__in=content.neighbours).delete()
        ProjectCommunity.objects.bulk_create(
            ProjectCommunity(project=row, community_id=pk) for pk in dict.fromkeys(content.neighbours) if pk not in near
        )
    return added
