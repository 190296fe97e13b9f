"""Registers of projects and of the three lists that communities issue."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import pgettext_lazy as _

from lianxin.domain.projects.models import Edition, Project
from lianxin.platform.contributions import Window

from .form import COMMUNITY, Column, Line, Register, Tie
from .reading import day, during, stream, yuan


def _published(window: Window) -> QuerySet[Project]:
    return during(Project.objects.select_related("community", "category", "venue"), window, "published_at")


def _project_line(row: Project, _beside: None) -> Line:
    return (
        day(row.published_at),
        row.community.short_name,
        row.number,
        row.title,
        row.category.name,
        row.venue.name if row.venue else "",
        row.from_on,
        row.until_on,
        row.occurrences_planned,
        row.occurrences_held,
        row.person_times,
        yuan(row.budget_fen),
        yuan(row.spent_fen),
        row.get_state_display(),
    )


PROJECTS = Register(
    code="projects",
    title=_("register", "Projects"),
    job="projects",
    about=_("register", "One line for each project that was put on the public list."),
    columns=(
        Column("on", _("register", "Published on"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("number", _("register", "Number"), "number"),
        Column("title", _("register", "Project")),
        Column("category", _("register", "Category")),
        Column("venue", _("register", "Venue")),
        Column("since", _("register", "From"), "day"),
        Column("until", _("register", "Until"), "day"),
        Column("planned", _("register", "Dates planned"), "number", is_summed=True),
        Column("held", _("register", "Dates held"), "number", is_summed=True),
        Column("people", _("register", "Person-times"), "number", is_summed=True),
        Column("budget", _("register", "Budget (yuan)"), "money", is_summed=True),
        Column("spent", _("register", "Spent (yuan)"), "money", is_summed=True),
        Column("state", _("register", "State")),
    ),
    rows=lambda window: stream(_published(window).order_by("published_at", "pk"), _project_line),
    count=lambda window: _published(window).count(),
    ties=(Tie("projects_published"),),
    footnote=_("register", "What came of a project is as it stands today."),
)


def _issued(window: Window) -> QuerySet[Edition]:
    rows = Edition.objects.filter(state=Edition.State.ISSUED).select_related("community")
    return during(rows, window, "issued_at").defer("content", "changes")


def _edition_line(row: Edition, _beside: None) -> Line:
    return (
        day(row.issued_at),
        row.community.short_name,
        row.get_of_display(),
        row.number,
        row.from_on,
        row.until_on,
        day(row.sent_at),
    )


EDITIONS = Register(
    code="editions",
    title=_("register", "Lists issued"),
    job="projects",
    about=_("register", "One line for each list of needs, resources or projects that was issued."),
    columns=(
        Column("on", _("register", "Issued on"), "day"),
        Column(COMMUNITY, _("register", "Community")),
        Column("of", _("register", "List")),
        Column("number", _("register", "Number"), "number"),
        Column("since", _("register", "From"), "day"),
        Column("until", _("register", "Until"), "day"),
        Column("sent", _("register", "Sent on"), "day"),
    ),
    rows=lambda window: stream(_issued(window).order_by("issued_at", "pk"), _edition_line),
    count=lambda window: _issued(window).count(),
    ties=(Tie("editions_issued"),),
)

REGISTERS = (PROJECTS, EDITIONS)
