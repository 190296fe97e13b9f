"""The fence between communities: a query on a tenant table outside an active scope raises."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.db import models


class Unscoped(RuntimeError):
    """A tenant table was asked for rows while nobody had said whose rows may be seen."""


@dataclass(frozen=True)
class Scope:
    """The communities whose rows may be seen; `None` stands for the whole district."""

    communities: frozenset[UUID] | None


_current: ContextVar[Scope | None] = ContextVar("lianxin_scope", default=None)


def current() -> Scope | None:
    """Give the active scope, or None outside any."""
    return _current.get()


@contextmanager
def within(communities: Iterable[UUID] | None) -> Iterator[Scope]:
    """Open a scope over these communities (`None`: the whole district) until the block ends."""
    scope = Scope(None if communities is None else frozenset(communities))
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


@contextmanager
def everything() -> Iterator[Scope]:
    """Open a scope over the whole district: for the worker, the command line and named queries across communities."""
    with within(None) as scope:
        yield scope


@contextmanager
def nothing() -> Iterator[None]:
    """Leave every scope until the block ends, so that tests can prove that an unscoped query raises."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


def ids() -> frozenset[UUID] | None:
    """Give the community ids in scope, `None` for the whole district; raises Unscoped outside a scope."""
    scope = _current.get()
    if scope is None:
        raise Unscoped("No scope is active: enter one with scope.within(...) before reading tenant rows.")
    return scope.communities


def covers(community_id: UUID | None) -> bool:
    """Tell whether rows of this community may be seen; rows of no community only by the whole district."""
    allowed = ids()
    return allowed is None or community_id in allowed


class TenantManager(models.Manager):
    """A manager whose every use is fenced by the active scope."""

    # Not `field`: Django's related managers inherit from this class and keep the foreign key under that name.
    tenant_field = "community"

    def get_queryset(self) -> models.QuerySet:
        """Give the rows of the communities in scope; raises Unscoped outside a scope."""
        allowed = ids()
        rows = super().get_queryset()
        if allowed is None:
            return rows
        if len(allowed) == 1:
            return rows.filter(**{self.tenant_field: next(iter(allowed))})
        return rows.filter(**{f"{self.tenant_field}__in": sorted(allowed)})


def tenant_manager(field: str = "community") -> TenantManager:
    """Give the fenced manager for a tenant model whose owning community is in `field`."""
    if field == TenantManager.tenant_field:
        return TenantManager()
    # A class of its own: related managers are made from the class, without what was said when this one was made.
    return type("TenantManager", (TenantManager,), {"tenant_field": field})()


def is_fenced(model: type[models.Model]) -> bool:
    """Tell whether a model's default manager is fenced (used by the schema lint)."""
    return isinstance(model._default_manager, TenantManager)
