"""What every route answers to whom: one row per route; a route without a row is a failure."""

from dataclasses import dataclass, field

from otklik.accounts.types import Scope


@dataclass(frozen=True)
class Row:
    """One route. `scope` is None for open routes and "" for any signed-in operator.

    `ids` tells which of the world's things stand for the path's parameters; `body` is a valid one.
    `ends_session` marks the route after which the browser is signed out.
    """

    scope: Scope | str | None
    body: dict[str, object] | None = None
    ids: dict[str, str] = field(default_factory=dict)
    ends_session: bool = False


_ENDPOINT = {"endpoint_id": "endpoint"}
_COLLEAGUE = {"operator_id": "colleague"}

ROWS: dict[str, Row] = {
    "POST /api/v1/sign-in": Row(None),
    "POST /api/v1/sign-in/link": Row(None),
    "POST /api/v1/sign-out": Row("", ends_session=True),
    "GET /api/v1/me": Row(""),
    "PUT /api/v1/me": Row("", {"locale": "en"}),
    "GET /api/v1/operators": Row(Scope.OPERATORS_READ),
    "POST /api/v1/operators": Row(Scope.ACCOUNT, {"name": "Новый", "email": "n@shop.example"}),
    "PATCH /api/v1/operators/{operator_id}": Row(Scope.ACCOUNT, {"name": "Имя"}, _COLLEAGUE),
    "POST /api/v1/operators/{operator_id}/link": Row(Scope.ACCOUNT, None, _COLLEAGUE),
    "GET /api/v1/api-keys": Row(Scope.ACCOUNT),
    "POST /api/v1/api-keys": Row(Scope.ACCOUNT, {"title": "К", "scopes": ["webhooks"]}),
    "DELETE /api/v1/api-keys/{key_id}": Row(Scope.ACCOUNT, None, {"key_id": "key"}),
    "POST /api/v1/live/ticket": Row(Scope.CONVERSATIONS_READ),
    "GET /api/v1/webhooks": Row(Scope.WEBHOOKS),
    "POST /api/v1/webhooks": Row(Scope.WEBHOOKS, {"url": "https://x.example/hook"}),
    "PATCH /api/v1/webhooks/{endpoint_id}": Row(Scope.WEBHOOKS, {"events": []}, _ENDPOINT),
    "DELETE /api/v1/webhooks/{endpoint_id}": Row(Scope.WEBHOOKS, None, _ENDPOINT),
    "POST /api/v1/webhooks/{endpoint_id}/rotate": Row(Scope.WEBHOOKS, None, _ENDPOINT),
    "GET /api/v1/webhooks/{endpoint_id}/attempts": Row(Scope.WEBHOOKS, None, _ENDPOINT),
    "POST /api/v1/webhooks/attempts/{attempt_id}/replay": Row(
        Scope.WEBHOOKS, None, {"attempt_id": "attempt"}
    ),
}

PROTECTED = [route for route, row in ROWS.items() if row.scope is not None]
SCOPED = [route for route, row in ROWS.items() if row.scope]
UNSAFE = [route for route in PROTECTED if not route.startswith("GET ")]
WITH_IDS = [route for route, row in ROWS.items() if row.ids]
