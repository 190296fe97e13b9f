"""Every registered address of the program, so that tests which walk all pages take in a new one by themselves."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import Resolver404, URLResolver, get_resolver, resolve, reverse


@dataclass(frozen=True, order=True)
class Address:
    """A registered address and the names of its parameters."""

    name: str
    parameters: tuple[str, ...]


def all_addresses() -> list[Address]:
    """Give every address of the program; one without a name fails."""
    return sorted(set(_walk(get_resolver(), "", ())))


def _walk(resolver: URLResolver, namespace: str, outer: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        own = outer + tuple(pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""), own)
        else:
            assert pattern.name, f"{pattern.pattern} has no name"
            yield Address(namespace + pattern.name, own)


def paths_without_object(*namespaces: str) -> dict[str, str]:
    """Give the path of every page that names no object, by the name of its address."""
    found = [one for one in all_addresses() if not one.parameters and one.name.partition(":")[0] in namespaces]
    return {one.name: reverse(one.name) for one in found}


def name_of(path: str) -> str:
    """Give the name of the address that a path leads to; nothing when there is none."""
    try:
        return resolve(path.partition("?")[0].partition("#")[0]).view_name
    except Resolver404:
        return ""
