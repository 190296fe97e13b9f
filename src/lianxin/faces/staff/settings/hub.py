"""The front page of the settings: what somebody may set."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lianxin.faces.kit.acting import actor_of
from lianxin.faces.kit.navigation import url_or_none

from .gate import SECTIONS, is_office_or_administrator, reading

CARDS = (
    ("roster", "users", _("Staff"), _("Who works where, roles, deputies, leaving and moving on.")),
    ("invite", "user-plus", _("Invite"), _("Bring in a colleague, a host or a partner, or a whole unit from a table.")),
    ("resets", "key", _("Resets"), _("Lost passwords and second factors that wait for a second person.")),
    (
        "rights",
        "shield-lock",
        _("Rights"),
        _("How many hold each role, locked accounts, roles that exclude each other."),
    ),
    ("calendar", "calendar", _("Working days"), _("Public holidays and make-up workdays of each year.")),
    (
        "purposes",
        "file-text",
        _("Purposes and consent"),
        _("Why data is kept, for how long, and what people are asked."),
    ),
    ("kinds", "list", _("Kinds of rooms and amenities"), _("What a venue can have, beyond what the program ships.")),
    (
        "programs",
        "external-link",
        _("Programs that bring cases"),
        _("Keys for other programs that send cases here (Open311)."),
    ),
    ("texts", "message", _("Texts of messages"), _("What people read in a message, with its versions.")),
    ("delivered", "mail", _("Delivered messages"), _("Only in the sample district: what would have reached a phone.")),
    ("jobs", "tool", _("Jobs"), _("Work in the background, messages that did not leave, rounds of the house.")),
    (
        "district:self_check",
        "circle-check",
        _("Self-check"),
        _("How the program keeps each binding rule, which tests prove it, and what is to be looked at now."),
    ),
    ("audit", "eye", _("Audit log"), _("Everything that was done, sealed so that nobody can change it.")),
)


@reading(is_office_or_administrator)
def show(request: HttpRequest) -> HttpResponse:
    """Show the parts that this role may open."""
    actor = actor_of(request)
    cards = [
        {"url": address, "icon": icon, "title": title, "text": text}
        for name, icon, title, text in CARDS
        if SECTIONS[name](actor) and (address := url_or_none(f"staff:{name}"))
    ]
    return render(request, "staff/settings/hub.html", {"cards": cards})
