"""What `verify` asks about resources: each check yields a sentence for every difference it finds."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import F, Sum

from lianxin.domain.resources.commands.agreements import digest_of
from lianxin.domain.resources.models import Agreement, Offer, Promise
from lianxin.platform.models import Fact

AT_MOST = 20


def offers_have_categories() -> Iterator[str]:
    """An offer serves at least one category."""
    for pk in Offer.objects.filter(categories=None).order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
        yield f"offer {pk} serves no category"


def agreements_are_as_signed() -> Iterator[str]:
    """What was signed is what is kept: the seal over it agrees."""
    for row in Agreement.objects.exclude(state=Agreement.State.DRAFT).order_by("pk").iterator(chunk_size=500):
        if row.digest != digest_of(row):
            yield f"agreement {row.pk} is not as it was signed"


def agreements_are_numbered_whole() -> Iterator[str]:
    """A community's agreements are numbered from one on without a gap."""
    numbers: dict[UUID, list[int]] = {}
    rows = Agreement.objects.filter(number__isnull=False).order_by("community", "number")
    for community, number in rows.values_list("community_id", "number"):
        numbers.setdefault(community, []).append(number or 0)
    for where, given in numbers.items():
        if given != list(range(1, len(given) + 1)):
            yield f"agreements of {where} are numbered {given[:AT_MOST]}"


def offers_lie_with_their_agreements() -> Iterator[str]:
    """An offer in an agreement is of its partner."""
    rows = Offer.objects.filter(agreement__isnull=False)
    strange = rows.exclude(organisation=F("agreement__organisation"))
    for pk in strange.order_by("pk").values_list("pk", flat=True)[:AT_MOST]:
        yield f"offer {pk} is in another partner's agreement"


def facts_are_promises() -> Iterator[str]:
    """What the facts say of offers and kept promises is what the records say."""
    kept = Promise.objects.filter(state__in=[Promise.State.KEPT, Promise.State.PARTLY]).count()
    for measure, rows in (("promises_kept", kept), ("offers_made", Offer.objects.count())):
        total = Fact.objects.filter(measure=measure).aggregate(n=Sum("quantity"))["n"] or 0
        if total != rows:
            yield f"{measure}: facts say {total}, records say {rows}"
