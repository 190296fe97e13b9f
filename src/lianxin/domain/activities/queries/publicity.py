"""What is told to everybody about a date, gathered once for texts, posters and search engines."""

from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.queries.activities import find_activity, list_organisers
from lianxin.domain.activities.queries.occurrences import find_public
from lianxin.domain.activities.rules.publicity import Told
from lianxin.engines.lunar import lunar_words
from lianxin.platform import files
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.models import StoredFile


def find_told(*, occurrence: UUID, base_url: str) -> Told:
    """Give what is told about a public date; raises Missing."""
    return told_of(find_public(occurrence=occurrence), base_url=base_url)


def told_of(row: Occurrence, *, base_url: str) -> Told:
    """Give what is told about a date; its activity, place and community stand beside it."""
    activity, venue, room = row.activity, row.venue, row.room
    room_name = room.name if room and not room.confidential else ""
    held_by = [name for name, role in list_organisers(activity=activity.pk) if role == "holds"]
    return Told(
        title=row.title or activity.title,
        summary=activity.summary,
        poster_text=activity.poster_text,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        where=" ".join(filter(None, (venue.name if venue else "", room_name, row.place))),
        address=venue.address if venue else "",
        for_whom=for_whom(activity, row.community.short_name),
        bring_note=activity.bring_note,
        cost_note=activity.cost_note,
        contact=" ".join(filter(None, (activity.contact_name, activity.contact_phone))),
        size=row.size,
        taken=row.taken,
        takes_sign_ups=row.takes_sign_ups,
        is_drawn=row.is_drawn,
        link=f"{base_url.rstrip('/')}/activities/{row.pk}/",
        organisers=held_by or [row.community.short_name],
        state=row.state,
        cancel_reason=row.cancel_reason,
        lunar=lunar_words(local_day(row.starts_at)),
        lat=venue.lat if venue else None,
        lng=venue.lng if venue else None,
        picture=f"{base_url.rstrip('/')}/activities/{row.pk}/picture/" if activity.picture_id else "",
        category=activity.category.name,
        community=row.community.short_name,
    )


def for_whom(activity: Activity, community_name: str) -> str:
    """Say for whom an activity is; empty when it is for everybody."""
    words = []
    if activity.open_to == Activity.OpenTo.COMMUNITY:
        words.append(_("residents of %(community)s") % {"community": community_name})
    elif activity.open_to == Activity.OpenTo.SUBDISTRICT:
        words.append(_("residents of the subdistrict"))
    if activity.min_age is not None and activity.max_age is not None:
        words.append(_("aged %(least)d to %(most)d") % {"least": activity.min_age, "most": activity.max_age})
    elif activity.min_age is not None:
        words.append(_("aged %(least)d and over") % {"least": activity.min_age})
    elif activity.max_age is not None:
        words.append(_("aged up to %(most)d") % {"most": activity.max_age})
    if activity.audience_note:
        words.append(activity.audience_note)
    return _(", ").join(words)


def find_picture(*, actor: Actor, activity: UUID) -> StoredFile:
    """Give the picture of an activity to those who work with it; raises Missing."""
    return files.find_file(find_activity(actor=actor, activity=activity).picture_id)


def find_public_picture(*, occurrence: UUID) -> StoredFile:
    """Give the picture of a public date, for everybody; raises Missing."""
    return files.find_file(find_public(occurrence=occurrence).activity.picture_id)
