"""What a step of a case is called where it is told: to the office, and to those who brought the case."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, Any] = {
    "hear": _("Heard"),
    "assign": _("Somebody looks after it"),
    "assign_office": _("The whole office looks after it"),
    "start": pgettext_lazy("step", "Work began"),
    "progress": _("It went on"),
    "pause": _("It waits"),
    "resume": _("It goes on"),
    "hand_over": pgettext_lazy("step", "Handed over"),
    "note_answer": pgettext_lazy("step", "They answered"),
    "take_back": pgettext_lazy("step", "Taken back"),
    "finish": _("Done, says the office"),
    "decline": pgettext_lazy("step", "It cannot be done"),
    "confirm": _("Confirmed as solved"),
    "dispute": _("Not solved, was said; open again"),
    "expire": _("Closed without a reply"),
    "reopen": pgettext_lazy("step", "Opened again"),
    "withdraw": _("Taken back by the one who told it"),
    "voice_back": _("One voice fewer"),
    "decide_tier": _("How hard it is was decided"),
    "lift": _("Treated as a harder matter, because it was late"),
    "appeal": _("Asked to be treated in another way"),
    "answer_appeal": _("Answered how it is treated"),
    "urge": _("Somebody asked where it stands"),
    "join": _("Joined with others who tell the same"),
    "split": _("Looked after on its own again"),
    "mediate": _("Mediation began"),
    "link": pgettext_lazy("step", "Led to"),
}
# Those who told it see that this was done; its words only where the step is public.
SHOWN = frozenset(WORDS) - {"appeal", "answer_appeal", "voice_back", "urge"}
OTHER = _("There was a change")


def words_of(act: str) -> Any:
    """Give what a step is called."""
    return WORDS.get(act, OTHER)
