"""The purpose register, the texts, and what a person agreed to."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from lianxin.domain.people import policy
from lianxin.domain.people.models import ConsentReceipt, ConsentText, Person, Purpose
from lianxin.platform import scope
from lianxin.platform.actors import Actor
from lianxin.platform.errors import Missing


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """One purpose as one person sees it: what is asked, and whether and when they agreed."""

    purpose: str
    receipt: UUID | None
    title: str
    text: str
    version: int
    given_at: datetime | None
    given_version: int | None
    by: str
    how: str
    withdrawn_at: datetime | None

    @property
    def is_valid(self) -> bool:
        """Tell whether a consent stands now."""
        return self.given_at is not None and self.withdrawn_at is None


def list_purposes() -> list[Purpose]:
    """List the purpose register; it is public."""
    return list(Purpose.objects.order_by("code"))


def list_consents(*, actor: Actor, person: UUID, on: date, language: str = "zh-hans") -> list[ConsentLine]:
    """List every purpose that rests on consent with the newest answer of a person; three queries."""
    with scope.within(actor.communities):
        row = policy.visible_to(actor, Person.objects.filter(pk=person)).first()
        if row is None:
            raise Missing
        texts: dict[str, ConsentText] = {}
        valid = ConsentText.objects.filter(
            language=language, valid_from__lte=on, purpose__basis=Purpose.Basis.CONSENT
        ).select_related("purpose")
        for text in valid.order_by("purpose", "version"):
            texts[text.purpose_id] = text
        newest: dict[str, ConsentReceipt] = {}
        receipts = ConsentReceipt.objects.filter(person=row).select_related("text", "withdrawal")
        for receipt in receipts.order_by("given_at", "pk"):
            newest[receipt.text.purpose_id] = receipt
    lines = []
    for code, text in sorted(texts.items()):
        given = newest.get(code)
        withdrawal = getattr(given, "withdrawal", None) if given else None
        lines.append(
            ConsentLine(
                purpose=code,
                receipt=given.pk if given else None,
                title=text.purpose.title,
                text=text.text,
                version=text.version,
                given_at=given.given_at if given else None,
                given_version=given.text.version if given else None,
                by=given.by if given else "",
                how=given.how if given else "",
                withdrawn_at=withdrawal.withdrawn_at if withdrawal else None,
            )
        )
    return lines


def find_text(*, purpose: str, on: date, language: str = "zh-hans") -> ConsentText | None:
    """Give the text that is valid for a purpose on a day, or None; one query."""
    texts = ConsentText.objects.filter(purpose=purpose, language=language, valid_from__lte=on)
    return texts.order_by("-version").first()


def has_consent(*, person: UUID, purpose: str) -> bool:
    """Tell whether a valid consent of a person for a purpose is on record, within the active scope."""
    return ConsentReceipt.objects.filter(person=person, text__purpose=purpose, withdrawal__isnull=True).exists()


def find_purpose(code: str) -> Purpose:
    """Give one entry of the purpose register; raises Missing."""
    row = Purpose.objects.filter(pk=code).first()
    if row is None:
        raise Missing
    return row


def list_texts(*, purpose: str) -> list[ConsentText]:
    """Give every published version of what people are asked for a purpose, newest first."""
    return list(ConsentText.objects.filter(purpose=purpose).order_by("language", "-version"))
