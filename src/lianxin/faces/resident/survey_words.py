"""What the pages of a questionnaire say of an answer that cannot be taken, and how they call a language."""

from __future__ import annotations

from django.utils.translation import gettext as _

from lianxin.engines.xforms import Problem

SENTENCES = {
    "required": lambda: _("Please answer this."),
    "constraint": lambda: _("This answer does not fit. Please look at it again."),
    "not_an_integer": lambda: _("Please write a whole number, like 3."),
    "too_large": lambda: _("This number is too large."),
    "not_a_number": lambda: _("Please write a number, like 2.5."),
    "not_a_date": lambda: _("Please choose a day from the calendar, or write it like 2026-11-23."),
    "not_a_place": lambda: _("Please write latitude and longitude like 23.35 116.68, or press the button."),
    "too_long": lambda: _("This is too long. Please say it shorter."),
    "unknown_choice": lambda: _("Please choose again: what you chose is not among these."),
    "not_understood": lambda: _("We do not understand this answer. Please write it again."),
}


def sentence_of(problem: Problem) -> str:
    """Say what is wrong with an answer, in the form's own words if it has any."""
    return problem.message or SENTENCES.get(problem.code, SENTENCES["not_understood"])()


def language_name(name: str) -> str:
    """Give a language of a form without the code that its workbook puts behind: 中文 of 中文 (zh)."""
    return name.partition(" (")[0].strip() or name
