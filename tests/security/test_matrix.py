"""Every route of the running application, tried by everybody who must not get in."""

import re

import pytest
from litestar import Litestar, get

from otklik.accounts.types import Scope
from otklik.kernel.errors import SetupError
from otklik.platform.web import declarations, place_doorman
from tests.security.matrix import BODIES, OPEN_ROUTES, PROTECTED, ROWS, UNSAFE, WITH_IDS
from tests.security.world import FOREIGN, OWN, World

KEYS = "/api/v1/api-keys"


def plain(route: str) -> str:
    return re.sub(r":\w+}", "}", route)


async def key_with(world: World, scopes: list[str]) -> str:
    async with world.house.signed_in(OWN) as browser:
        answer = await browser.post(KEYS, json={"title": "К", "scopes": scopes})
        key: str = answer.json()["key"]
        return key


async def test_every_route_has_a_row_and_declares_what_the_row_says(world: World) -> None:
    declared = {}
    for route, found in declarations(world.house.app):
        assert found is not None, route
        declared[plain(route)] = found.scope if found.proven else None
    assert declared == {route: row.scope for route, row in ROWS.items()} | dict.fromkeys(
        OPEN_ROUTES
    )


def test_an_application_with_an_undeclared_route_does_not_start() -> None:
    @get("/forgotten")
    async def forgotten() -> None:
        return None

    app = Litestar([forgotten], openapi_config=None, logging_config=None)
    with pytest.raises(SetupError, match="GET /forgotten"):
        place_doorman(app, None)  # type: ignore[arg-type]  # it never comes to the doorman


async def test_nobody_gets_in_without_proof(world: World) -> None:
    for proof in ({}, {"authorization": "Bearer otk_guess"}, {"cookie": "otklik_session=guess"}):
        async with world.house.browser() as browser:
            browser.headers.update(proof)
            for route in PROTECTED:
                answer = await world.ask(browser, route)
                assert answer.status_code == 401, (route, proof)
                assert answer.headers["content-type"] == "application/problem+json"


async def test_the_owner_gets_in_everywhere(world: World) -> None:
    # Otherwise the refusals of the other tests would prove nothing.
    async with world.house.signed_in(OWN) as browser:
        for route in PROTECTED:
            answer = await world.ask(browser, route)
            # A message on its way cannot be edited, a broken body stays broken, a site chat has
            # neither templates nor links: found, told so.
            assert answer.status_code in {200, 201, 204, 409, 422}, (route, answer.text)
            if answer.status_code in {409, 422}:
                told_so = ("{message_id}", "{position}", "/templates/sync", "{inbox_id}/link")
                assert any(one in route for one in told_so), (route, answer.text)


async def test_a_key_without_the_scope_is_refused(world: World) -> None:
    everything = [scope.value for scope in Scope if scope is not Scope.ACCOUNT]
    for scope in {ROWS[route].scope for route in PROTECTED}:
        others = [name for name in everything if name != scope]
        key = await key_with(world, others)
        async with world.house.browser() as program:
            program.headers["authorization"] = f"Bearer {key}"
            for route in (route for route in PROTECTED if ROWS[route].scope == scope):
                answer = await world.ask(program, route)
                assert answer.status_code == 403, route
                assert answer.json()["code"] == "forbidden"


async def test_an_ordinary_operator_cannot_administer(world: World) -> None:
    denied = {Scope.ACCOUNT, Scope.WEBHOOKS, Scope.INBOXES_WRITE, Scope.LOG_READ, Scope.LOG_WRITE}
    async with world.house.signed_in(f"colleague.of.{OWN}") as browser:
        for route in PROTECTED:
            if ROWS[route].scope in denied:
                answer = await world.ask(browser, route)
                assert answer.status_code == 403, route


async def test_the_things_of_another_account_are_as_if_they_were_not_there(
    world: World,
) -> None:
    async with world.house.signed_in(OWN) as browser:
        for route in WITH_IDS:
            foreign = await world.ask(browser, route, world.things[FOREIGN])
            unknown = await world.ask(browser, route, world.strangers_ids())
            assert foreign.status_code == unknown.status_code == 404, route
            assert foreign.content == unknown.content, route
    async with world.house.signed_in(FOREIGN) as theirs:  # and nothing happened to them
        for route in WITH_IDS:
            answer = await world.ask(theirs, route, world.things[FOREIGN])
            assert answer.status_code != 404, (route, answer.text)


async def test_the_things_of_another_account_cannot_be_slipped_into_a_body(world: World) -> None:
    async with world.house.signed_in(OWN) as browser:
        for route, field, thing, is_list in BODIES:
            answers = []
            for ids in (world.things[FOREIGN], world.strangers_ids()):
                value = [ids[thing]] if is_list else ids[thing]
                wish = {**(ROWS[route].body or {}), field: value}
                if "client_id" in wish:
                    wish["client_id"] = f"{field}-{ids[thing]}"  # not a repetition
                answers.append(await world.ask(browser, route, body=wish))
            foreign, unknown = answers
            assert foreign.status_code == unknown.status_code, (route, field)
            assert "Привет" not in foreign.text
            assert foreign.status_code in {404, 422}, (route, field, foreign.text)
            assert foreign.content == unknown.content, (route, field)


async def test_nothing_of_another_account_is_ever_listed(world: World) -> None:
    async with world.house.signed_in(OWN) as browser:
        for route in PROTECTED:
            if route.startswith("GET "):
                text = (await world.ask(browser, route)).text
                foreign = {FOREIGN, *world.things[FOREIGN].values()}
                foreign.discard(world.things[FOREIGN]["position"])  # a number is in any text
                assert not [thing for thing in foreign if thing in text], route


async def test_a_foreign_page_changes_nothing(world: World) -> None:
    async with world.house.signed_in(OWN) as browser:
        token = browser.headers["x-csrf-token"]
        for headers in (
            {"x-csrf-token": ""},
            {"x-csrf-token": "guess"},
            {"x-csrf-token": token, "origin": "https://evil.example"},
            {"x-csrf-token": token, "sec-fetch-site": "cross-site"},
        ):
            browser.headers.update(headers)
            for route in UNSAFE:
                answer = await world.ask(browser, route)
                assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), route


async def test_one_kind_of_secret_does_not_pass_for_another(world: World) -> None:
    key = await key_with(world, ["operators:read"])
    async with world.house.signed_in(OWN) as browser:
        session = browser.cookies["otklik_session"]
        ticket = (await browser.post("/api/v1/live/ticket")).json()["ticket"]
    async with world.house.browser() as other:
        for bearer in (session, ticket, f"otk_{session}"):
            headers = {"authorization": f"Bearer {bearer}"}
            answer = await other.get("/api/v1/operators", headers=headers)
            assert answer.status_code == 401
        for cookie in (key, ticket):
            headers = {"cookie": f"otklik_session={cookie}"}
            assert (await other.get("/api/v1/operators", headers=headers)).status_code == 401
        link = await other.post("/api/v1/sign-in/link", json={"token": session})
        assert link.status_code == 410
