"""Residents, what makes them vulnerable, and what is left of a record after erasure."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.platform import scope
from lianxin.platform.models.base import Record
from lianxin.platform.sensitive import SealedField


class Person(Record):
    """One resident; the name is plain, ID number and phone are ciphertext beside a keyed digest."""

    class Sex(models.TextChoices):
        MALE = "m", _("male")
        FEMALE = "f", _("female")
        UNKNOWN = "", _("not recorded")

    class Relation(models.TextChoices):
        HEAD = "head", _("head of the household")
        SPOUSE = "spouse", _("spouse")
        CHILD = "child", _("child")
        CHILD_IN_LAW = "child_in_law", _("child-in-law")
        PARENT = "parent", _("parent")
        GRANDPARENT = "grandparent", _("grandparent")
        GRANDCHILD = "grandchild", _("grandchild")
        SIBLING = "sibling", _("brother or sister")
        OTHER_KIN = "other_kin", _("other relative")
        NOT_KIN = "not_kin", _("not related")

    class Residence(models.TextChoices):
        REGISTERED = "registered", _("registered here and lives here")
        RESIDENT = "resident", _("lives here, registered elsewhere")
        FLOATING = "floating", _("here for a time")

    class State(models.TextChoices):
        LIVING = "living", _("lives here")
        MOVED_OUT = "moved_out", _("moved out")
        DIED = "died", _("died")
        ERASED = "erased", _("erased")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey("people.Household", models.PROTECT, related_name="people")
    name = models.CharField(_("name"), max_length=80)
    name_latin = models.CharField(_("name in Latin letters"), max_length=120, blank=True, default="")
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True, default="")
    birth_on = models.DateField(_("date of birth"), null=True, blank=True)
    id_number = SealedField(null=True, blank=True, digest="id_digest")
    id_digest = models.CharField(max_length=64, null=True, blank=True)
    phone = SealedField(null=True, blank=True, digest="phone_digest")
    phone_digest = models.CharField(max_length=64, null=True, blank=True)
    phone_last4 = models.CharField(max_length=4, blank=True, default="")
    relation = models.CharField(_("relation to the head"), max_length=12, choices=Relation.choices)
    residence = models.CharField(_("residence"), max_length=10, choices=Residence.choices)
    state = models.CharField(max_length=9, choices=State.choices, default=State.LIVING)
    prefers_teochew = models.BooleanField(_("prefers to speak Teochew"), default=False)
    prefers_large_print = models.BooleanField(_("prefers large print"), default=False)
    no_phone = models.BooleanField(_("has no phone"), default=False)
    registered_on = models.DateField()
    died_on = models.DateField(null=True, blank=True)
    moved_on = models.DateField(null=True, blank=True)
    source_run = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = scope.tenant_manager()

    class Meta:
        verbose_name = _("resident")
        verbose_name_plural = _("residents")
        constraints = [
            models.UniqueConstraint(fields=["id_digest"], name="people_person_id_digest"),
            models.CheckConstraint(
                condition=Q(state="died", died_on__isnull=False)
                | Q(state="erased")
                | (~Q(state__in=["died", "erased"]) & Q(died_on__isnull=True)),
                name="people_person_died",
            ),
            models.CheckConstraint(
                condition=~Q(state="moved_out") | Q(moved_on__isnull=False), name="people_person_moved"
            ),
            models.CheckConstraint(
                condition=Q(id_number__isnull=True, id_digest__isnull=True)
                | Q(id_number__isnull=False, id_digest__isnull=False),
                name="people_person_id_pair",
            ),
            models.CheckConstraint(
                condition=Q(phone__isnull=True, phone_digest__isnull=True, phone_last4="")
                | Q(phone__isnull=False, phone_digest__isnull=False),
                name="people_person_phone_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state="erased")
                | Q(name="", name_latin="", id_number__isnull=True, phone__isnull=True, birth_on__isnull=True),
                name="people_person_erased_is_empty",
            ),
        ]
        indexes = [
            models.Index(fields=["community", "id"], name="people_person_list"),
            models.Index(fields=["community", "birth_on", "id"], name="people_person_age"),
            # By community first: neighbours in a file are neighbours here, and an import touches few pages.
            models.Index(fields=["community", "phone_digest"], name="people_person_phone_in"),
        ]


class VulnerabilityFact(Record):
    """Why a person may need more help. The kind itself is sealed; never on a list or in an export by default."""

    class Kind(models.TextChoices):
        LIVING_ALONE = "living_alone", _("lives alone")
        COUPLE_ALONE = "couple_alone", _("elderly couple without children near")
        DISABLED = "disabled", _("disability")
        LOW_INCOME = "low_income", _("minimum living allowance or low income")
        CHRONIC_ILLNESS = "chronic_illness", _("chronic or serious illness")
        DEMENTIA = "dementia", _("dementia")
        BEDRIDDEN = "bedridden", _("cannot leave the bed")
        LEFT_BEHIND_CHILD = "left_behind_child", _("child left behind")
        ORPHAN = "orphan", _("child without parents able to care")
        BEREAVED = "bereaved", _("lost an only child")
        VETERAN_IN_NEED = "veteran_in_need", _("veteran in need")
        OTHER = "other", _("other")

    class Source(models.TextChoices):
        VISIT = "visit", _("home visit")
        SELF = "self", _("told by the person")
        FAMILY = "family", _("told by the family")
        DEPARTMENT = "department", _("list from a department")
        IMPORT = "import", _("import")

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="vulnerabilities")
    kind = SealedField(digest="kind_digest")
    kind_digest = models.CharField(max_length=64)
    detail = SealedField(null=True, blank=True)
    since_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    recorded_by = models.UUIDField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    review_on = models.DateField()

    objects = scope.tenant_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind_digest"],
                condition=Q(until_on__isnull=True),
                name="people_vulnerability_once",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="people_vulnerability_days",
            ),
        ]
        indexes = [models.Index(fields=["review_on"], name="people_vulnerability_review")]


class Erasure(Record):
    """The tombstone: that a record was erased, when, and what had to stay and why. It names nobody."""

    community = models.ForeignKey("places.Division", models.PROTECT, related_name="+")
    person_id = models.UUIDField(unique=True)
    erased_at = models.DateTimeField()
    ground = models.CharField(max_length=200)
    kept = models.JSONField(default=list)

    objects = scope.tenant_manager()
