"""What a contact is."""

import msgspec

from otklik.kernel.ids import ContactId, ConversationId, IdentityId, InboxId, TouchpointId


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
