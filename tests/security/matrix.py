"""What every route answers to whom: one row per route; a route without a row is a failure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from otklik.accounts.types import Scope

Body = Mapping[str, object]


@dataclass(frozen=True)
class Row:
    """One route that asks for proof; `scope` "" means any signed-in operator.

    `ids` tells which of an account's things stand for the path's parameters, `filled` which for
    fields of the body; `body` is a valid one. `last` puts a route behind the others: it takes
    something away that they need.
    """

    scope: Scope | str
    body: Body | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    last: int = 0


def _on(parameter: str, thing: str) -> Mapping[str, str]:
    return {parameter: thing}


_COLLEAGUE = _on("operator_id", "colleague")
_CONTACT = _on("contact_id", "contact")
_PAIR = {"contact_id": "contact", "other_id": "neighbour"}
_CONVERSATION = _on("conversation_id", "conversation")
_ENDPOINT = _on("endpoint_id", "endpoint")
_INBOX = _on("inbox_id", "inbox")
_LABEL = _on("label_id", "label")
_MESSAGE = _on("message_id", "message")

_ACCOUNT, _WEBHOOKS = Scope.ACCOUNT, Scope.WEBHOOKS
_READ, _WRITE = Scope.CONVERSATIONS_READ, Scope.CONVERSATIONS_WRITE
_TALK = "/api/v1/conversations/{conversation_id}"
_WORD = "/api/v1/messages/{message_id}"

ROWS: dict[str, Row] = {
    "POST /api/v1/sign-out": Row("", last=9),
    "GET /api/v1/me": Row(""),
    "PUT /api/v1/me": Row("", {"locale": "en"}),
    "GET /api/v1/operators": Row(Scope.OPERATORS_READ),
    "POST /api/v1/operators": Row(_ACCOUNT, {"name": "Новый", "email": "n@shop.example"}),
    "PATCH /api/v1/operators/{operator_id}": Row(_ACCOUNT, {"name": "Имя"}, _COLLEAGUE),
    "POST /api/v1/operators/{operator_id}/link": Row(_ACCOUNT, None, _COLLEAGUE),
    "GET /api/v1/api-keys": Row(_ACCOUNT),
    "POST /api/v1/api-keys": Row(_ACCOUNT, {"title": "К", "scopes": ["webhooks"]}),
    "DELETE /api/v1/api-keys/{key_id}": Row(_ACCOUNT, None, _on("key_id", "key"), last=1),
    "POST /api/v1/live/ticket": Row(_READ),
    "GET /api/v1/contacts/{contact_id}": Row(Scope.CONTACTS_READ, None, _CONTACT),
    "PATCH /api/v1/contacts/{contact_id}": Row(Scope.CONTACTS_WRITE, {"remark": "!"}, _CONTACT),
    "GET /api/v1/contacts/{contact_id}/proposals": Row(Scope.CONTACTS_READ, None, _CONTACT),
    "POST /api/v1/contacts/{contact_id}/proposals/{other_id}/accept": Row(
        Scope.CONTACTS_WRITE, None, _PAIR, last=1
    ),
    "POST /api/v1/contacts/{contact_id}/proposals/{other_id}/refuse": Row(
        Scope.CONTACTS_WRITE, None, _PAIR
    ),
    "POST /api/v1/contacts/{contact_id}/merge": Row(
        Scope.CONTACTS_WRITE, {}, _CONTACT, _on("contact_id", "other_neighbour"), last=1
    ),
    "POST /api/v1/contacts/{contact_id}/split": Row(
        Scope.CONTACTS_WRITE, {}, _CONTACT, _on("link_id", "link"), last=1
    ),
    "GET /api/v1/linking": Row(Scope.CONTACTS_READ),
    "PUT /api/v1/linking": Row(Scope.INBOXES_WRITE, {"region": "RU", "blocked": []}),
    "GET /api/v1/conversations": Row(_READ),
    f"GET {_TALK}": Row(_READ, None, _CONVERSATION),
    f"GET {_TALK}/messages": Row(_READ, None, _CONVERSATION),
    f"POST {_TALK}/messages": Row(_WRITE, {"client_id": "client-m1", "text": "Да"}, _CONVERSATION),
    f"POST {_TALK}/messages/preview": Row(
        _WRITE, {"client_id": "client-m2", "text": "Да"}, _CONVERSATION
    ),
    f"POST {_TALK}/notes": Row(_WRITE, {"client_id": "client-n1", "text": "Нет"}, _CONVERSATION),
    f"POST {_TALK}/assign": Row(_WRITE, {"operator_id": None}, _CONVERSATION),
    f"POST {_TALK}/resolve": Row(_WRITE, None, _CONVERSATION),
    f"POST {_TALK}/reopen": Row(_WRITE, None, _CONVERSATION),
    f"POST {_TALK}/read": Row(_WRITE, {"seq": 1}, _CONVERSATION),
    f"PUT {_TALK}/labels": Row(_WRITE, {"label_ids": []}, _CONVERSATION),
    f"PATCH {_WORD}": Row(_WRITE, {"text": "Иначе"}, _MESSAGE),
    f"DELETE {_WORD}": Row(_WRITE, None, _MESSAGE, last=1),
    f"POST {_WORD}/retry": Row(_WRITE, None, _MESSAGE),
    f"POST {_WORD}/settle": Row(_WRITE, None, _MESSAGE),
    f"PUT {_WORD}/reaction": Row(_WRITE, {"emoji": "👍"}, _MESSAGE),
    "GET /api/v1/stickers": Row(_READ),
    "GET /api/v1/labels": Row(_READ),
    "POST /api/v1/labels": Row(_WRITE, {"title": "Новая"}),
    "PATCH /api/v1/labels/{label_id}": Row(_WRITE, {"title": "Другая"}, _LABEL),
    "DELETE /api/v1/labels/{label_id}": Row(_WRITE, None, _LABEL, last=1),
    "POST /api/v1/files": Row(_WRITE),
    "GET /api/v1/files/{file_id}": Row(_READ, None, _on("file_id", "file")),
    "GET /api/v1/files/{file_id}/letter": Row(_READ, None, _on("file_id", "letter")),
    "GET /api/v1/channels": Row(Scope.INBOXES_READ),
    "GET /api/v1/inboxes": Row(Scope.INBOXES_READ),
    "POST /api/v1/inboxes": Row(Scope.INBOXES_WRITE, {"channel": "widget"}),
    "PATCH /api/v1/inboxes/{inbox_id}": Row(Scope.INBOXES_WRITE, {"title": "Сайт 2"}, _INBOX),
    "DELETE /api/v1/inboxes/{inbox_id}": Row(Scope.INBOXES_WRITE, None, _INBOX, last=2),
    "GET /api/v1/inboxes/{inbox_id}/templates": Row(Scope.INBOXES_READ, None, _INBOX),
    "POST /api/v1/inboxes/{inbox_id}/templates/sync": Row(Scope.INBOXES_WRITE, None, _INBOX),
    "GET /api/v1/inboxes/{inbox_id}/news": Row(Scope.INBOXES_READ, None, _INBOX),
    "GET /api/v1/inboxes/{inbox_id}/handover": Row(Scope.INBOXES_WRITE, None, _INBOX),
    "GET /api/v1/inboxes/{inbox_id}/failure": Row(Scope.INBOXES_READ, None, _INBOX),
    "GET /api/v1/inboxes/{inbox_id}/link": Row(Scope.INBOXES_READ, None, _INBOX),
    "POST /api/v1/inboxes/{inbox_id}/identity-secret": Row(Scope.INBOXES_WRITE, None, _INBOX),
    "GET /api/v1/log/dead": Row(Scope.LOG_READ),
    "POST /api/v1/log/dead/{position}/replay": Row(
        Scope.LOG_WRITE, None, _on("position", "position")
    ),
    "GET /api/v1/search": Row(_READ, query="?q=Привет"),
    "GET /api/v1/webhooks": Row(_WEBHOOKS),
    "POST /api/v1/webhooks": Row(_WEBHOOKS, {"url": "https://x.example/hook"}),
    "PATCH /api/v1/webhooks/{endpoint_id}": Row(_WEBHOOKS, {"events": []}, _ENDPOINT),
    "DELETE /api/v1/webhooks/{endpoint_id}": Row(_WEBHOOKS, None, _ENDPOINT, last=1),
    "POST /api/v1/webhooks/{endpoint_id}/rotate": Row(_WEBHOOKS, None, _ENDPOINT),
    "GET /api/v1/webhooks/{endpoint_id}/attempts": Row(_WEBHOOKS, None, _ENDPOINT),
    "POST /api/v1/webhooks/attempts/{attempt_id}/replay": Row(
        _WEBHOOKS, None, _on("attempt_id", "attempt")
    ),
}

OPEN_ROUTES = frozenset(
    {
        # they are the way to a proof
        "POST /api/v1/sign-in",
        "POST /api/v1/sign-in/link",
        # they prove by a ticket or by the visitor's own token
        "websocket /api/v1/live",
        "websocket /widget/v1/{public_key}/live",
        "GET /widget/v1/{public_key}/settings",
        "POST /widget/v1/{public_key}/session",
        "GET /widget/v1/{public_key}/messages",
        "POST /widget/v1/{public_key}/messages",
        "GET /widget/v1/{public_key}/files/{file_id}",
        "POST /widget/v1/{public_key}/files",
        "GET /media/{public_key}/{file_id}/{name}",
        # they are for everybody
        "GET /widget.js",
        "GET /widget/assets/{name}",
        "GET /widget/frame/{public_key}",
        "GET /demo/shop",
        "GET /healthz",
        "GET /readyz",
        "GET /api/openapi.json",
        "GET /api",
        "GET /api/{path}",
    }
)


class BodyId(NamedTuple):
    """An id that arrives in a body: whose it is, and whether it comes in a list."""

    route: str
    field: str
    thing: str
    is_list: bool = False


BODIES = (
    BodyId("POST /api/v1/contacts/{contact_id}/merge", "contact_id", "neighbour"),
    BodyId("POST /api/v1/contacts/{contact_id}/split", "link_id", "link"),
    BodyId(f"POST {_TALK}/assign", "operator_id", "colleague"),
    BodyId(f"POST {_TALK}/messages", "identity_id", "identity"),
    BodyId(f"POST {_TALK}/messages", "sticker_of", "message"),
    BodyId(f"POST {_TALK}/messages", "file_ids", "file", is_list=True),
    BodyId(f"POST {_TALK}/messages", "reply_to_id", "message"),
    BodyId(f"PUT {_TALK}/labels", "label_ids", "label", is_list=True),
)

PROTECTED = sorted(ROWS, key=lambda route: ROWS[route].last)
UNSAFE = [route for route in PROTECTED if not route.startswith("GET ")]
WITH_IDS = [route for route in PROTECTED if ROWS[route].ids]
