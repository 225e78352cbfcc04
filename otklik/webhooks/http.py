"""Outgoing webhooks over HTTP: endpoints, their secrets, and what was sent to them."""

from litestar import Router, delete, get, patch, post
from litestar.di import Provide
from litestar.params import FromPath, JSONBody

from otklik.accounts.types import Caller, Scope
from otklik.platform.web import Given, require
from otklik.webhooks import service
from otklik.webhooks.service import Webhooks
from otklik.webhooks.types import (
    AttemptView,
    EndpointPatch,
    EndpointView,
    MadeEndpoint,
    NewEndpoint,
)


@get("/")
async def list_endpoints(caller: Given[Caller], webhooks: Given[Webhooks]) -> list[EndpointView]:
    """List the account's webhook endpoints."""
    return await service.list_endpoints(webhooks, caller.account_id)


@post("/")
async def make_endpoint(
    data: JSONBody[NewEndpoint], caller: Given[Caller], webhooks: Given[Webhooks]
) -> MadeEndpoint:
    """Add an endpoint; this answer is the only one that shows its secret."""
    return await service.make_endpoint(webhooks, caller.account_id, data)


@patch("/{endpoint_id:str}")
async def change_endpoint(
    endpoint_id: FromPath[str],
    data: JSONBody[EndpointPatch],
    caller: Given[Caller],
    webhooks: Given[Webhooks],
) -> EndpointView:
    """Change an endpoint's address or events, pause it, or switch it on."""
    return await service.change_endpoint(webhooks, caller.account_id, endpoint_id, data)


@delete("/{endpoint_id:str}")
async def delete_endpoint(
    endpoint_id: FromPath[str], caller: Given[Caller], webhooks: Given[Webhooks]
) -> None:
    """Remove an endpoint and everything on its way to it."""
    await service.delete_endpoint(webhooks, caller.account_id, endpoint_id)


@post("/{endpoint_id:str}/rotate", status_code=200)
async def rotate_secret(
    endpoint_id: FromPath[str], caller: Given[Caller], webhooks: Given[Webhooks]
) -> MadeEndpoint:
    """Get a fresh secret; the old one signs as well for another day."""
    return await service.rotate_secret(webhooks, caller.account_id, endpoint_id)


@get("/{endpoint_id:str}/attempts")
async def list_attempts(
    endpoint_id: FromPath[str], caller: Given[Caller], webhooks: Given[Webhooks]
) -> list[AttemptView]:
    """List the newest events sent to an endpoint, or still on their way."""
    return await service.list_attempts(webhooks, caller.account_id, endpoint_id)


@post("/attempts/{attempt_id:str}/replay", status_code=200)
async def replay_attempt(
    attempt_id: FromPath[str], caller: Given[Caller], webhooks: Given[Webhooks]
) -> AttemptView:
    """Send an event again, now, under its old id."""
    return await service.replay_attempt(webhooks, caller.account_id, attempt_id)


def webhooks_router(webhooks: Webhooks) -> Router:
    """Give the routes of webhooks."""
    return Router(
        path="/api/v1/webhooks",
        route_handlers=[
            list_endpoints,
            make_endpoint,
            change_endpoint,
            delete_endpoint,
            rotate_secret,
            list_attempts,
            replay_attempt,
        ],
        guards=[require(Scope.WEBHOOKS)],
        dependencies={"webhooks": Provide(lambda: webhooks, sync_to_thread=False)},
        tags=["webhooks"],
    )
