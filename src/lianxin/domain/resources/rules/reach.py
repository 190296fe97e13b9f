"""Whether an offer goes to a community: by what it names, by distance, by subdistrict."""

from collections.abc import Collection
from uuid import UUID

from lianxin.engines.geo import Point, distance_metres


def goes_to(
    *,
    community: UUID,
    subdistrict: UUID | None,
    point: Point | None,
    home: UUID,
    home_subdistrict: UUID | None,
    home_point: Point | None,
    reach: str,
    metres: int | None,
    only: Collection[UUID] = (),
    never: Collection[UUID] = (),
) -> bool:
    """Tell whether an offer of one community can be had in another; an unknown position is never near."""
    if community in never:
        return False
    if only:
        return community in only
    if community == home or reach == "district":
        return True
    if reach == "subdistrict":
        return subdistrict is not None and subdistrict == home_subdistrict
    if reach == "radius" and metres is not None and point is not None and home_point is not None:
        return distance_metres(home_point, to=point) <= metres
    return False
