"""Every table keeps the rules of the house: a fence, keys that leak nothing, names that say what they hold."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.models.fields.related import RelatedField

from lianxin.platform import scope

OURS = [model for model in apps.get_models() if model.__module__.startswith("lianxin.")]

# Keys that are no UUID: seals are ordered by nature; a day, a lease, a schedule and a purpose name themselves;
# the search table's number is the full-text index's row and is shown to nobody.
OTHER_KEYS = {
    "platform.auditseal": models.BigIntegerField,
    "platform.auditbatch": models.BigIntegerField,
    "platform.calendarday": models.DateField,
    "platform.duetime": models.CharField,
    "platform.lease": models.CharField,
    "platform.searchdoc": models.BigAutoField,
    "people.purpose": models.SlugField,
}
# Coordinates, and the standard's thresholds with what is measured against them. Areas are surveyed with two decimals.
FRACTIONS = {
    "places.standarditem.threshold",
    "places.upgrademeasure.value",
    "places.venue.lat",
    "places.venue.lng",
    "activities.shift.lat",
    "activities.shift.lng",
    "needs.visit.lat",
    "needs.visit.lng",
    "voice.case.lat",
    "voice.case.lng",
    # What a solver weighs is no amount of anything.
    "projects.matchrun.bound",
    "projects.matchrun.cpu_seconds",
    "projects.matchrun.value",
    "projects.proposal.value",
    "projects.recruitment.price",
}
AREA = "_m2"
# Transfers are read through their transaction; an account is never deleted, and its own history is its lines.
UNINDEXED = {"points.transfer.src", "points.transfer.dst"}
# The ends of a period, and the day by which somebody has to be asked again.
PERIOD = ("_from", "_until", "_by")
# Times and days that are columns of Django's own account model.
INHERITED = {"last_login", "date_joined"}


def label(model: type[models.Model]) -> str:
    """Give a model's short name for the report."""
    return model._meta.label_lower


def own_fields(model: type[models.Model]) -> list[models.Field]:
    """Give the columns of a model that the house named."""
    return [field for field in model._meta.local_fields if field.name not in INHERITED]


def test_there_are_tables_to_look_at() -> None:
    assert {model._meta.app_label for model in OURS} >= {"platform", "places", "people"}


@pytest.mark.parametrize("model", OURS, ids=label)
def test_tenant_table_is_fenced(model: type[models.Model]) -> None:
    owner = next((field for field in model._meta.fields if field.name in {"community", "community_id"}), None)

    if owner is not None and not owner.null:
        assert scope.is_fenced(model), f"{label(model)} belongs to a community: give it `objects = tenant_manager()`"


@pytest.mark.parametrize("model", [model for model in OURS if scope.is_fenced(model)], ids=label)
def test_unscoped_query_on_a_fenced_table_raises(model: type[models.Model]) -> None:
    with scope.nothing(), pytest.raises(scope.Unscoped):
        model._default_manager.all()


@pytest.mark.parametrize("model", [model for model in OURS if scope.is_fenced(model)], ids=label)
def test_fenced_table_has_no_second_manager_around_the_fence(model: type[models.Model]) -> None:
    loose = [manager.name for manager in model._meta.managers if not isinstance(manager, scope.TenantManager)]

    assert loose == []


@pytest.mark.parametrize("model", OURS, ids=label)
def test_key_is_a_uuid(model: type[models.Model]) -> None:
    key = model._meta.pk
    while isinstance(key, RelatedField):
        key = key.target_field

    wanted = OTHER_KEYS.get(label(model), models.UUIDField)
    assert isinstance(key, wanted), (
        f"{label(model)} has a {type(key).__name__}: a sequence tells how many rows there are"
    )


@pytest.mark.parametrize("model", OURS, ids=label)
def test_table_refers_to_named_tables_only(model: type[models.Model]) -> None:
    generic = [field.name for field in model._meta.private_fields if type(field).__name__ == "GenericForeignKey"]

    assert generic == []


@pytest.mark.parametrize("model", OURS, ids=label)
def test_moments_end_in_at_and_days_in_on(model: type[models.Model]) -> None:
    wrong = []
    for field in own_fields(model):
        if isinstance(field, models.DateTimeField):
            right = field.name == "at" or field.name.endswith(("_at", *PERIOD))
        elif isinstance(field, models.DateField):
            right = field.name == "on" or field.name.endswith(("_on", *PERIOD))
        else:
            right = True
        if not right:
            wrong.append(field.name)

    assert wrong == []


@pytest.mark.parametrize("model", OURS, ids=label)
def test_clock_is_passed_in(model: type[models.Model]) -> None:
    automatic = [
        field.name
        for field in own_fields(model)
        if getattr(field, "auto_now", False)
        or getattr(field, "auto_now_add", False)
        or getattr(field.default, "__name__", "") in {"now", "today", "localdate"}
    ]

    assert automatic == []


@pytest.mark.parametrize("model", OURS, ids=label)
def test_quantities_are_integers(model: type[models.Model]) -> None:
    fractions = [
        field.name
        for field in own_fields(model)
        if isinstance(field, models.FloatField | models.DecimalField)
        and f"{label(model)}.{field.name}" not in FRACTIONS
        and not (isinstance(field, models.DecimalField) and field.name.endswith(AREA))
    ]

    assert fractions == [], "store integers in a unit that the name says: `area_cm2`, `fen`, `minutes`"


@pytest.mark.parametrize("model", OURS, ids=label)
def test_deleting_a_row_takes_no_other_module_with_it(model: type[models.Model]) -> None:
    torn = [
        field.name
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.CASCADE
        and field.related_model._meta.app_label != model._meta.app_label
    ]

    assert torn == [], "only PROTECT may reach into another module; a consequence says what happens to our rows"


@pytest.mark.parametrize("model", OURS, ids=label)
def test_reference_is_indexed(model: type[models.Model]) -> None:
    leading = {index.fields[0].lstrip("-") for index in model._meta.indexes if index.fields}
    leading |= {c.fields[0] for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) and c.fields}
    bare = [
        field.name
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and not (field.db_index or field.unique or field.name in leading)
        and f"{label(model)}.{field.name}" not in UNINDEXED
    ]

    assert bare == []


@pytest.mark.django_db
def test_models_and_migrations_say_the_same() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
