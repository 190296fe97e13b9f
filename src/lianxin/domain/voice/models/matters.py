"""Deliberation: a matter with its parties, meeting after meeting, and the promises that return until they are kept."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.voice.models.cases import Subject
from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Matter(Record):
    """Something hard that many have to agree on; its meetings, votes and commitments read as one story."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("matter", "being talked over")
        AGREED = "agreed", pgettext_lazy("matter", "agreed, being carried out")
        DONE = "done", pgettext_lazy("matter", "carried out")
        FAILED = "failed", pgettext_lazy("matter", "no agreement")
        SUSPENDED = "suspended", pgettext_lazy("matter", "suspended")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=80)
    subject = models.CharField(max_length=11, choices=Subject.choices, default=Subject.OTHER)
    # How it began, in plain words without names.
    summary = models.TextField(blank=True, default="")
    outcome = models.TextField(blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    state_words = models.CharField(max_length=300, blank=True, default="")
    is_public = models.BooleanField(default=False)
    responsible = models.UUIDField(null=True, blank=True)
    responsible_name = models.CharField(max_length=40, blank=True, default="")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    made_by = models.UUIDField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="voice_matter_number"),
            models.CheckConstraint(condition=~Q(title=""), name="voice_matter_titled"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], ended_at__isnull=False)
                | Q(state__in=["open", "agreed", "suspended"], ended_at__isnull=True),
                name="voice_matter_ended",
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "opened_at"], name="voice_matter_place")]


class Party(Record):
    """One side of a matter, and who speaks for it."""

    class Kind(models.TextChoices):
        RESIDENTS = "residents", _("residents")
        OWNERS = "owners", _("owners' committee")
        PROPERTY = "property", _("property company")
        COMMITTEE = "committee", _("village or residents' committee")
        BUILDER = "builder", _("builder or supplier")
        STREET = "street", _("subdistrict office")
        OFFICE = "office", pgettext_lazy("party", "another office")
        OTHER = "other", pgettext_lazy("party", "others")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="parties", db_index=False)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    name = models.CharField(max_length=80)
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    speaker_name = models.CharField(max_length=40, blank=True, default="")
    speaker_phone = SealedField(null=True, blank=True)
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="voice_party_named"),
            models.UniqueConstraint(fields=["matter", "name"], name="voice_party_once"),
        ]


class Meeting(Record):
    """One meeting: called, held, written down, read back, signed; without minutes it cannot be closed."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("meeting", "called")
        HELD = "held", pgettext_lazy("meeting", "held, minutes are due")
        CLOSED = "closed", pgettext_lazy("meeting", "closed")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "called off")

    class Minutes(models.TextChoices):
        NONE = "none", _("not written yet")
        DRAFT = "draft", pgettext_lazy("minutes", "draft")
        READ_BACK = "read_back", _("read back to those present")
        SIGNED = "signed", pgettext_lazy("minutes", "signed")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="meetings", db_index=False)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80, blank=True, default="")
    starts_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    room = models.ForeignKey("places.Room", models.PROTECT, null=True, blank=True, related_name="+")
    place_words = models.CharField(max_length=80, blank=True, default="")
    booking_id = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    state_words = models.CharField(max_length=300, blank=True, default="")
    # How many must be there for it to decide; null: anybody who comes.
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)
    # Present when it was closed.
    present = models.PositiveSmallIntegerField(default=0)
    chair_name = models.CharField(max_length=40, blank=True, default="")
    clerk_name = models.CharField(max_length=40, blank=True, default="")
    minutes = models.TextField(blank=True, default="")
    minutes_state = models.CharField(max_length=9, choices=Minutes.choices, default=Minutes.NONE)
    read_back_at = models.DateTimeField(null=True, blank=True)
    # SHA-256 of the minutes as signed; they do not change after that, a correction is an appendix.
    minutes_digest = models.CharField(max_length=64, blank=True, default="")
    signed_at = models.DateTimeField(null=True, blank=True)
    # What the public story tells of it.
    public_words = models.CharField(max_length=500, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="voice_meeting_number"),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(minutes_state__in=["read_back", "signed"], closed_at__isnull=False) & ~Q(minutes=""),
                name="voice_meeting_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(state_words=""), name="voice_meeting_cancelled"
            ),
            models.CheckConstraint(
                condition=~Q(minutes_state="signed") | ~Q(minutes_digest="") & Q(signed_at__isnull=False),
                name="voice_meeting_signed",
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "starts_at"], name="voice_meeting_place")]


class MinutesAppendix(Record):
    """What was put right or added after minutes were signed; append-only."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="appendices")
    words = models.TextField()
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True, blank=True)

    objects = scope.tenant_manager()


