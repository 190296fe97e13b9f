"""What became of a case, as far as everybody may know: a need on the list, a matter that is talked over in public."""

from uuid import UUID

from lianxin.domain.voice.models import CaseLink, Matter
from lianxin.platform import scope

Kind = CaseLink.Kind


def public_links(case: UUID) -> list[tuple[str, UUID]]:
    """Give the kind and record of what a case went on as; bookings, drafts and mediations stay inside."""
    with scope.everything():
        rows = list(
            CaseLink.objects.filter(case=case, kind__in=[Kind.NEED, Kind.MATTER])
            .order_by("made_at", "pk")
            .values_list("kind", "record_id")
        )
        matters = {record for kind, record in rows if kind == Kind.MATTER}
        public = Matter.objects.filter(pk__in=matters, is_public=True)
        shown = set(public.values_list("pk", flat=True)) if matters else set()
    return [(kind, record) for kind, record in rows if kind == Kind.NEED or record in shown]
