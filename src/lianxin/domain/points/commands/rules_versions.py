"""Rules: drafted, published with the assembly's minutes and a public notice, and withdrawn."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.domain.points import policy
from lianxin.domain.points.commands import notices
from lianxin.domain.points.models import Book, Notice, RuleCap, RuleItem, RulesDraft, RulesEnd, RulesVersion
from lianxin.domain.points.rules.drafts import (
    CHOICES,
    DAYS,
    ITEM_NUMBERS,
    ITEM_TEXTS,
    NUMBERS,
    TEXTS,
    check_draft,
    check_shape,
    day_of,
)
from lianxin.domain.points.rules.starter import starter_draft
from lianxin.platform import locks
from lianxin.platform.actors import Actor
from lianxin.platform.clock import local_day
from lianxin.platform.commands import act, command
from lianxin.platform.errors import EditedMeanwhile, Invalid, Missing, Refused

LONGEST_REASON = 300


class DraftEnded(Refused):
    """The draft was published or discarded."""

    title = gettext_lazy("This draft was published or discarded. Begin a new one.")


class RulesEndedAlready(Refused):
    """A version ends once."""

    title = gettext_lazy("These rules have ended already.")


@command("points.save_rules_draft")
def save_draft(
    *,
    actor: Actor,
    book: UUID,
    content: Mapping[str, Any] | None = None,
    version: int | None = None,
    at: datetime,
    key: UUID | None = None,
) -> RulesDraft:
    """Keep the draft of a book's next rules, complete or not; a new one begins with the rules of now, or a starter.

    `version` is the one that was read; raises EditedMeanwhile when somebody else saved since.
    """
    policy.require(policy.may_keep_rules(actor))
    locks.advisory(f"points.draft.{book}")
    register = Book.objects.filter(pk=book).first()
    if register is None:
        raise Missing
    if register.state == Book.State.CLOSED:
        raise Refused(_("This book was closed. Prepare a new one."))
    if content is not None:
        problems = check_shape(content)
        if problems:
            raise Invalid(fields=problems)
    row = RulesDraft.objects.filter(book=register, state=RulesDraft.State.EDITING).first()
    if row is None:
        latest = RulesVersion.objects.filter(book=register).order_by("-number").first()
        row = RulesDraft.objects.create(
            community_id=register.community_id,
            book=register,
            based_on=latest,
            content=dict(content) if content is not None else content_of(latest) if latest else starter_draft(),
        )
        act().target(row, "begun")
        return row
    if version is not None and version != row.version:
        raise EditedMeanwhile
    if content is not None:
        row.content, row.version = dict(content), row.version + 1
        row.save(update_fields=["content", "version"])
        act().target(row, "saved", {"items": [None, len(row.content.get("items", []))]})
    return row


@command("points.discard_rules_draft")
def discard_draft(*, actor: Actor, draft: UUID, at: datetime, key: UUID | None = None) -> RulesDraft:
    """Put a draft aside for good."""
    policy.require(policy.may_keep_rules(actor))
    row = _editing(draft)
    row.state, row.version = RulesDraft.State.DISCARDED, row.version + 1
    row.save(update_fields=["state", "version"])
    act().target(row, "discarded")
    return row


@command("points.publish_rules")
def publish_rules(
    *, actor: Actor, draft: UUID, version: int | None = None, at: datetime, key: UUID | None = None
) -> RulesVersion:
    """Publish a draft as the next version, which never changes, and show it on a public notice.

    Raises Invalid with a sentence for each field that keeps it from being published.
    """
    policy.require(policy.may_keep_rules(actor))
    row = _editing(draft)
    if version is not None and version != row.version:
        raise EditedMeanwhile
    today = local_day(at)
    former = RulesVersion.objects.filter(book=row.book_id, end__isnull=True).aggregate(last=Max("effective_from"))
    problems = check_draft(row.content, today=today, after=former["last"])
    if problems:
        raise Invalid(_("These rules cannot be published yet."), fields=problems)
    made = _make(row, actor, at)
    row.state, row.version = RulesDraft.State.PUBLISHED, row.version + 1
    row.save(update_fields=["state", "version"])
    notices.publish_notice(
        actor=actor,
        book=row.book_id,
        kind=Notice.Kind.RULES,
        title=made.title,
        subject=made.pk,
        shown_from=made.notice_from,
        shown_until=made.notice_until,
        at=at,
    )
    act().target(made, "published", {"number": [None, made.number], "items": [0, len(row.content["items"])]})
    return made


@command("points.withdraw_rules")
def withdraw_rules(
    *, actor: Actor, version: UUID, reason: str, on: date | None = None, at: datetime, key: UUID | None = None
) -> RulesVersion:
    """End a version: in its notice it never begins and the one before it goes on, later nothing follows of itself."""
    policy.require(policy.may_keep_rules(actor))
    row = RulesVersion.objects.filter(pk=version).select_related("book").first()
    if row is None:
        raise Missing
    words = reason.strip()
    today = local_day(at)
    if not words or len(words) > LONGEST_REASON:
        raise Invalid(fields={"reason": [_("Say in at most %(most)d characters why.") % {"most": LONGEST_REASON}]})
    if on is not None and on < today:
        raise Invalid(fields={"on": [_("Rules end today or later. What was given under them stays.")]})
    locks.advisory(f"points.draft.{row.book_id}")
    if RulesEnd.objects.filter(version=row).exists():
        raise RulesEndedAlready
    RulesEnd.objects.create(version=row, ended_on=on or today, reason=words, at=at)
    shown = Notice.objects.filter(kind=Notice.Kind.RULES, subject=row.pk, state=Notice.State.SHOWN).first()
    if shown is not None and shown.shown_until >= today:
        notices.withdraw_notice(actor=actor, notice=shown.pk, reason=words, at=at)
    act().target(row, "withdrawn", {"ended_on": [None, on or today]})
    act().note(reason=words, community_id=row.book.community_id)
    return row


def content_of(version: RulesVersion) -> dict[str, Any]:
    """Give a version as the content of a draft, without days, minutes and votes."""
    content = starter_draft()
    for name in [*NUMBERS, *CHOICES, "title", "allows_deductions"]:
        if name not in ("attended", "in_favour"):
            content[name] = getattr(version, name)
    content["items"] = [
        {
            name: getattr(item, name)
            for name in ("code", "act_kind", *ITEM_TEXTS, *ITEM_NUMBERS, "unit", "awarders", "valid_months")
        }
        | {
            "caps": [
                {"subject": cap.subject, "every": cap.every, "points": cap.points} for cap in item.caps.order_by("pk")
            ]
        }
        for item in version.items.order_by("position", "pk")
    ]
    return content


def _editing(draft: UUID) -> RulesDraft:
    row = RulesDraft.objects.filter(pk=draft).first()
    if row is None:
        raise Missing
    locks.advisory(f"points.draft.{row.book_id}")
    row.refresh_from_db()
    if row.state != RulesDraft.State.EDITING:
        raise DraftEnded
    return row


def _make(draft: RulesDraft, actor: Actor, at: datetime) -> RulesVersion:
    content = draft.content
    number = (RulesVersion.objects.filter(book=draft.book_id).aggregate(last=Max("number"))["last"] or 0) + 1
    version = RulesVersion.objects.create(
        book_id=draft.book_id,
        number=number,
        published_at=at,
        published_by=actor.account,
        allows_deductions=content.get("allows_deductions", False),
        **{name: content[name].strip() for name in TEXTS},
        **{name: day_of(content[name]) for name in DAYS},
        **{name: content[name] for name in [*NUMBERS, *CHOICES]},
    )
    items, caps = [], []
    for position, entry in enumerate(content["items"], start=1):
        item = RuleItem(
            version=version,
            code=entry["code"],
            act_kind=entry["act_kind"],
            unit=entry["unit"],
            awarders=sorted(set(entry.get("awarders", []))),
            valid_months=entry.get("valid_months"),
            position=position,
            **{name: (entry.get(name) or "").strip() for name in ITEM_TEXTS},
            **{name: entry[name] for name in ITEM_NUMBERS},
        )
        items.append(item)
        caps += [
            RuleCap(item=item, subject=cap["subject"], every=cap["every"], points=cap["points"])
            for cap in entry.get("caps", [])
        ]
    RuleItem.objects.bulk_create(items)
    RuleCap.objects.bulk_create(caps)
    return version
