"""Public notices of awards, rules and take-overs, and the objections to them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record

from .books import Book
from .claims import Claim
from .ledger import Seal, Txn


class Notice(Record):
    """What a community shows to everybody for some days, numbered by book."""

    class Kind(models.TextChoices):
        AWARDS = "awards", _("awards")
        RULES = "rules", _("rules")
        TAKE_OVER = "take_over", _("take-over of paper passbooks")
        HONOURS = "honours", _("honour roll")

    class State(models.TextChoices):
        SHOWN = "shown", _("shown")
        ENDED = "ended", _("ended")
        WITHDRAWN = "withdrawn", _("withdrawn")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    book = models.ForeignKey(Book, models.PROTECT, related_name="notices")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=9, choices=Kind.choices)
    title = models.CharField(max_length=120)
    # The rules, take-over or honour roll that is shown.
    subject = models.UUIDField(null=True, blank=True)
    shown_from = models.DateField()
    shown_until = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.SHOWN)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField()
    published_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="points_notice_number"),
            models.CheckConstraint(condition=Q(shown_until__gte=F("shown_from")), name="points_notice_days"),
        ]
        indexes = [models.Index(fields=["shown_until"], condition=Q(state="shown"), name="points_notice_shown")]


class NoticeLine(Record):
    """That a notice shows an award."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="lines")
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="notice_line")

    objects = scope.tenant_manager("notice__community")


class Objection(Record):
    """What somebody says against a notice or one of its awards, and how it ended."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("objection", "open")
        UPHELD = "upheld", _("upheld")
        REJECTED = "rejected", _("rejected")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="objections")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=1000)
    raised_at = models.DateTimeField()
    via = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answer = models.CharField(max_length=1000, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    reversal = models.ForeignKey(Txn, models.PROTECT, null=True, blank=True, related_name="+")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="points_objection_says_something"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | ~Q(state="open") & Q(decided_at__isnull=False) & ~Q(answer=""),
                name="points_objection_answered",
            ),
        ]
