"""Capabilities have doors, `api` and `types`; the web framework stays at the edges."""

from collections.abc import Iterator

from tools.lints.source import Finding, Source, imported

_COMPOSITION = frozenset(
    {"__main__", "app", "cli", "commands", "demo", "health", "migrations", "parts", "serving"}
)
NO_CAPABILITIES = _COMPOSITION | frozenset(
    {"kernel", "ports", "platform", "families", "channels", "connectors", "ingress"}
)
_OPEN = frozenset({"api", "types"})
_FRAMEWORK_EDGES = _COMPOSITION | {"ingress", "platform"}

_GUARD = "otklik.accounts.http."  # says who is calling; a matter of the web, so not in its `api`


def check(source: Source) -> Iterator[Finding]:
    """Find imports past a capability's door, and of the framework outside its edges."""
    if not source.is_product or len(source.path.parts) < 2:
        return
    place = source.path.with_suffix("").parts[1]
    for name, line in imported(source.tree):
        parts = name.split(".")
        if parts[0] == "litestar" and not _may_use_framework(source, place):
            yield source.found("framework", line, "litestar outside http, ingress, platform, app")
        if name.startswith(_GUARD) and _may_use_framework(source, place):
            continue
        if parts[0] == "otklik" and _is_past_the_door(place, parts[1:]):
            yield source.found(
                "door", line, f"{'.'.join(parts[:3])} is not a door: use api or types"
            )


def _may_use_framework(source: Source, place: str) -> bool:
    inside = source.path.with_suffix("").parts[2:]
    return place in _FRAMEWORK_EDGES or any(f"_{name}".endswith("_http") for name in inside)


def _is_past_the_door(place: str, target: list[str]) -> bool:
    if place in NO_CAPABILITIES - {"ingress"} or not target:
        return False
    other, *inside = target
    foreign = other != place and other not in NO_CAPABILITIES
    return foreign and bool(inside) and inside[0].islower() and inside[0] not in _OPEN