class Invitation(Record):
    """Who was asked to a meeting or came to it, for which party, when they came and left."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        CLERK = "clerk", pgettext_lazy("role", "minutes")
        SPEAKER = "speaker", _("speaks for a party")
        MEMBER = "member", _("takes part")
        OBSERVER = "observer", _("listens")

    class Reply(models.TextChoices):
        UNKNOWN = "unknown", pgettext_lazy("reply", "not known")
        COMING = "coming", pgettext_lazy("reply", "will come")
        NOT_COMING = "not_coming", pgettext_lazy("reply", "cannot come")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations", db_index=False)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=40)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    reply = models.CharField(max_length=10, choices=Reply.choices, default=Reply.UNKNOWN)
    invited_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="voice_invitation_named"),
            models.UniqueConstraint(fields=["meeting", "name", "party"], name="voice_invitation_once"),
            models.UniqueConstraint(
                fields=["meeting", "person"], condition=Q(person__isnull=False), name="voice_invitation_person"
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(came_at__isnull=False, left_at__gte=F("came_at")),
                name="voice_invitation_left",
            ),
        ]


class AgendaItem(Record):
    """A point of the agenda; open commitments come onto it by themselves."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("item", "to be talked over")
        DEALT = "dealt", pgettext_lazy("item", "dealt with")
        MOVED = "moved", pgettext_lazy("item", "moved to the next meeting")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    words = models.CharField(max_length=500, blank=True, default="")
    commitment = models.ForeignKey("voice.Commitment", models.PROTECT, null=True, blank=True, related_name="items")
    state = models.CharField(max_length=5, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(max_length=1000, blank=True, default="")

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="voice_item_order"),
            models.UniqueConstraint(
                fields=["meeting", "commitment"], condition=Q(commitment__isnull=False), name="voice_item_commitment"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="voice_item_titled"),
        ]


class Speech(Record):
    """Who spoke to a point, and what in short."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="speeches", db_index=False)
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="speeches")
    invitation = models.ForeignKey(Invitation, models.PROTECT, related_name="speeches")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="voice_speech_order")]


class Resolution(Record):
    """What a meeting decided."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("resolution", "proposed")
        PASSED = "passed", pgettext_lazy("resolution", "passed")
        REJECTED = "rejected", pgettext_lazy("resolution", "rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("resolution", "withdrawn")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="resolutions", db_index=False)
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, blank=True, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=1000)
    state = models.CharField(max_length=9, choices=State.choices, default=State.PROPOSED)
    vote = models.ForeignKey("voice.Vote", models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="voice_resolution_number"),
            models.CheckConstraint(condition=~Q(words=""), name="voice_resolution_worded"),
        ]


class Commitment(Record):
    """A promise: who, what, by when, how it will be seen, who says it was kept. It returns until then."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("commitment", "open")
        SHOWN = "shown", _("said to be done, to be verified")
        KEPT = "kept", pgettext_lazy("commitment", "kept")
        BROKEN = "broken", pgettext_lazy("commitment", "not kept")
        RELEASED = "released", pgettext_lazy("commitment", "released")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    # Where it was given: exactly one of these, and the meeting where it was a matter.
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="commitments")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="commitments")
    case = models.ForeignKey("voice.Case", models.PROTECT, null=True, blank=True, related_name="commitments")
    reception = models.ForeignKey(
        "voice.ReceptionPlace", models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    clause = models.ForeignKey(
        "voice.MediationClause", models.PROTECT, null=True, blank=True, related_name="commitments"
    )
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    owner_name = models.CharField(max_length=80)
    # Staff who see to it that it is kept; the duty is theirs.
    owner_account = models.UUIDField(null=True, blank=True)
    # Never of a mediation: its words stand in the sealed clause.
    words = models.CharField(max_length=500)
    due_by = models.DateField()
    # The first day it was promised for; later ones are kept as moves in the audit.
    first_due_by = models.DateField()
    moved = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    state_words = models.CharField(max_length=500, blank=True, default="")
    evidence = models.CharField(max_length=500, blank=True, default="")
    evidence_file = models.UUIDField(null=True, blank=True)
    verified_by = models.UUIDField(null=True, blank=True)
    verifier_name = models.CharField(max_length=40, blank=True, default="")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    is_public = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="voice_commitment_number"),
            models.CheckConstraint(condition=~Q(owner_name="") & ~Q(words=""), name="voice_commitment_worded"),
            models.CheckConstraint(
                condition=Q(matter__isnull=False, case__isnull=True, reception__isnull=True, clause__isnull=True)
                | Q(matter__isnull=True, case__isnull=False, reception__isnull=True, clause__isnull=True)
                | Q(matter__isnull=True, case__isnull=True, reception__isnull=False, clause__isnull=True)
                | Q(matter__isnull=True, case__isnull=True, reception__isnull=True, clause__isnull=False),
                name="voice_commitment_source",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["kept", "broken", "released"], ended_at__isnull=False)
                | Q(state__in=["open", "shown"], ended_at__isnull=True),
                name="voice_commitment_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="kept") | ~Q(verifier_name="") & ~Q(evidence=""), name="voice_commitment_kept"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["broken", "released"]) | ~Q(state_words=""), name="voice_commitment_reasoned"
            ),
        ]
        indexes = [models.Index(fields=["community", "state", "due_by"], name="voice_commitment_place")]
