"""Changing several dates of a series at once; what was changed by hand on one date is kept unless said otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.activities import policy
from lianxin.domain.activities.commands import changing, found
from lianxin.domain.activities.models import Activity, Occurrence
from lianxin.domain.activities.rules import plans
from lianxin.domain.activities.rules.wording import spoken
from lianxin.platform.actors import Actor
from lianxin.platform.clock import LOCAL
from lianxin.platform.commands import act, command
from lianxin.platform.errors import Invalid, Refused

FOLLOWING, ALL = "following", "all"
SCOPES = (FOLLOWING, ALL)
# What a series change may name, beside the fields of a date: the wall-clock start, the length, and days to move by.
BY_CLOCK = frozenset({"start", "minutes", "days_later"})
NAMED_AT_MOST = 6


class ChangedByHand(Refused):
    """Some dates were changed by hand in a field that the series change would set."""

    title = gettext_lazy("Some dates were changed by hand. Say whether they keep their change.")


@dataclass(frozen=True)
class SeriesChange:
    """What a series change would do: the dates it reaches, and those of which a change by hand stands in the way."""

    reached: tuple[Occurrence, ...]
    by_hand: tuple[Occurrence, ...]


@command("activities.change_series")
def change_series(
    *,
    actor: Actor,
    activity: UUID,
    scope: str,
    change: Mapping[str, Any],
    occurrence: UUID | None = None,
    by_hand: str = "",
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> list[Occurrence]:
    """Change the dates of a series still to come: `scope` "following" (from `occurrence` on) or "all".

    `change` holds fields of a date, and `start`, `minutes` and `days_later` for times. Dates that were changed by hand
    in one of these fields are asked about (ChangedByHand) until `by_hand` says "keep" or "replace". The plan changes
    too, so that dates added later follow. All dates change or none.
    """
    row = found.living_activity(activity, version)
    policy.require(policy.may_propose(actor, row.community_id, plans.read(row.plan).venue))
    reached = _reached(row, scope, occurrence, at)
    touched = set(_touched(change))
    hand_made = [one for one in reached if touched & set(one.edited)]
    if hand_made and by_hand not in ("keep", "replace"):
        raise ChangedByHand(
            _("Changed by hand: %(dates)s. Say whether these keep their change or follow the series.")
            % {"dates": _named(hand_made)},
            dates=[str(one.pk) for one in hand_made],
        )
    keeps = by_hand == "keep"
    changes = {one.pk: _values(one, change, set(one.edited) if keeps else set()) for one in reached}
    if not keeps:
        for one in hand_made:
            Occurrence.objects.filter(pk=one.pk).update(edited=sorted(set(one.edited) - touched))
    done = changing.change_dates(actor=actor, activity=row, changes=changes, by_hand=False, at=at)
    _follow_plan(row, change)
    row.version += 1
    row.save(update_fields=["plan", "version"])
    act().target(row, "series changed", {"fields": [None, sorted(touched)], "dates": [None, len(done)]})
    return [one.row for one in done]


def preview_series(
    *, row: Activity, scope: str, change: Mapping[str, Any], occurrence: UUID | None, at: datetime
) -> SeriesChange:
    """Tell, within a scope, which dates a series change would reach, and which of them were changed by hand."""
    reached = _reached(row, scope, occurrence, at)
    touched = set(_touched(change))
    return SeriesChange(tuple(reached), tuple(one for one in reached if touched & set(one.edited)))


def _reached(row: Activity, scope: str, occurrence: UUID | None, at: datetime) -> list[Occurrence]:
    if scope not in SCOPES:
        raise Invalid(fields={"scope": [_("Choose which dates change.")]})
    dates = Occurrence.objects.filter(activity=row, state__in=changing.LIVE, starts_at__gt=at).order_by("starts_at")
    if scope == FOLLOWING:
        first = Occurrence.objects.filter(activity=row, pk=occurrence).first() if occurrence else None
        if first is None:
            raise Invalid(fields={"occurrence": [_("Choose the date from which on the others change.")]})
        dates = dates.filter(starts_at__gte=first.starts_at)
    reached = list(dates.prefetch_related("limits"))
    if not reached:
        raise Refused(_("No date of it is still to come. Plan new dates first."))
    return reached


def _touched(change: Mapping[str, Any]) -> list[str]:
    unknown = set(change) - changing.CHANGEABLE - BY_CLOCK
    # Moments differ from date to date: in a series they follow the clock.
    unknown |= {"starts_at", "ends_at", "sign_up_from", "sign_up_until", "first_until"} & set(change)
    if unknown:
        raise Invalid(fields={name: [_("This cannot be changed here.")] for name in sorted(unknown)})
    times = {"starts_at", "ends_at"} if BY_CLOCK & set(change) else set()
    return sorted((set(change) - BY_CLOCK) | times)


def _values(row: Occurrence, change: Mapping[str, Any], kept: set[str]) -> dict[str, Any]:
    """Give the fields of one date after the change; the sign-up window moves along with the start."""
    values = {name: value for name, value in change.items() if name not in BY_CLOCK and name not in kept}
    if not BY_CLOCK & set(change) or kept & {"starts_at", "ends_at"}:
        return values
    start: time | None = change.get("start")
    local = row.starts_at.astimezone(LOCAL) + timedelta(days=change.get("days_later") or 0)
    if start is not None:
        local = local.replace(hour=start.hour, minute=start.minute, second=0)
    starts_at = local.astimezone(row.starts_at.tzinfo)
    length = row.ends_at - row.starts_at
    if change.get("minutes") is not None:
        length = timedelta(minutes=change["minutes"])
    moved = starts_at - row.starts_at
    values |= {"starts_at": starts_at, "ends_at": starts_at + length}
    for name in ("sign_up_from", "sign_up_until", "first_until"):
        if getattr(row, name) is not None and name not in kept and moved:
            values[name] = getattr(row, name) + moved
    return values


def _follow_plan(row: Activity, change: Mapping[str, Any]) -> None:
    """Let dates that are added later start with what the series has now."""
    plan = plans.read(row.plan)
    new = {name: value for name, value in change.items() if name in plans.NAMES}
    if change.get("start") is not None and len(plan.starts) == 1:
        new["starts"] = (change["start"],)
    if "limits" in new:
        new["limits"] = tuple(new["limits"])
    if new:
        row.plan = plan.with_changes(new).to_json()


def _named(dates: list[Occurrence]) -> str:
    words = _(", ").join(spoken(one.starts_at) for one in dates[:NAMED_AT_MOST])
    return words + " …" if len(dates) > NAMED_AT_MOST else words
