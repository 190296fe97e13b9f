"""Mediation: sealed but for its tier and outcome; talks, clauses, performance, visits, and the court's confirmation."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.voice.models.cases import Case, Tier
from lianxin.domain.voice.models.matters import Matter
from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Mediation(Record):
    """A quarrel that a mediator settles (People's Mediation Law of the PRC, 2010)."""

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("mediation", "asked for")
        ACCEPTED = "accepted", pgettext_lazy("mediation", "accepted by all parties")
        TALKING = "talking", pgettext_lazy("mediation", "being talked over")
        AGREED = "agreed", pgettext_lazy("mediation", "agreed, being performed")
        PERFORMED = "performed", pgettext_lazy("mediation", "performed")
        FAILED = "failed", pgettext_lazy("mediation", "no agreement")
        BROKEN = "broken", pgettext_lazy("mediation", "agreement not kept")
        WITHDRAWN = "withdrawn", pgettext_lazy("mediation", "withdrawn")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="mediations")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="mediations")
    tier = models.CharField(max_length=6, choices=Tier.choices, default=Tier.FULL)
    subject_words = SealedField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    state_words = SealedField(null=True, blank=True)
    mediator = models.UUIDField(null=True, blank=True)
    mediator_name = models.CharField(max_length=40, blank=True, default="")
    # That the mediator has no tie to a party: what was asked and answered, and when.
    conflict_words = models.CharField(max_length=300, blank=True, default="")
    conflict_checked_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    agreed_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    is_oral = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="voice_mediation_number"),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "talking", "agreed", "performed"])
                | Q(mediator__isnull=False, conflict_checked_at__isnull=False) & ~Q(conflict_words=""),
                name="voice_mediation_conflict",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "performed", "broken"]) | Q(agreed_on__isnull=False),
                name="voice_mediation_agreed",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["performed", "failed", "broken", "withdrawn"], ended_at__isnull=False)
                | Q(state__in=["asked", "accepted", "talking", "agreed"], ended_at__isnull=True),
                name="voice_mediation_ended",
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "asked_at"], name="voice_mediation_place")]


class MediationParty(Record):
    """One side of a quarrel; who they are is sealed."""

    class Side(models.TextChoices):
        ASKING = "asking", _("asks for it")
        OTHER = "other", pgettext_lazy("side", "the other side")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="parties")
    side = models.CharField(max_length=6, choices=Side.choices)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    name = SealedField()
    phone = SealedField(null=True, blank=True)
    # Nobody is mediated who did not agree to it.
    agreed_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()


class MediationTalk(Record):
    """A talk, joint or with one side alone; its words are for the mediator only."""

    class Kind(models.TextChoices):
        JOINT = "joint", _("with all sides")
        PRIVATE = "private", _("with one side alone")
        VISIT = "visit", _("follow-up visit")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="talks", db_index=False)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    party = models.ForeignKey(MediationParty, models.PROTECT, null=True, blank=True, related_name="+")
    # When it is to be; null `held_at` while it is still to come.
    planned_on = models.DateField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    words = SealedField(null=True, blank=True)
    # Of a visit: whether what was agreed is being kept.
    is_kept = models.BooleanField(null=True, blank=True)
    recorded_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kind="private") | Q(party__isnull=False), name="voice_talk_private"),
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(held_at__isnull=False), name="voice_talk_dated"
            ),
        ]
        indexes = [models.Index(fields=["mediation", "held_at"], name="voice_talk_order")]


class MediationClause(Record):
    """One clause of an agreement: who does what by when. Its performance is a commitment that returns."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    mediation = models.ForeignKey(Mediation, models.CASCADE, related_name="clauses", db_index=False)
    number = models.PositiveSmallIntegerField()
    words = SealedField()
    party = models.ForeignKey(MediationParty, models.PROTECT, null=True, blank=True, related_name="+")
    due_by = models.DateField(null=True, blank=True)
    # Of all sides, clause by clause.
    agreed_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mediation", "number"], name="voice_clause_number")]


class CourtConfirmation(Record):
    """Asked of the court within thirty days of the agreement's effect (Civil Procedure Law, judicial confirmation)."""

    class State(models.TextChoices):
        POSSIBLE = "possible", _("may be asked for")
        APPLIED = "applied", _("asked for")
        CONFIRMED = "confirmed", pgettext_lazy("court", "confirmed")
        REFUSED = "refused", pgettext_lazy("court", "refused")
        LAPSED = "lapsed", _("not asked for in time")
        WAIVED = "waived", _("the sides do without")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    mediation = models.OneToOneField(Mediation, models.CASCADE, related_name="confirmation")
    due_by = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.POSSIBLE)
    applied_on = models.DateField(null=True, blank=True)
    court = models.CharField(max_length=60, blank=True, default="")
    their_number = models.CharField(max_length=60, blank=True, default="")
    decided_on = models.DateField(null=True, blank=True)

    objects = scope.tenant_manager()
