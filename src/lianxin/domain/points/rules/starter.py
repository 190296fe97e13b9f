"""A draft to begin with: items that many communities have, with amounts that an assembly then changes."""

from typing import Any

from django.utils.translation import gettext as _

STAFF, VOLUNTEER, HOST = "community_staff", "volunteer", "host"


def starter_draft() -> dict[str, Any]:
    """Give a sensible first draft; days, minutes and votes are left to be filled in."""
    return {
        "title": _("Rules of points"),
        "minutes_on": "",
        "minutes_title": "",
        "minutes_text": "",
        "attended": None,
        "in_favour": None,
        "notice_from": "",
        "notice_until": "",
        "effective_from": "",
        "second_person_above": 30,
        "identity_check_above": 200,
        "expiry": "yearly",
        "expiry_months": 12,
        "split": "stay",
        "move": "follow",
        "estate_days": 180,
        "reserve_days": 7,
        "offline_points": 50,
        "objection_days": 7,
        "allows_deductions": False,
        "items": _items(),
    }


def _items() -> list[dict[str, Any]]:
    return [
        _item(
            "help-neighbour",
            _("Help a neighbour"),
            _("Shop, fetch medicine, repair something or keep company for somebody who needs it."),
            evidence=_("Who was helped, confirmed by them or by a volunteer"),
            points=5,
            most_quantity=3,
            awarders=[STAFF, VOLUNTEER],
            caps=[("person", "week", 15), ("household", "week", 30)],
        ),
        _item(
            "clean-up-day",
            _("Clean-up day"),
            _("Help to clean stairs, lanes or green places on a day that the community calls."),
            evidence=_("List of those who took part"),
            points=10,
            awarders=[STAFF, VOLUNTEER],
            caps=[("person", "day", 10), ("person", "month", 40)],
        ),
        _item(
            "patrol",
            _("Voluntary patrol"),
            _("Walk a safety patrol, for each full hour."),
            evidence=_("Entry in the patrol book"),
            points=5,
            unit="minutes",
            per=60,
            most_quantity=240,
            awarders=[STAFF, VOLUNTEER],
            caps=[("person", "week", 30)],
        ),
        _item(
            "volunteer-hours",
            _("Volunteer work"),
            _("Take a shift of a volunteer team, for each full half hour."),
            evidence=_("List of the shift"),
            points=3,
            unit="minutes",
            per=30,
            most_quantity=480,
            awarders=[STAFF, VOLUNTEER, HOST],
            caps=[("person", "day", 48), ("person", "month", 300)],
        ),
        _item(
            "attend-activity",
            _("Attend an activity"),
            _("Come to an activity of the community that gives points, and check in."),
            evidence=_("Check-in at the activity"),
            points=2,
            awarders=[STAFF, VOLUNTEER, HOST],
            caps=[("person", "day", 4), ("person", "month", 20)],
        ),
        _item(
            "residents-meeting",
            _("Attend a residents' meeting"),
            _("Come to a meeting of residents and stay until its end."),
            evidence=_("List of those who attended"),
            points=8,
            awarders=[STAFF],
            caps=[("household", "month", 32)],
        ),
        _item(
            "waste-sorting",
            _("Waste sorted well"),
            _("Kitchen waste and recyclables put apart, seen at the collection point."),
            evidence=_("Entry at the collection point"),
            points=1,
            awarders=[STAFF, VOLUNTEER],
            caps=[("household", "day", 1), ("household", "month", 25)],
        ),
        _item(
            "report-hazard",
            _("Report a hazard"),
            _("Report something dangerous that turns out to be so."),
            evidence=_("Number of the report"),
            points=5,
            awarders=[STAFF],
            caps=[("person", "month", 20)],
        ),
        _item(
            "good-example",
            _("Honoured as a good example"),
            _("Named by the community for kindness, care of the old or a well-kept home."),
            evidence=_("Minutes or certificate"),
            points=50,
            awarders=[STAFF],
            caps=[("household", "year", 100)],
        ),
    ]


def _item(
    code: str,
    title: str,
    meaning: str,
    *,
    evidence: str,
    points: int,
    unit: str = "times",
    per: int = 1,
    most_quantity: int = 1,
    awarders: list[str],
    caps: list[tuple[str, str, int]],
) -> dict[str, Any]:
    return {
        "code": code,
        "act_kind": code,
        "title": title,
        "meaning": meaning,
        "evidence": evidence,
        "points": points,
        "unit": unit,
        "per": per,
        "most_quantity": most_quantity,
        "awarders": awarders,
        "valid_months": None,
        "caps": [{"subject": subject, "every": every, "points": most} for subject, every, most in caps],
    }
