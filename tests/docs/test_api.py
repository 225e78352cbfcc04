import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from otklik.accounts.rules import KEY_SCOPES
from otklik.accounts.types import Scope
from otklik.app import WIDGET, api_of
from otklik.health import Health
from otklik.ingress.webhook import PATH
from otklik.ingress.widget_pages import WidgetPages
from otklik.kernel.errors import OtklikError
from otklik.parts import assembled
from otklik.platform.settings import Settings
from otklik.platform.web import declarations
from tests.docs.pages import named, page, rows, section, table

TEXT = page("api.md")
# What the front answers itself, beside the API.
FRONT = {"GET /metrics": "local, or token", f"POST {PATH}{{public_key}}": "the messenger's secret"}
# The framework's own page for what is not the description: it answers 404.
NOT_AN_ADDRESS = {"GET /api", "GET /api/{path}"}


def plain(route: str) -> str:
    return re.sub(r":\w+}", "}", route).replace("websocket ", "WS ")


def written() -> dict[str, str]:
    return {route: row[1] for route, row in table(section(TEXT, "Every address")).items()}


async def test_every_route_of_the_application_is_in_the_table(tmp_path: Path) -> None:
    async with assembled(Settings(data_dir=str(tmp_path))) as parts:
        app = api_of(parts, Health(parts), WidgetPages(WIDGET, parts.registry))
        declared = {plain(route): found for route, found in declarations(app)}
    told = written()
    assert set(told) == (set(declared) - NOT_AN_ADDRESS) | set(FRONT)
    for route, found in declared.items():
        if route in NOT_AN_ADDRESS:
            continue
        assert found is not None
        scopes = [span for span in named(told[route]) if span in set(Scope)]
        assert scopes == ([str(found.scope)] if found.scope else []), route
        assert (told[route] == "signed in") == (found.proven and not found.scope), route


def test_every_scope_is_described() -> None:
    described = {scope: row[1] for scope, row in table(section(TEXT, "Who is asking")).items()}
    assert set(described) == {scope.value for scope in Scope}
    assert {scope for scope in Scope if "Never given to a key" in described[scope]} == (
        set(Scope) - KEY_SCOPES
    )


def refusals(kind: type[OtklikError] = OtklikError) -> Iterator[type[OtklikError]]:
    if kind.__module__.startswith("otklik."):
        yield kind
    for child in kind.__subclasses__():
        yield from refusals(child)


REFUSALS = sorted(set(refusals()), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_every_code_of_a_refusal_is_described(kind: type[OtklikError]) -> None:
    refused = rows(section(TEXT, "When it is refused"))
    statuses = {code: row[1] for row in refused for code in named(row[0])}
    assert statuses[kind.code] == str(kind.status)
