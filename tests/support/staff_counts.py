"""Finds what would count, compare or rank single members of staff: in source, tables, measures and addresses."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from django.apps import apps
from django.db import models

# Tables that are about an account: a number in one of them would be a number about somebody.
ACCOUNTS = {"people.account", "people.rolegrant", "people.deputy", "people.handover", "people.invitation"}
# What an account's own tables may count: guesses of a password, the last code used, what a hand-over moved once.
TECHNICAL = {"failures", "lockouts", "totp_last_step", "duties_moved", "roles_moved", "created_seq"}
# Columns without a foreign key that name an account, by the endings and words of the house.
STAFF_COLUMN = re.compile(
    r"^(?:by|worker|mediator|responsible|first_responder|actor|actor_name|[a-z_]*_by|[a-z_]*account(?:_id)?)$"
)
# What ends like one of them and is a day, or the name of a way.
NOT_STAFF = {"due_by", "answer_by", "needed_by", "look_again_by", "pay_by", "expires_by", "came_by", "signed_by_person"}
# There an "account" is a household's passbook in the ledger, not a login.
LEDGER = ("domain/points/", "domain/shop/", "insight/registers/")
LEDGER_WORDS = {"account", "account_id"}
COUNTING = {"Count", "Sum", "Avg", "StdDev", "Variance", "Rank", "DenseRank", "RowNumber", "PercentRank", "Ntile"}
WHO = r"(?:staff|clerks?|colleagues?|workers?|keepers?|mediators?|employees?|cadres?|accounts?|users?)"
MERIT = r"(?:rank|ranking|score|scores|scoring|rating|leaderboard|streak|kpi|performance|productivity|busiest|slowest)"
RANKING = re.compile(
    rf"(?:{MERIT}[a-z_]*_{WHO}|{WHO}[a-z_]*_{MERIT}|leaderboard|(?:online|work)_(?:time|minutes|hours))"
)
# What facts, tallies and sums of them are kept by: never by who did it.
FACT_COLUMNS = re.compile(r"^(?:.*(?:account|actor|person|staff|assignee|role|made_by|done_by).*|by|.*_by)$")


def staff_columns() -> set[str]:
    """Give the names of all columns that point to an account, by key or by name."""
    found: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith("lianxin."):
            continue
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey):
                if field.related_model._meta.label_lower in ACCOUNTS:
                    found |= {field.name, field.attname}
            elif isinstance(field, models.UUIDField) and STAFF_COLUMN.match(field.name):
                found.add(field.name)
    return (found | {"actor_name"}) - NOT_STAFF


def _is_staff(name: Any, columns: set[str], path: str) -> bool:
    if not isinstance(name, str):
        return False
    last = name.removesuffix("__in").rpartition("__")[2]
    parts = {last, last.removesuffix("_id")}
    if path.startswith(LEDGER):
        parts -= LEDGER_WORDS
    return bool(parts & columns)


def _chain(node: ast.AST) -> Iterator[ast.Call]:
    """Give the calls of a chain `a.b().c()`, the last first."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        yield node
        node = node.func.value


def _named(call: ast.Call) -> Iterator[Any]:
    for one in ast.walk(call):
        if isinstance(one, ast.Attribute):
            yield one.attr
        elif isinstance(one, ast.Constant):
            yield one.value


def _called(node: ast.AST) -> str:
    target = node.func if isinstance(node, ast.Call) else node
    return getattr(target, "attr", getattr(target, "id", ""))


def counts_in(source: str, *, path: str, columns: set[str]) -> list[str]:
    """Name what a source file counts, sums or ranks by an account: queries that group, counters, windows."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and RANKING.search(node.name):
            found.append(f"{path}: {node.name} ranks")
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
            key = ast.Call(func=ast.Name("key"), args=[node.target.slice], keywords=[])
            if any(_is_staff(name, columns, path) for name in _named(key)):
                found.append(f"{path}:{node.lineno} adds up by account")
        if not isinstance(node, ast.Call):
            continue
        called = _called(node)
        if called == "Counter" and any(_is_staff(name, columns, path) for name in _named(node)):
            found.append(f"{path}:{node.lineno} counts by account")
        if called == "Window" and any(
            _is_staff(name, columns, path)
            for word in node.keywords
            if word.arg == "partition_by"
            for name in _named(ast.Call(func=ast.Name("key"), args=[word.value], keywords=[]))
        ):
            found.append(f"{path}:{node.lineno} compares within accounts")
        if called in ("annotate", "alias") and any(
            _called(part) in COUNTING for part in ast.walk(node) if isinstance(part, ast.Call)
        ):
            grouped = [
                argument.value
                for call in _chain(node)
                if _called(call) in ("values", "values_list")
                for argument in call.args
                if isinstance(argument, ast.Constant)
            ]
            if any(_is_staff(name, columns, path) for name in grouped):
                found.append(f"{path}:{node.lineno} groups by account")
        if called in ("count", "aggregate") and isinstance(node.func, ast.Attribute):
            filtered = [
                word.arg for call in _chain(node) if _called(call) in ("filter", "get") for word in call.keywords
            ]
            if any(_is_staff(name, columns, path) for name in filtered):
                found.append(f"{path}:{node.lineno} counts what one account did")
    return found


def merit_columns(tables: Iterable[type[models.Model]]) -> list[str]:
    """Name numbers that a table about an account keeps, and columns that sound like a mark for somebody."""
    found = []
    for model in tables:
        about = model._meta.label_lower in ACCOUNTS or any(
            isinstance(field, models.OneToOneField) and field.related_model._meta.label_lower == "people.account"
            for field in model._meta.local_fields
        )
        for field in model._meta.local_fields:
            is_number = isinstance(field, models.IntegerField | models.FloatField | models.DecimalField)
            if about and is_number and field.name not in TECHNICAL:
                found.append(f"{model._meta.label}.{field.name}")
            if RANKING.search(field.name):
                found.append(f"{model._meta.label}.{field.name}")
    return found


def personal_measures(measures: Iterable[Any]) -> list[str]:
    """Name measures that are counted over tables about accounts, or that can be asked about one of them."""
    found = []
    for one in measures:
        takes = list(inspect.signature(one.query).parameters.values())
        if one.source.lower() in ACCOUNTS | {"platform.auditentry", "platform.duty"}:
            found.append(f"{one.name} is counted over {one.source}")
        if len([parameter for parameter in takes if parameter.default is parameter.empty]) != 1:
            found.append(f"{one.name} can be asked about more than a window")
        if RANKING.search(one.name):
            found.append(f"{one.name} ranks")
    return found


def personal_dimensions(kind: Any) -> list[str]:
    """Name the dimensions of a table of facts, or of a window, that tell who did something."""
    names = [field.name for field in (fields(kind) if is_dataclass(kind) else kind._meta.local_fields)]
    return [name for name in names if FACT_COLUMNS.match(name)]


def ranking_addresses(addresses: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Name pages that rank by what they are called."""
    words = re.compile(rf"(?:^|[:_]){MERIT}(?:$|_)|{RANKING.pattern}")
    return [name for name, _parameters in addresses if words.search(name)]
