"""Who is asking, and what they may do."""

from enum import StrEnum
from typing import Literal

import msgspec

from otklik.kernel.ids import AccountId, ApiKeyId, OperatorId


class Role(StrEnum):
    """What an operator may do in the account."""

    OPERATOR = "operator"
    ADMIN = "admin"
    OWNER = "owner"


class Scope(StrEnum):
    """What an API key may do. Operators have scopes by role."""

    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    INBOXES_READ = "inboxes:read"
    INBOXES_WRITE = "inboxes:write"
    LOG_READ = "log:read"
    LOG_WRITE = "log:write"
    WEBHOOKS = "webhooks"
    OPERATORS_READ = "operators:read"
    ACCOUNT = "account"
    """Keys, operators and settings: never given to an API key."""


class Caller(msgspec.Struct, frozen=True):
    """The proven author of a request: an operator's browser or an API key."""

    account_id: AccountId
    kind: Literal["operator", "api_key"]
    operator_id: OperatorId | None
    api_key_id: ApiKeyId | None
    name: str
    scopes: frozenset[Scope]
    locale: str = "ru"


class OperatorView(msgspec.Struct, frozen=True):
    """An operator as colleagues see them."""

    id: OperatorId
    name: str
    email: str
    role: Role
    active: bool


class AccountView(msgspec.Struct, frozen=True):
    """The account as its operators see it."""

    id: AccountId
    title: str
    locale: str
    time_zone: str


class Me(msgspec.Struct, frozen=True):
    """Answer of `GET /api/v1/me`: who is signed in, and the token unsafe requests must carry."""

    operator: OperatorView
    account: AccountView
    locale: str
    scopes: list[Scope]
    csrf_token: str
