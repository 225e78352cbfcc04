"""What a contact is."""

from typing import Literal

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
    window_until: int = 0
    """Until when (Unix ms) the platform lets us answer; 0: it has no such window, or never did."""
    picture_id: str | None = None
    """Their face: `GET /api/v1/files/{picture_id}`."""


class TouchpointView(msgspec.Struct, frozen=True):
    """Where the contact came from, once. `kind`: deep_link or page."""

    id: TouchpointId
    kind: str
    source: str
    details: dict[str, str]
    inbox_id: InboxId
    conversation_id: ConversationId | None
    at: int


LinkReason = Literal["phone", "email", "login", "alias", "operator"]

Purpose = Literal["marketing", "notifications"]


class LinkView(msgspec.Struct, frozen=True):
    """Why one address of a contact belongs to the same person as another.

    `evidence`: A proven by the person or decided by an operator, B told by the platform. `value` is
    the phone or e-mail both have; `by` the operator who decided. `why_en`, `why_ru`: in words.
    """

    id: str
    identity_id: IdentityId
    other_id: IdentityId
    evidence: str
    reason: LinkReason
    value: str
    by: str
    at: int
    why_en: str
    why_ru: str


class ConsentView(msgspec.Struct, frozen=True):
    """What was allowed or forbidden at one address, for one purpose, in which words."""

    identity_id: IdentityId
    purpose: Purpose
    granted: bool
    at: int
    wording: str
    source: str


class ProposalView(msgspec.Struct, frozen=True):
    """Another contact who might be the same person; an operator decides.

    `doubt`: why it was not done by itself: claimed (somebody typed it), given (nobody proved it),
    stale (too long between), same_inbox (two accounts of one inbox), limit (too many for one
    person), conflict (two logins of one site), refused (a group one of whom was refused).
    """

    contact_id: ContactId
    name: str
    channels: list[str]
    evidence: str
    reason: LinkReason
    value: str
    doubt: str
    why_en: str
    why_ru: str


class Regrouped(msgspec.Struct, frozen=True):
    """Body of `contact.merged` and `contact.split`: which addresses moved between two contacts.

    `by` is the operator who decided, empty when evidence did.
    """

    contact_id: ContactId
    other_id: ContactId
    identity_ids: list[IdentityId]
    by: str
    why_en: str
    why_ru: str


class MergeWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say that another contact is the same person."""

    contact_id: str


class SplitWish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say that a link is wrong: its two sides are different people."""

    link_id: str


class LinkingRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How addresses are compared.

    `region` (ISO 3166, two letters) is the country of phone numbers written without one. `blocked`
    values say nothing about who somebody is: a phone, an e-mail, `name@`, or `@domain`.
    """

    region: str = "RU"
    blocked: list[str] = []


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
    links: list[LinkView]
    consents: list[ConsentView]


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
    window_until: int = 0
    """Until when (Unix ms) the platform lets us answer; 0: it has no such window, or never did."""
    picture_id: str | None = None
    is_new: bool = False
    """Met in this very transaction."""


class Arrival(msgspec.Struct, frozen=True):
    """Somebody did something in an inbox at a moment (Unix ms)."""

    account_id: str
    inbox_id: InboxId
    channel: str
    sender: Sender
    at: int
    introduces: bool = True
    """Whether somebody unknown becomes a contact by this."""
    window_until: int = 0
    """Until when (Unix ms) this lets us answer, where the platform has a reply window."""


class Move(msgspec.Struct, frozen=True):
    """What an address said and heard belongs to another contact now.

    `since` (Unix ms): only what is not older; 0: all of it.
    """

    identity_id: str
    from_id: str
    to_id: str
    since: int = 0


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
    identity_id: str | None = None


PersonKey = tuple[str, str]
"""Inbox id and external id."""
