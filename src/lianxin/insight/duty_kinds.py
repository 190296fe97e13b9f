"""Kinds of duties, gathered into a few groups that a page can tell in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

OTHER = "other"
# Group, its words, and the kinds of duties in it, as the modules name them.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (
        "answers",
        _("Tell residents what became of it"),
        ("needs.tell_askers", "voice.tell_reporters", "people.answer_erasure_request"),
    ),
    ("new_voices", _("Look at new voices"), ("needs.read_new", "voice.new_cases", "voice.danger")),
    ("cases", _("Work on cases"), ("voice.case",)),
    (
        "promises",
        _("Keep what was promised"),
        (
            "needs.keep_promise",
            "voice.keep_commitment",
            "voice.verify_commitment",
            "resources.note_promise",
            "resources.look_at_promises",
        ),
    ),
    ("visits", _("Visit households"), ("needs.visit", "needs.compare_visits")),
    (
        "receptions",
        _("Close reception days"),
        ("voice.reception_close", "voice.reception_place", "voice.reception_call"),
    ),
    (
        "meetings",
        _("Hold meetings and write minutes"),
        ("voice.hold_meeting", "voice.write_minutes", "voice.find_a_room", "voice.count_vote"),
    ),
    (
        "projects",
        _("Decide on the projects list"),
        ("projects.approve", "projects.edition", "projects.look_back", "projects.find_another_place"),
    ),
    (
        "activities",
        _("Finish activities"),
        (
            "activities.enter_attendance",
            "activities.publish",
            "activities.recount",
            "activities.look_at_pictures",
            "activities.find_another_place",
            "activities.shift_too_few",
            "activities.shift_hours_missing",
        ),
    ),
    ("upgrades", _("Reach milestones of upgrades"), ("places.milestone",)),
    (
        "points",
        _("Decide on points"),
        ("points.second_person", "points.decide_objection", "points.carry_over", "points.hand_over"),
    ),
    ("people", _("Look again at who needs help"), ("people.review_vulnerability",)),
    ("bookings", _("Decide on rooms"), ("bookings.decide", "bookings.look_at_paused")),
)
_GROUP_OF = {kind: code for code, _label, kinds in GROUPS for kind in kinds}
LABELS: dict[str, Any] = {code: label for code, label, _kinds in GROUPS} | {OTHER: _("Other duties")}


def group_of(kind: str) -> str:
    """Give the group of a kind of duty; kinds without a group are the others."""
    return _GROUP_OF.get(kind, OTHER)


def kinds_of(group: str) -> list[str]:
    """Give the kinds of a group; none for the others, which are all that no group names."""
    return [kind for kind, code in _GROUP_OF.items() if code == group]


def named_kinds() -> list[str]:
    """Give all kinds that stand in a group."""
    return list(_GROUP_OF)
