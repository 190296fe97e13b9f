"""One claim in full: what decided it in sentences, the notice that shows it, and what was said against it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.domain.points import policy
from lianxin.domain.points.models import Budget, NoticeLine, Objection, RulesVersion
from lianxin.domain.points.models import Claim as ClaimModel
from lianxin.domain.points.queries.claims import ClaimRow, find_claim
from lianxin.domain.points.queries.rules import terms_of
from lianxin.domain.points.rules.claim_words import decision_words
from lianxin.platform import audit, scope
from lianxin.platform.actors import Actor

State = ClaimModel.State


@dataclass(frozen=True, slots=True)
class ClaimStory:
    """A claim, the sentences that explain it, and where it is shown."""

    row: ClaimRow
    rules: UUID | None
    sentences: list[str]
    budget_name: str
    notice: UUID | None
    notice_number: int | None
    objections: int
    timeline: list[audit.TimelineEntry]


def tell_claim(*, actor: Actor, claim: UUID, on: date) -> ClaimStory:
    """Give everything that a claim's page shows; raises Missing."""
    row = find_claim(actor=actor, claim=claim, on=on)
    with scope.within(actor.communities):
        known = ClaimModel.objects.values("rules", "item", "budget").get(pk=claim)
        shown = NoticeLine.objects.filter(claim=claim).values_list("notice", "notice__number").first()
        budget = Budget.objects.filter(pk=known["budget"]).values_list("name", flat=True).first() or ""
        return ClaimStory(
            row=row,
            rules=known["rules"],
            sentences=_sentences(row, known["rules"], known["item"]),
            budget_name=budget,
            notice=shown[0] if shown else None,
            notice_number=shown[1] if shown else None,
            objections=Objection.objects.filter(claim=claim).count(),
            timeline=audit.entries_for("points.claim", claim, limit=30) if policy.may_see_points(actor) else [],
        )


def _sentences(row: ClaimRow, rules: UUID | None, item: UUID | None) -> list[str]:
    versions = RulesVersion.objects.select_related("end").prefetch_related("items__caps")
    version = versions.filter(pk=rules).first() if rules else None
    terms = terms_of(version) if version else None
    found = next((one for one in terms.items if one.id == item), None) if terms else None
    if terms is None or found is None:
        return [_("Nothing was given: %(why)s.") % {"why": row.reason_label}]
    quantity = row.minutes if found.unit == "minutes" else row.quantity
    decided = row.state in (State.AWARDED, State.REVERSED)
    sentences = decision_words(
        item=found,
        quantity=quantity,
        asked=row.asked,
        points=row.points if decided or row.state == State.NOTHING else row.asked,
        reason=row.reason,
        expires_on=terms.expiry_of(found, row.done_on),
        rules_number=terms.number,
    )
    if row.state == State.WAITING:
        sentences.append(_("A second person has to agree before anything is given."))
    elif row.state == State.REFUSED:
        sentences.append(_("The second person refused it, so nothing was given: %(why)s") % {"why": row.note})
    elif row.state == State.NOTHING and not row.asked:
        sentences.append(_("Nothing was given: %(why)s.") % {"why": row.reason_label})
    elif row.state == State.REVERSED:
        sentences.append(_("The points were taken back: %(why)s") % {"why": row.note})
    return sentences
