"""What a ballot says, in the words that residents read."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.voice.models import Vote
from lianxin.engines.ballots.assent import Choice
from lianxin.engines.ballots.consent import Position

ASSENT = {
    Choice.AGREE: pgettext_lazy("own ballot", "I agree"),
    Choice.AGAINST: pgettext_lazy("own ballot", "I am against it"),
    Choice.ABSTAIN: pgettext_lazy("own ballot", "I abstain"),
}
CONSENT = {
    Position.CONSENT: pgettext_lazy("own ballot", "I consent"),
    Position.CONCERN: pgettext_lazy("own ballot", "I consent, but have a concern"),
    Position.OBJECT: pgettext_lazy("own ballot", "I object"),
    Position.ASIDE: pgettext_lazy("own ballot", "I stand aside"),
}
_SAID = {str(code): words for code, words in (*ASSENT.items(), *CONSENT.items())}


def lines_of(vote: Vote, choice: Mapping[str, Any]) -> list[str]:
    """Give what a ballot says, line by line."""
    words = {one["code"]: one["words"] for one in vote.options}
    if "choice" in choice:
        return [str(_SAID.get(choice["choice"], choice["choice"]))]
    if "scores" in choice:
        given = choice["scores"]
        return [
            _("%(choice)s: %(n)d points") % {"choice": words[code], "n": given[code]} for code in words if code in given
        ]
    return [
        _("%(place)d. %(choice)s") % {"place": place, "choice": "、".join(words.get(code, code) for code in tier)}
        for place, tier in enumerate(choice.get("order", []), 1)
    ]
