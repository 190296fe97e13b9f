"""Addresses whose pages are loaded when one of them is asked for, and not at the start of every server."""

from importlib import import_module
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLResolver
from django.urls.resolvers import RoutePattern


class LateResolver(URLResolver):
    """A prefix and a namespace whose module waits; Django's own takes a module's name too, and then loads it at once.

    The resolver above asks each one below to fill itself, of which it needs nothing when that has a namespace.
    """

    def __init__(self, prefix: str, module: str, *, namespace: str) -> None:
        super().__init__(RoutePattern(prefix), module, app_name=namespace, namespace=namespace)

    def _populate(self) -> None:
        """Do nothing for the resolver above."""

    @property
    def reverse_dict(self) -> Any:
        """Addresses by name."""
        super()._populate()
        return super().reverse_dict

    @property
    def namespace_dict(self) -> Any:
        """Namespaces within this one."""
        super()._populate()
        return super().namespace_dict

    @property
    def app_dict(self) -> Any:
        """Namespaces within this one by application."""
        super()._populate()
        return super().app_dict


class LatePages:
    """A module of views that is loaded when the first of its pages is asked for: its attributes stand for its views."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        module = self._module

        def page(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            return getattr(import_module(module), name)(request, *args, **named)

        page.__name__, page.__module__ = name, module
        return page


def late_pages(package: str | None, *names: str) -> tuple[LatePages, ...]:
    """Give the modules of views of a package, none of them loaded: few workers ever show all pages of an area."""
    return tuple(LatePages(f"{package}.{name}") for name in names)
