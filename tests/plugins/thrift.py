"""Spares a run what it would do for each test and what proves nothing.

That is middleware built anew for every client, notes of each template and address that a request came by, and searches
for garbage among the tests themselves.
"""

import gc
from collections.abc import Iterator
from typing import Any

import pytest

# What a view leaves behind is small beside what the tests' own modules keep: Python's 700 would look all the time.
GARBAGE_AFTER = 50_000
# The names that a handler keeps its middleware under.
BUILT = ("_middleware", "_middleware_chain")


def pytest_collection_finish() -> None:
    """Leave what was loaded so far out of every later search for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _one_chain_of_middleware() -> Iterator[None]:
    """Let all clients of the tests go through the same middleware, built anew when a setting is another.

    Each client would build its own, and WhiteNoise then looks at every file it could ever be asked for.
    """
    from django.core.handlers.base import BaseHandler
    from django.test.client import ClientHandler
    from django.test.signals import setting_changed

    chain: dict[str, Any] = {}

    def load_middleware(handler: ClientHandler, is_async: bool = False) -> None:
        if not chain:
            BaseHandler.load_middleware(handler, is_async)
            chain.update((name, value) for name, value in vars(handler).items() if name.endswith(BUILT))
        vars(handler).update(chain)

    def forget(**_changed: object) -> None:
        chain.clear()

    setting_changed.connect(forget)
    ClientHandler.load_middleware = load_middleware
    yield
    del ClientHandler.load_middleware
    setting_changed.disconnect(forget)


@pytest.fixture(scope="session", autouse=True)
def _no_notes_by_the_way(django_test_environment: None) -> Iterator[None]:
    """Keep the context of the page itself, not of each part that it includes, and no list of addresses that do not fit.

    Django notes the parts for `response.templates`, and the addresses for its page of errors in debugging.
    """
    from django.template import Context, Template
    from django.test import signals
    from django.urls import URLResolver

    def render(template: Template, context: Context) -> str:
        if context.template is template:
            signals.template_rendered.send(sender=template, template=template, context=context)
        return template.nodelist.render(context)

    as_found = Template._render, staticmethod(URLResolver._extend_tried)
    Template._render, URLResolver._extend_tried = render, staticmethod(lambda *_tried: None)
    yield
    Template._render, URLResolver._extend_tried = as_found
