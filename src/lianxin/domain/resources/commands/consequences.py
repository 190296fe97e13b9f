"""What follows for resources when people go, organisations merge, venues close, communities merge."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.domain.people.events import (
    OrganisationsMerged,
    PersonDied,
    PersonErased,
    PersonMerged,
    PersonMovedOut,
)
from lianxin.domain.places.events import DivisionsMerged, VenueClosed
from lianxin.domain.resources.commands.offers import LIVE, end_row
from lianxin.domain.resources.models import Agreement, Offer, OfferCommunity, Partnership, Promise
from lianxin.platform import duties, locks, scope
from lianxin.platform.actors import Actor

PLACE_DUTY = "resources.find_another_place"
PLACE_WITHIN = timedelta(days=3)
Gone = PersonDied | PersonMovedOut | PersonErased


def follow_person_gone(event: Gone, *, actor: Actor, at: datetime) -> None:
    """End what somebody who died, left or is erased offers."""
    with scope.everything():
        for row in locks.lock(_of_person(event.person)):
            end_row(row, reason=_("The person is no longer here."), actor=actor, at=at)


def preview_person_gone(event: Gone) -> list[str]:
    """Tell how many offers of a person end."""
    with scope.everything():
        count = _of_person(event.person).count()
    words = ngettext("%(count)d offer of this person ends.", "%(count)d offers of this person end.", count)
    return [words % {"count": count}] * (count > 0)


def follow_person_merged(event: PersonMerged, *, actor: Actor, at: datetime) -> None:
    """Let what was offered under a record that goes belong to the one that stays."""
    with scope.everything():
        Offer.objects.filter(person=event.merged).update(person=event.into)


def preview_person_merged(event: PersonMerged) -> list[str]:
    """Tell how many offers go along."""
    with scope.everything():
        count = Offer.objects.filter(person=event.merged).count()
    return [_("%(count)d offers go with it.") % {"count": count}] * (count > 0)


def follow_organisations_merged(event: OrganisationsMerged, *, actor: Actor, at: datetime) -> None:
    """Let offers, agreements and partnerships of a merged entry belong to the one that stays, no tie twice."""
    with scope.everything():
        for model in (Offer, Agreement):
            model.objects.filter(organisation=event.merged).update(organisation=event.into)  # type: ignore[attr-defined]
        there = set(
            Partnership.objects.filter(organisation=event.into, until_on=None).values_list("community_id", "kind")
        )
        for row in Partnership.objects.filter(organisation=event.merged).order_by("pk"):
            if row.until_on is None and (row.community_id, row.kind) in there:
                row.delete()
                continue
            row.organisation_id = event.into
            row.save(update_fields=["organisation"])


def preview_organisations_merged(event: OrganisationsMerged) -> list[str]:
    """Tell how many offers go along."""
    with scope.everything():
        count = Offer.objects.filter(organisation=event.merged, state__in=LIVE).count()
    return [_("%(count)d offers go with it.") % {"count": count}] * (count > 0)


def follow_venue_closed(event: VenueClosed, *, actor: Actor, at: datetime) -> None:
    """Let somebody ask where an offer is to be had when the place that it names has closed."""
    with scope.everything():
        for row in _at_venue(event.venue).select_related("venue"):
            name = row.venue.name if row.venue else ""
            Offer.objects.filter(pk=row.pk).update(venue=None, place=name[:120])
            duties.open(
                kind=PLACE_DUTY,
                record=row,
                community_id=row.community_id,
                title=_("The place has closed; ask where the offer is now: %(title)s") % {"title": row.title},
                due_at=at + PLACE_WITHIN,
                assignee_role="community_staff",
                url_name="staff:offer",
                url_args={"offer": str(row.pk)},
            )


def preview_venue_closed(event: VenueClosed) -> list[str]:
    """Tell how many offers are at a venue."""
    with scope.everything():
        count = _at_venue(event.venue).count()
    words = ngettext(
        "%(count)d offer is there and needs another place.", "%(count)d offers are there and need another place.", count
    )
    return [words % {"count": count}] * (count > 0)


def follow_divisions_merged(event: DivisionsMerged, *, actor: Actor, at: datetime) -> None:
    """Bring what ended communities keep to their successor; agreements get the next numbers there."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        Offer.objects.filter(community__in=ended).update(community=event.into)
        Promise.objects.filter(community__in=ended, state=Promise.State.OPEN).update(community=event.into)
        _move_partnerships(ended, event.into)
        _move_agreements(ended, event.into)
        there = set(OfferCommunity.objects.filter(community=event.into).values_list("offer_id", flat=True))
        for row in OfferCommunity.objects.filter(community__in=ended).order_by("is_excluded", "pk"):
            if row.offer_id in there:
                row.delete()
                continue
            there.add(row.offer_id)
            row.community_id = event.into
            row.save(update_fields=["community"])


def preview_divisions_merged(event: DivisionsMerged) -> list[str]:
    """Tell how many offers go to the successor."""
    ended = [division for division in event.divisions if division != event.into]
    with scope.everything():
        count = Offer.objects.filter(community__in=ended, state__in=LIVE).count()
    return [_("%(count)d offers go to the new community.") % {"count": count}] * (count > 0)


def nothing_to_tell(event: object) -> list[str]:
    """Tell nothing: what follows changes nothing that anybody would miss."""
    return []


def _move_partnerships(ended: list[UUID], into: UUID) -> None:
    there = set(Partnership.objects.filter(community=into, until_on=None).values_list("organisation_id", "kind"))
    for row in Partnership.objects.filter(community__in=ended).order_by("since_on", "pk"):
        tie = (row.organisation_id, row.kind)
        if row.until_on is None and tie in there:
            row.delete()
            continue
        if row.until_on is None:
            there.add(tie)
        row.community_id = into
        row.save(update_fields=["community"])


def _move_agreements(ended: list[UUID], into: UUID) -> None:
    """Let agreements go along under the next numbers; what was signed keeps its words, its old number among them."""
    last = Agreement.objects.filter(community=into).aggregate(last=Max("number"))["last"] or 0
    for row in Agreement.objects.filter(community__in=ended).order_by("signed_on", "number", "pk"):
        row.community_id = into
        if row.number is not None:
            last += 1
            row.number = last
        row.save(update_fields=["community", "number"])


def _of_person(person: UUID) -> QuerySet[Offer]:
    return Offer.objects.filter(person=person, state__in=LIVE)


def _at_venue(venue: UUID) -> QuerySet[Offer]:
    return Offer.objects.filter(venue=venue, state__in=LIVE)
