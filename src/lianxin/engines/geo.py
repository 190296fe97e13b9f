"""Positions on the map: distance, what is near, what is inside."""

from collections.abc import Sequence
from math import asin, cos, degrees, radians, sin, sqrt
from typing import NamedTuple

from lianxin.engines.reasons import N_, Reason

EARTH_RADIUS_METRES = 6_371_008.8
METRES_PER_WALKING_MINUTE = 1000 / 15
CHINA_WEST, CHINA_SOUTH, CHINA_EAST, CHINA_NORTH = 73.0, 3.0, 136.0, 54.0


class Point(NamedTuple):
    """A position in degrees, longitude first as in GeoJSON."""

    lng: float
    lat: float


class Box(NamedTuple):
    """A box in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        """Say whether a point lies in the box."""
        return self.west <= point.lng <= self.east and self.south <= point.lat <= self.north


Ring = Sequence[Sequence[float]]


def distance_metres(start: Point, *, to: Point) -> float:
    """Measure the distance in a straight line over the ground (haversine), in metres."""
    south, north = radians(start.lat), radians(to.lat)
    half_lat = sin((north - south) / 2) ** 2
    half_lng = sin(radians(to.lng - start.lng) / 2) ** 2
    return 2 * EARTH_RADIUS_METRES * asin(min(1.0, sqrt(half_lat + cos(south) * cos(north) * half_lng)))


def box_around(centre: Point, *, metres: float) -> Box:
    """Draw the smallest box that holds everything within `metres`, for a first cut in a query."""
    angle = metres / EARTH_RADIUS_METRES
    lat = degrees(angle)
    # The widest longitude of the circle is north of its centre's parallel; the sine rule gives it exactly.
    ratio = sin(min(angle, 1.5)) / max(cos(radians(centre.lat)), 1e-12)
    lng = degrees(asin(ratio)) if ratio < 1 else 180.0
    margin = 1e-9
    return Box(
        centre.lng - lng - margin, centre.lat - lat - margin, centre.lng + lng + margin, centre.lat + lat + margin
    )


def in_ring(point: Point, *, ring: Ring) -> bool:
    """Say whether a point lies inside a closed ring (even-odd rule)."""
    inside = False
    previous = ring[-1]
    for corner in ring:
        (x1, y1), (x2, y2) = previous[:2], corner[:2]
        if (y1 > point.lat) != (y2 > point.lat) and point.lng < (x2 - x1) * (point.lat - y1) / (y2 - y1) + x1:
            inside = not inside
        previous = corner
    return inside


def in_polygon(point: Point, *, rings: Sequence[Ring]) -> bool:
    """Say whether a point lies inside a GeoJSON polygon: within its first ring and in none of its holes."""
    if not rings:
        return False
    return in_ring(point, ring=rings[0]) and not any(in_ring(point, ring=hole) for hole in rings[1:])


def bounds(ring: Ring) -> Box:
    """Find the box that a ring fills."""
    if not ring:
        raise ValueError("A ring without points has no bounds.")
    lngs, lats = [corner[0] for corner in ring], [corner[1] for corner in ring]
    return Box(min(lngs), min(lats), max(lngs), max(lats))


def check_position(lng: float, lat: float) -> Reason | None:
    """Say what is wrong with a position that should lie in China, or None."""
    box = Box(CHINA_WEST, CHINA_SOUTH, CHINA_EAST, CHINA_NORTH)
    if box.holds(Point(lng, lat)):
        return None
    if box.holds(Point(lat, lng)):
        return Reason("position_swapped", N_("Longitude and latitude seem to be exchanged: longitude comes first."))
    return Reason("position_outside_china", N_("This position does not lie in China."))


def distance_words(metres: float) -> Reason:
    """Put a distance into the words that a person would use."""
    if metres < 75:
        return Reason("distance_here", N_("less than 100 m"))
    rounded = int(metres / 50 + 0.5) * 50
    if rounded < 1000:
        return Reason("distance_metres", N_("about %(metres)s m"), {"metres": rounded})
    if metres < 9950:
        return Reason("distance_km", N_("about %(km)s km"), {"km": f"{metres / 1000:.1f}"})
    return Reason("distance_km", N_("about %(km)s km"), {"km": f"{metres / 1000:.0f}"})


def walking_minutes(metres: float) -> int:
    """Estimate the minutes on foot, 1 km in 15 minutes as in the standard for centres, at least one."""
    return max(1, round(metres / METRES_PER_WALKING_MINUTE))
