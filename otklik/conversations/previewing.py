"""What a channel would make of an answer, shown before it is sent."""

from otklik.conversations import drafting
from otklik.conversations.service import Desk
from otklik.conversations.types import NewMessage, Preview, PreviewPart


def preview(
    desk: Desk, conversation_id: str, draft: NewMessage, channels: drafting.Channels
) -> Preview:
    """Show what a channel would make of an answer, before it is sent."""
    conversation = desk.conversation(conversation_id)
    people = desk.people(conversation.contact_id)
    person = drafting.addressee(people, draft.identity_id or conversation.identity_id)
    fitted = drafting.previewed(desk, conversation, person, draft, channels)
    parts = [
        PreviewPart(one.kind, one.text, one.buttons, [file.file_id for file in one.files])
        for one in fitted.parts
    ]
    return Preview(parts, [change.value for change in fitted.changes])
