"""Drafts that send a message the platform approved beforehand."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from otklik.contacts.types import Person
from otklik.conversations.types import NewMessage
from otklik.inboxes import api as inboxes
from otklik.kernel.ids import FileId

if TYPE_CHECKING:
    from otklik.conversations.service import Desk


def templated(desk: "Desk", person: Person, draft: NewMessage) -> NewMessage:
    """Give a draft the text its template will be read as; any other draft stays as it is."""
    if draft.template is None:
        return draft
    named = draft.template.header_file_id
    files = (FileId(named),) if named else draft.file_ids
    template, text = inboxes.filled(
        desk.connection,
        desk.account_id,
        person.inbox_id,
        draft.template,
        has_file=bool(files),
    )
    return replace(draft, template=template, text=text, file_ids=files)
