"""Votes as data: a method, a question, ballots, and a result that anybody can work out again."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.domain.voice.models.matters import Matter, Meeting
from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class AssentRegister(Record):
    """The flats of a building with area and owners: who has a say, and with what weight. Fixed before a vote opens."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("register", "being drawn up")
        FIXED = "fixed", pgettext_lazy("register", "fixed")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="registers")
    name = models.CharField(max_length=80)
    state = models.CharField(max_length=5, choices=State.choices, default=State.DRAFT)
    flats = models.PositiveIntegerField(default=0)
    # In 0.01 m².
    area_dm2 = models.PositiveBigIntegerField(default=0)
    source_words = models.CharField(max_length=200, blank=True, default="")
    source_run = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)
    fixed_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="voice_register_named"),
            models.CheckConstraint(
                condition=Q(state="draft", fixed_at__isnull=True) | Q(state="fixed", fixed_at__isnull=False),
                name="voice_register_fixed",
            ),
        ]


class RegisterFlat(Record):
    """One flat; its owners' names are sealed, and lists show their number."""

    class Reach(models.TextChoices):
        NOT_REACHED = "not_reached", _("not reached")
        REACHED = "reached", pgettext_lazy("reach", "reached")
        ABROAD = "away", _("lives elsewhere")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    register = models.ForeignKey(AssentRegister, models.CASCADE, related_name="rows", db_index=False)
    flat = models.CharField(max_length=40)
    # In 0.01 m².
    area_dm2 = models.PositiveIntegerField()
    # Owners between "、".
    owners = SealedField()
    owners_count = models.PositiveSmallIntegerField(default=1)
    household = models.ForeignKey("people.Household", models.PROTECT, null=True, blank=True, related_name="+")
    reach = models.CharField(max_length=11, choices=Reach.choices, default=Reach.NOT_REACHED)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "flat"], name="voice_flat_once"),
            models.CheckConstraint(condition=Q(area_dm2__gt=0), name="voice_flat_area"),
            models.CheckConstraint(condition=~Q(flat=""), name="voice_flat_named"),
        ]


class Vote(Record):
    """One question put to a vote."""

    class Method(models.TextChoices):
        HANDS = "hands", _("show of hands")
        CONSENT = "consent", _("consent, with reasons")
        SCORE = "score", _("points for each choice")
        SCHULZE = "schulze", _("choices put into an order")
        ASSENT = "assent", _("owners' assent, by head and by area")

    class Weight(models.TextChoices):
        """Which share the law wants of owners (Civil Code, article 278)."""

        ORDINARY = "ordinary", _("ordinary matter: more than half")
        MAJOR = "major", _("major matter: three quarters")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("vote", "draft")
        OPEN = "open", pgettext_lazy("vote", "open")
        CLOSED = "closed", pgettext_lazy("vote", "closed")
        VOID = "void", pgettext_lazy("vote", "void")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, related_name="votes")
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="votes")
    register = models.ForeignKey(AssentRegister, models.PROTECT, null=True, blank=True, related_name="votes")
    method = models.CharField(max_length=7, choices=Method.choices)
    weight = models.CharField(max_length=8, choices=Weight.choices, default=Weight.ORDINARY)
    question = models.CharField(max_length=200)
    # [{"code", "words"}]; consent and hands have their own.
    options = models.JSONField(default=list, blank=True)
    # {"quorum": n, "proxy_limit": n, "scale": [0, 5], "eligible": n}
    terms = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.DRAFT)
    state_words = models.CharField(max_length=300, blank=True, default="")
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    # As it was worked out when it closed, with the SHA-256 of the export that anybody can count again.
    result = models.JSONField(null=True, blank=True)
    export_digest = models.CharField(max_length=64, blank=True, default="")
    ballots_count = models.PositiveIntegerField(default=0)
    is_public = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    is_sample = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="voice_vote_number"),
            models.CheckConstraint(condition=~Q(question=""), name="voice_vote_worded"),
            models.CheckConstraint(
                condition=~Q(method="assent") | Q(register__isnull=False), name="voice_vote_register"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(result__isnull=False, closed_at__isnull=False),
                name="voice_vote_result",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="voice_vote_times",
            ),
            models.CheckConstraint(condition=~Q(state="void") | ~Q(state_words=""), name="voice_vote_void"),
        ]
        indexes = [models.Index(fields=["community", "state"], name="voice_vote_place")]


class Ballot(Record):
    """One ballot, or one paper that holds the hands counted; until the close the latest one of a voter counts."""

    class How(models.TextChoices):
        HALL = "hall", _("in the hall")
        DOOR = "door", _("at the door")
        PAPER = "paper", pgettext_lazy("ballot", "on paper")
        PAGE = "page", pgettext_lazy("ballot", "on a page")
        PHONE = "phone", pgettext_lazy("ballot", "by phone")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    vote = models.ForeignKey(Vote, models.CASCADE, related_name="ballots", db_index=False)
    flat = models.ForeignKey(RegisterFlat, models.PROTECT, null=True, blank=True, related_name="ballots")
    # A keyed digest of who voted where there is no register; "hands" for the count of a hall.
    voter_key = models.CharField(max_length=64)
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    voter_name = SealedField(null=True, blank=True)
    # {"choice": "agree"} | {"scores": {...}} | {"order": [...]} | {"for": 1, "against": 2, "abstain": 3}
    choice = models.JSONField()
    reason = models.CharField(max_length=300, blank=True, default="")
    # Consent: an objection stands until it is answered.
    answer = models.CharField(max_length=300, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    # Sealed as names are; its digest finds how many flats one proxy speaks for.
    proxy_name = SealedField(null=True, blank=True)
    proxy_digest = models.CharField(max_length=64, blank=True, default="")
    proof_file = models.UUIDField(null=True, blank=True)
    proof_words = models.CharField(max_length=100, blank=True, default="")
    how = models.CharField(max_length=5, choices=How.choices)
    cast_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True, blank=True)
    is_replaced = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["vote", "voter_key"], condition=Q(is_replaced=False), name="voice_ballot_once"
            ),
            models.UniqueConstraint(
                fields=["vote", "flat"],
                condition=Q(is_replaced=False, flat__isnull=False),
                name="voice_ballot_flat",
            ),
            models.CheckConstraint(
                condition=Q(proxy_digest="") | Q(proxy_name__isnull=False), name="voice_ballot_proxy"
            ),
        ]
        indexes = [models.Index(fields=["vote", "cast_at"], name="voice_ballot_order")]
