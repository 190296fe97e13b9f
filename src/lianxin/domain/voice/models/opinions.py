"""Opinion maps: short statements, agree, disagree or pass, and what all camps share."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.voice.models.matters import Matter
from lianxin.platform import scope
from lianxin.platform.models.base import Record


class OpinionMap(Record):
    """A question to which many answer statement by statement, on a phone or on paper cards."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("map", "draft")
        OPEN = "open", pgettext_lazy("map", "open")
        CLOSED = "closed", pgettext_lazy("map", "closed")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="maps")
    question = models.CharField(max_length=120)
    words = models.CharField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    # Groups smaller than this are not shown.
    min_group = models.PositiveSmallIntegerField(default=5)
    # Null: as many as lie apart clearly.
    groups_wanted = models.PositiveSmallIntegerField(null=True, blank=True)
    may_add = models.BooleanField(default=True)
    is_public = models.BooleanField(default=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    voters = models.PositiveIntegerField(default=0)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="voice_map_number"),
            models.CheckConstraint(condition=~Q(question=""), name="voice_map_worded"),
            models.CheckConstraint(condition=Q(min_group__gte=3), name="voice_map_smallest"),
        ]
        indexes = [models.Index(fields=["community", "state"], name="voice_map_place")]


class Statement(Record):
    """One short statement; what was sent in waits until somebody looked at it, and its words are kept as sent."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("statement", "to be looked at")
        SHOWN = "shown", pgettext_lazy("statement", "shown")
        HIDDEN = "hidden", pgettext_lazy("statement", "not shown")

    class Reason(models.TextChoices):
        NAMES = "names", _("names somebody")
        INSULT = "insult", _("insults somebody")
        SAME = "same", _("says what another one says")
        TWO = "two", _("says two things at once")
        AWAY = "away", _("is about something else")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    map = models.ForeignKey(OpinionMap, models.CASCADE, related_name="statements", db_index=False)
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=140)
    is_seed = models.BooleanField(default=False)
    voter = models.ForeignKey("voice.OpinionVoter", models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    reason = models.CharField(max_length=6, choices=Reason.choices, blank=True, default="")
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["map", "number"], name="voice_statement_number"),
            models.CheckConstraint(condition=~Q(words=""), name="voice_statement_worded"),
            models.CheckConstraint(condition=~Q(state="hidden") | ~Q(reason=""), name="voice_statement_reasoned"),
        ]


class OpinionVoter(Record):
    """Somebody who answers, known by a keyed digest or the number of a paper card, never by name."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    map = models.ForeignKey(OpinionMap, models.CASCADE, related_name="people", db_index=False)
    # What the published votes call them: from 1 in the order of coming.
    number = models.PositiveIntegerField()
    key_digest = models.CharField(max_length=64)
    is_card = models.BooleanField(default=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["map", "key_digest"], name="voice_voter_once"),
            models.UniqueConstraint(fields=["map", "number"], name="voice_voter_number"),
        ]


class Opinion(Record):
    """One answer to one statement; the latest of a voter counts, earlier ones stay."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="opinions", db_index=False)
    voter = models.ForeignKey(OpinionVoter, models.CASCADE, related_name="opinions")
    value = models.SmallIntegerField()
    said_at = models.DateTimeField()
    # Staff who entered a paper card.
    recorded_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(value__in=[-1, 0, 1]), name="voice_opinion_value")]
        indexes = [models.Index(fields=["statement", "voter", "said_at"], name="voice_opinion_latest")]


class MapResult(Record):
    """A result as it was worked out, with the digest of the votes it came from; groups by voter number."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    map = models.ForeignKey(OpinionMap, models.CASCADE, related_name="results", db_index=False)
    votes = models.PositiveIntegerField()
    voters = models.PositiveIntegerField()
    votes_digest = models.CharField(max_length=64)
    content = models.JSONField()
    made_at = models.DateTimeField()

    objects = scope.tenant_manager()

    class Meta:
        indexes = [models.Index(fields=["map", "made_at"], name="voice_result_latest")]
