"""What is offered: a venue, a skill, goods, hours or money; where, when, how often and under which conditions."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.platform import scope
from lianxin.platform.models.base import Record


class Offer(Record):
    """An entry of the resources list."""

    class Kind(models.TextChoices):
        VENUE = "venue", pgettext_lazy("offer", "a place")
        SKILL = "skill", pgettext_lazy("offer", "a skill")
        GOODS = "goods", pgettext_lazy("offer", "goods")
        HOURS = "hours", pgettext_lazy("offer", "helping hands")
        MONEY = "money", pgettext_lazy("offer", "money")

    class State(models.TextChoices):
        OFFERED = "offered", _("offered, not yet assured")
        ACTIVE = "active", pgettext_lazy("offer", "active")
        PAUSED = "paused", pgettext_lazy("offer", "paused")
        ENDED = "ended", pgettext_lazy("offer", "ended")

    class Every(models.TextChoices):
        WEEK = "week", _("a week")
        MONTH = "month", _("a month")
        QUARTER = "quarter", _("a quarter")
        ONCE = "once", _("in all")

    class Reach(models.TextChoices):
        COMMUNITY = "community", _("only this community")
        RADIUS = "radius", _("within some distance")
        SUBDISTRICT = "subdistrict", _("the whole subdistrict")
        DISTRICT = "district", _("the whole district")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    # Exactly one of both gives: an organisation, or one person (a Party member who reports in, a volunteer).
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, null=True, blank=True, related_name="+")
    agreement = models.ForeignKey("resources.Agreement", models.PROTECT, null=True, blank=True, related_name="offers")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    title = models.CharField(max_length=80)
    description = models.CharField(max_length=500, blank=True, default="")
    conditions = models.CharField(max_length=300, blank=True, default="")
    contact_name = models.CharField(max_length=40, blank=True, default="")
    # Where it is when it cannot travel: a venue of ours, or words.
    venue = models.ForeignKey("places.Venue", models.PROTECT, null=True, blank=True, related_name="+")
    place = models.CharField(max_length=120, blank=True, default="")
    needs_venue = models.BooleanField(default=True)
    # How many it serves at one occurrence, and how many must come to make it worth the way.
    seats = models.PositiveIntegerField(default=20)
    least_people = models.PositiveIntegerField(default=1)
    minutes = models.PositiveSmallIntegerField(default=120)
    times = models.PositiveSmallIntegerField(default=1)
    every = models.CharField(max_length=7, choices=Every.choices, default=Every.MONTH)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True, default="")
    cost_fen = models.PositiveIntegerField(default=0)
    reach = models.CharField(max_length=11, choices=Reach.choices, default=Reach.COMMUNITY)
    reach_metres = models.PositiveIntegerField(null=True, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.OFFERED)
    # Somebody asked the giver and heard that it still holds; after `assure_by` it leaves the plan until asked again.
    assured_on = models.DateField(null=True, blank=True)
    assured_by = models.UUIDField(null=True, blank=True)
    assure_by = models.DateField(null=True, blank=True)
    state_reason = models.CharField(max_length=200, blank=True, default="")
    # Identifiers it has elsewhere (HSDS service id), so that a second import changes it instead of doubling it.
    source = models.CharField(max_length=60, blank=True, default="")
    source_id = models.CharField(max_length=120, blank=True, default="")
    is_sample = models.BooleanField(default=False)
    made_by = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="resources_offer_titled"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, person__isnull=True)
                | Q(organisation__isnull=True, person__isnull=False),
                name="resources_offer_one_giver",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=1, least_people__gte=1, times__gte=1, minutes__gte=1, minutes__lte=1440),
                name="resources_offer_amounts",
            ),
            models.CheckConstraint(condition=Q(least_people__lte=F("seats")), name="resources_offer_least"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="resources_offer_days"
            ),
            models.CheckConstraint(
                condition=~Q(reach="radius") | Q(reach_metres__isnull=False), name="resources_offer_radius"
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(assured_on__isnull=False, assure_by__isnull=False),
                name="resources_offer_assured",
            ),
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~Q(source=""), name="resources_offer_source"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "state"], name="resources_offer_place"),
            models.Index(fields=["state", "assure_by"], name="resources_offer_assure"),
        ]


class OfferCategory(Record):
    """A service category that an offer can serve, and how well."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="categories", db_index=False)
    category = models.ForeignKey("places.ServiceCategory", models.PROTECT, related_name="+")
    # 3: its own trade, 2: does it well, 1: can help with it.
    level = models.PositiveSmallIntegerField(default=2)

    objects = scope.tenant_manager("offer__community")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "category"], name="resources_offercategory_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="resources_offercategory_level"),
        ]


class OfferTime(Record):
    """A weekly time at which an offer can be had; none at all: by arrangement, at any opening time."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="weekly_times", db_index=False)
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    objects = scope.tenant_manager("offer__community")

    class Meta:
        ordering = ["weekday", "starts"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "weekday", "starts"], name="resources_offertime_once"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="resources_offertime_weekday"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="resources_offertime_order"),
        ]


class OfferException(Record):
    """Days on which an offer cannot be had."""

    offer = models.ForeignKey(Offer, models.CASCADE, related_name="exceptions")
    first_on = models.DateField()
    last_on = models.DateField()
    reason = models.CharField(max_length=100, blank=True, default="")

    objects = scope.tenant_manager("offer__community")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="resources_exception_days")]


class OfferCommunity(Record):
    """A community that an offer names: it goes only there, or never there."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="named_communities", db_index=False)
    is_excluded = models.BooleanField(default=False)

    objects = scope.tenant_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "community"], name="resources_offercommunity_once")]
