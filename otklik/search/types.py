"""What a search finds."""

import msgspec

from otklik.conversations.types import MessageView
from otklik.kernel.ids import ContactId, ConversationId


class FoundContact(msgspec.Struct, frozen=True):
    """A contact whose name, phone or e-mail matches."""

    id: ContactId
    name: str
    conversation_id: ConversationId
    channel: str


class FoundMessage(msgspec.Struct, frozen=True):
    """A message whose text matches; `snippet` is the part around the match."""

    message: MessageView
    conversation_id: ConversationId
    contact_name: str
    snippet: str


class SearchResult(msgspec.Struct, frozen=True):
    """What was found, the best or newest first."""

    contacts: list[FoundContact]
    messages: list[FoundMessage]
