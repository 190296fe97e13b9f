"""Who wants to come, in the order in which they asked."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class SignUp(Record):
    """One person's place, or wish for a place, at one occurrence."""

    class State(models.TextChoices):
        CONFIRMED = "confirmed", _("has a place")
        WAITING = "waiting", _("on the waiting list")
        OFFERED = "offered", _("is offered a place")
        IN_DRAW = "in_draw", _("in the draw")
        CANCELLED = "cancelled", _("cancelled")
        LAPSED = "lapsed", _("let the offer pass")
        OVER = "over", _("got no place")

    LIVE = (State.CONFIRMED, State.WAITING, State.OFFERED, State.IN_DRAW)

    class How(models.TextChoices):
        SELF = "self", _("signed up themselves")
        FAMILY = "family", _("signed up by family")
        STAFF = "staff", _("signed up by staff")
        PHONE = "phone", _("called by phone")
        VOLUNTEER = "volunteer", _("signed up by a volunteer")
        GUEST = "guest", _("by name and phone")
        CHAIN = "chain", _("from a group's list")
        WALK_IN = "walk_in", _("came without signing up")
        IMPORT = "import", _("from a sheet")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    occurrence = models.ForeignKey("activities.Occurrence", models.PROTECT, related_name="sign_ups", db_index=False)
    state = models.CharField(max_length=9, choices=State.choices)
    # The order of acceptance in its occurrence; never changes.
    place_no = models.PositiveIntegerField()
    # Those who signed up together; they are promoted together or not at all.
    party = models.UUIDField()
    limit = models.ForeignKey("activities.OccurrenceLimit", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    household = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    # Somebody without a record: a name and a phone number, kept for ninety days after the occurrence.
    guest_name = models.CharField(max_length=40, blank=True, default="")
    guest_phone = SealedField(null=True, blank=True, digest="guest_digest", digest_purpose="people.person.phone")
    guest_digest = models.CharField(max_length=64, blank=True, default="")
    how = models.CharField(max_length=9, choices=How.choices)
    signed_by = models.UUIDField(null=True, blank=True)
    signed_by_person = models.UUIDField(null=True, blank=True)
    # In the first hours only some get a place at once; others wait until they are over.
    is_early = models.BooleanField(default=False)
    # Typed at the door: six digits, unique in the occurrence. The link's token is kept as a digest only.
    code = models.CharField(max_length=6)
    token_digest = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True, default="")
    accepted_at = models.DateTimeField()
    offered_until = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True, default="")
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, guest_name="") | Q(person__isnull=True) & ~Q(guest_name=""),
                name="activities_sign_up_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offered_until__isnull=False), name="activities_sign_up_offered"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["cancelled", "lapsed", "over"], ended_at__isnull=False)
                | Q(state__in=["confirmed", "waiting", "offered", "in_draw"], ended_at__isnull=True),
                name="activities_sign_up_ended",
            ),
            models.UniqueConstraint(fields=["occurrence", "place_no"], name="activities_sign_up_number"),
            models.UniqueConstraint(fields=["occurrence", "code"], name="activities_sign_up_code"),
            models.UniqueConstraint(
                fields=["occurrence", "person"],
                condition=Q(state__in=["confirmed", "waiting", "offered", "in_draw"], person__isnull=False),
                name="activities_sign_up_once",
            ),
            models.UniqueConstraint(
                fields=["occurrence", "guest_digest", "guest_name"],
                condition=Q(state__in=["confirmed", "waiting", "offered", "in_draw"]) & ~Q(guest_digest=""),
                name="activities_sign_up_guest_once",
            ),
        ]
        indexes = [
            models.Index(fields=["token_digest"], name="activities_sign_up_token"),
            models.Index(fields=["offered_until"], name="activities_sign_up_offers", condition=Q(state="offered")),
        ]


class Answer(Record):
    """What somebody answered to a question of the activity."""

    sign_up = models.ForeignKey(SignUp, models.CASCADE, related_name="answers")
    question = models.ForeignKey("activities.Question", models.PROTECT, related_name="+")
    text = SealedField()

    objects = scope.tenant_manager("sign_up__community")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sign_up", "question"], name="activities_answer_once")]


class ChainPaste(Record):
    """A chain sign-up (接龙) pasted from a group: the text as it came, and what became of each line."""

    class State(models.TextChoices):
        READ = "read", _("read, not taken in")
        TAKEN = "taken", _("taken in")
        DROPPED = "dropped", _("dropped")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    occurrence = models.ForeignKey("activities.Occurrence", models.PROTECT, related_name="chains")
    text = SealedField()
    # The lines as JSON: number, name, phone digits, how many, matched person, doubt, sign-up.
    lines = SealedField()
    state = models.CharField(max_length=7, choices=State.choices, default=State.READ)
    pasted_at = models.DateTimeField()
    pasted_by = models.UUIDField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()
