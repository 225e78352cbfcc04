"""What a contact is."""

import msgspec

from otklik.kernel.ids import ContactId, ConversationId, IdentityId, InboxId, TouchpointId
from otklik.ports.channel import Sender


class IdentityView(msgspec.Struct, frozen=True):
    """One address of a contact: a place an answer can go to.

    `evidence`: channel (the platform says so), signed (the site's backend vouches), claimed
    (the person typed it). `reachable` is false while they block us.
    """

    id: IdentityId
    inbox_id: InboxId
    channel: str
    external_id: str
    name: str
    username: str
    evidence: str
    reachable: bool
    seen_at: int | None


class TouchpointView(msgspec.Struct, frozen=True):
    """Where the contact came from, once. `kind`: deep_link or page."""

    id: TouchpointId
    kind: str
    source: str
    details: dict[str, str]
    inbox_id: InboxId
    conversation_id: ConversationId | None
    at: int


class ContactView(msgspec.Struct, frozen=True):
    """A person with everything an operator may see of them."""

    id: ContactId
    name: str
    locale: str
    phone: str
    phone_evidence: str
    email: str
    email_evidence: str
    remark: str
    created_at: int
    seen_at: int | None
    identities: list[IdentityView]
    touchpoints: list[TouchpointView]


class ContactPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an operator may change of a contact; absent fields stay."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    remark: str | None = None


class Person(msgspec.Struct, frozen=True):
    """A contact as reached at one of their addresses; stays inside the process."""

    account_id: str
    contact_id: ContactId
    contact_name: str
    identity_id: IdentityId
    inbox_id: InboxId
    channel: str
    external_id: str
    name: str
    username: str
    evidence: str
    reachable: bool
    seen_at: int | None


class Arrival(msgspec.Struct, frozen=True):
    """Somebody did something in an inbox at a moment (Unix ms)."""

    account_id: str
    inbox_id: InboxId
    channel: str
    sender: Sender
    at: int
    introduces: bool = True
    """Whether somebody unknown becomes a contact by this."""


class TouchpointRow(msgspec.Struct, frozen=True):
    """A touchpoint to store."""

    id: str
    account_id: str
    contact_id: str
    conversation_id: str | None
    inbox_id: str
    kind: str
    source: str
    details: str
    at: int


PersonKey = tuple[str, str]
"""Inbox id and external id."""
