"""What a project says of itself, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

LONGEST_TITLE = 80
LONGEST_PURPOSE = 300
LONGEST_TEXT = 3_000
MOST_BUDGET_FEN = 1_000_000_000
MOST_DAYS = 731


@dataclass(frozen=True)
class Content:
    """The fields of a project as they are entered; `people_planned` counts person-times over all occurrences."""

    community: UUID
    category: UUID
    title: str
    from_on: date
    until_on: date
    purpose: str = ""
    public_text: str = ""
    picture_id: UUID | None = None
    occurrences_planned: int = 1
    people_planned: int = 1
    venue: UUID | None = None
    budget_fen: int = 0
    money_from: str = ""
    responsible: UUID | None = None
    responsible_name: str = ""
    needs: tuple[UUID, ...] = ()
    offers: tuple[UUID, ...] = ()
    neighbours: tuple[UUID, ...] = ()


def problems_of(content: Content) -> Iterator[tuple[str, str]]:
    """Give (field, sentence) for everything that the fields alone show to be wrong."""
    if not content.title.strip():
        yield "title", _("Give the project a name.")
    for name, longest in (("title", LONGEST_TITLE), ("purpose", LONGEST_PURPOSE), ("public_text", LONGEST_TEXT)):
        if len(getattr(content, name).strip()) > longest:
            yield name, _("At most %(most)d characters.") % {"most": longest}
    if content.until_on < content.from_on:
        yield "until_on", _("The last day lies before the first day.")
    elif (content.until_on - content.from_on).days > MOST_DAYS:
        yield "until_on", _("A project lasts at most two years. Enter the next one by itself.")
    if not 1 <= content.occurrences_planned <= 1_000:
        yield "occurrences_planned", _("Enter how many occurrences: from 1 to 1,000.")
    if not 1 <= content.people_planned <= 1_000_000:
        yield "people_planned", _("Enter for how many people: at least 1.")
    if not 0 <= content.budget_fen <= MOST_BUDGET_FEN:
        yield "budget_fen", _("The budget is an amount of money, not below 0.")
    if content.budget_fen and not content.money_from.strip():
        yield "money_from", _("Say where the money comes from.")
    if len(content.money_from.strip()) > 80:
        yield "money_from", _("At most %(most)d characters.") % {"most": 80}
    if len(content.responsible_name.strip()) > 40:
        yield "responsible_name", _("At most %(most)d characters.") % {"most": 40}
    if content.community in content.neighbours:
        yield "neighbours", _("Its own community need not be named as a neighbour.")
