"""Who is asking, and what they may do."""

from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from otklik.kernel.errors import (
    ForbiddenError,
    NotSignedInError,
    OtklikError,
)
from otklik.kernel.ids import AccountId, ApiKeyId, OperatorId

Name = Annotated[str, Meta(min_length=1, max_length=80)]
Email = Annotated[str, Meta(min_length=3, max_length=254)]
Password = Annotated[str, Meta(max_length=1_024)]
"""Bounded by the wire; the real limits and their sentences are in the rules."""
Locale = Literal["ru", "en"]


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
    """The proven author of a request: an operator's browser or an API key.

    `credential` names the session or key inside the process: what `on_ended` tells and
    `still_valid` asks. It opens nothing.
    """

    account_id: AccountId
    kind: Literal["operator", "api_key"]
    operator_id: OperatorId | None
    api_key_id: ApiKeyId | None
    name: str
    scopes: frozenset[Scope]
    locale: str = "ru"
    credential: str = ""


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
    """Answer of `GET /api/v1/me`: who is signed in, and the token unsafe requests must carry.

    `password_set` is false until an invited or first operator chose one.
    """

    operator: OperatorView
    account: AccountView
    locale: str
    scopes: list[Scope]
    csrf_token: str
    password_set: bool = True


# --- what people send ------------------------------------------------------------------------


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /api/v1/sign-in`."""

    email: Email
    password: Password


class LinkSignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /api/v1/sign-in/link`."""

    token: Annotated[str, Meta(max_length=200)]


class ProfilePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `PUT /api/v1/me`; absent fields stay.

    A new e-mail or password needs `current_password`, unless a link opened the session.
    """

    name: Name | None = None
    email: Email | None = None
    password: Password | None = None
    current_password: Password | None = None
    locale: Locale | None = None


class NewOperator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /api/v1/operators`."""

    name: Name
    email: Email
    role: Role = Role.OPERATOR


class Invited(msgspec.Struct, frozen=True):
    """A new operator and the one-time link to hand over; a path when there is no public address."""

    operator: OperatorView
    link: str


class OperatorPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `PATCH /api/v1/operators/{id}`; absent fields stay."""

    name: Name | None = None
    role: Role | None = None
    active: bool | None = None


class NewApiKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of `POST /api/v1/api-keys`; `expires_at` in Unix milliseconds."""

    title: Name
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=32)]
    expires_at: int | None = None


class ApiKeyView(msgspec.Struct, frozen=True):
    """An API key as admins see it; `prefix` is its beginning, to recognise it by."""

    id: ApiKeyId
    title: str
    prefix: str
    scopes: list[Scope]
    created_by: OperatorId
    created_at: int
    expires_at: int | None
    last_used_at: int | None


class MadeApiKey(ApiKeyView, frozen=True):
    """A fresh API key: the only time `key` is shown."""

    key: str


class SocketTicket(msgspec.Struct, frozen=True):
    """A ticket to `WS /api/v1/live?ticket=…`: good for 30 seconds, once."""

    ticket: str


# --- what the capability works with ----------------------------------------------------------


class Operator(msgspec.Struct, frozen=True):
    """An operator as stored; stays inside the process."""

    id: OperatorId
    account_id: AccountId
    email: str | None
    name: str
    password_hash: str
    role: Role
    locale: str
    active: bool

    def view(self) -> OperatorView:
        """Give what colleagues see."""
        return OperatorView(self.id, self.name, self.email or "", self.role, self.active)


class Session(msgspec.Struct, frozen=True):
    """A sign-in as stored; `id_hash` is the SHA-256 of the cookie's value. Times Unix ms."""

    id_hash: str
    account_id: AccountId
    operator_id: OperatorId
    csrf_token: str
    by_link: bool
    created_at: int
    seen_at: int
    expires_at: int


class StoredKey(msgspec.Struct, frozen=True):
    """An API key with the present role of whoever made it."""

    view: ApiKeyView
    account_id: AccountId
    revoked_at: int | None
    maker_role: Role
    maker_active: bool


class Action(StrEnum):
    """What the audit records."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_OUT = "sign_out"
    LINK_ISSUED = "link_issued"
    LINK_USED = "link_used"
    PROFILE_CHANGED = "profile_changed"
    OPERATOR_ADDED = "operator_added"
    OPERATOR_CHANGED = "operator_changed"
    KEY_MADE = "key_made"
    KEY_REVOKED = "key_revoked"


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the audit: who did what to whom, from which address."""

    account_id: str
    action: Action
    operator_id: str = ""
    subject: str = ""
    address: str = ""
    details: dict[str, str] = {}


# --- refusals --------------------------------------------------------------------------------


class WrongCredentialsError(NotSignedInError):
    """E-mail or password is wrong; which one is not told."""

    code = "wrong_credentials"
    en = "The e-mail or the password is wrong."
    ru = "Неверная почта или пароль."


class LinkSpentError(OtklikError):
    """A one-time link was used, is too old, or never existed."""

    code = "link_spent"
    status = 410
    en = "This link has been used or is too old. Ask for a new one."
    ru = "Ссылка уже использована или устарела. Попросите новую."


class CsrfError(ForbiddenError):
    """The request may come from a foreign page."""

    code = "csrf"
    en = "The request did not come from the desk's own page. Reload and try again."
    ru = "Запрос пришёл не со страницы рабочего места. Обновите её и повторите."
