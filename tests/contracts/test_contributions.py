"""A module that points at a person or at a venue says what becomes of it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name

import pytest
from django.apps import apps
from django.db import models

from lianxin.platform import contributions

SOURCE = Path(__file__).resolve().parents[2] / "src" / "lianxin"
# The module that owns the table answers for it itself.
OWNED = {"people.person": "people", "people.household": "people", "places.venue": "places"}


def pointers(table: str) -> Iterator[models.ForeignKey]:
    """Give the columns of other modules that point at a table."""
    for model in apps.get_models():
        if model.__module__.startswith("lianxin.") and model._meta.app_label != OWNED[table]:
            for field in model._meta.local_fields:
                if isinstance(field, models.ForeignKey) and field.related_model._meta.label_lower == table:
                    yield field


def contribution_of(module: str) -> contributions.Contribution:
    """Give what a module registered."""
    found = [entry for entry in contributions.modules() if entry.module == module]
    assert found, f"{module} registers nothing: give it a wiring.py"
    return found[0]


def test_modules_register_from_the_lowest_up() -> None:
    order = [entry.module for entry in contributions.modules()]

    known = [name for name in ("platform", "places", "channels", "people") if name in order]
    assert [name for name in order if name in known] == known


@pytest.mark.parametrize("table", OWNED)
def test_reference_from_another_module_is_declared(table: str) -> None:
    undeclared = []
    for field in pointers(table):
        declared = {
            (reference.model.lower(), reference.field)
            for reference in contribution_of(field.model._meta.app_label).references
        }
        if not {(field.model._meta.label_lower, field.name), (field.model._meta.model_name, field.name)} & declared:
            undeclared.append(f"{field.model._meta.label}.{field.name}")

    assert undeclared == []


@pytest.mark.parametrize("table", ["people.person", "people.household"])
def test_module_that_points_at_a_person_exports_and_erases(table: str) -> None:
    silent = {field.model._meta.app_label for field in pointers(table)} - {
        entry.module for entry in contributions.modules() if entry.personal_data
    }

    assert silent == set()


def test_builder_of_every_sample_part_is_there() -> None:
    named = [part.builder for part in contributions.every("sample")]

    assert named
    assert all(isinstance(name, str) and callable(resolve_name(name)) for name in named)


def test_people_exports_and_erases_what_it_holds() -> None:
    assert contribution_of("people").personal_data


def test_module_that_points_at_a_venue_has_a_consequence() -> None:
    modules = {field.model._meta.app_label for field in pointers("places.venue")}
    silent = [
        module
        for module in modules
        if not any(".places." in consequence.on.__module__ for consequence in contribution_of(module).consequences)
    ]

    assert silent == []


@pytest.mark.parametrize("table", OWNED)
def test_declared_reference_is_a_real_column(table: str) -> None:
    for entry in contributions.modules():
        for reference in entry.references:
            label = reference.model if "." in reference.model else f"{entry.module}.{reference.model}"
            names = {field.name for field in apps.get_model(label)._meta.get_fields()}
            assert reference.field in names


def test_a_process_that_only_starts_knows_every_task() -> None:
    written = {
        path.relative_to(SOURCE).with_suffix("").as_posix().replace("/", ".")
        for path in SOURCE.rglob("*.py")
        if re.search(r"^@(?:tasks\.)?task\(", path.read_text(encoding="utf-8"), re.MULTILINE)
        and "tests" not in path.parts
    }
    script = "import django, sys; django.setup(); print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()

    assert written
    assert {f"lianxin.{name}" for name in written} <= set(loaded)
