"""An operator's draft checked against what its channel takes, and turned into rows and an order."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from otklik.contacts.types import Person
from otklik.conversations import letters, store, views
from otklik.conversations.draft_limits import check_note, check_parts, refuse_late
from otklik.conversations.templated import templated
from otklik.conversations.types import (
    AttachmentDetails,
    AttachmentRow,
    AttachmentState,
    ConversationRow,
    FileRow,
    MessageRow,
    MessageState,
    NewMessage,
    NewNote,
)
from otklik.kernel.errors import ConflictError, InvalidError, NotFoundError
from otklik.kernel.ids import AttachmentId, MessageId, new_id
from otklik.kernel.text import storable
from otklik.platform.writes import json_text
from otklik.ports.channel import Channel, Outgoing, OutgoingFile
from otklik.ports.fitting import Fitted, fit
from otklik.ports.message import Content, MessageKind

if TYPE_CHECKING:
    from otklik.conversations.service import Desk

Channels = Callable[[str], Channel | None]
"""Gives the channel of an inbox; None when the inbox was removed."""


def addressee(people: Sequence[Person], identity_id: str) -> Person:
    """Choose the address to answer to; raises when it is not the contact's or blocks us."""
    person = next((one for one in people if one.identity_id == identity_id), None)
    if person is None:
        raise InvalidError(
            "This contact has no such address.",
            "У контакта нет такого адреса.",
            field="identity_id",
        )
    if not person.reachable:
        raise ConflictError(
            "The contact has blocked us here. Choose another address.",
            "Контакт заблокировал нас здесь. Выберите другой адрес.",
            field="identity_id",
        )
    return person


class Drafted(NamedTuple):
    """One message of a draft: its row, its files, and the order for its platform (None: live)."""

    row: MessageRow
    attachments: list[AttachmentRow]
    order: Outgoing | None


def drafted(
    desk: "Desk",
    conversation: ConversationRow,
    person: Person,
    draft: NewMessage,
    channels: Channels,
) -> list[Drafted]:
    """Make the messages of a draft: one, or as many as the channel needs to take it whole."""
    channel = channels(person.inbox_id)
    if channel is None:
        raise ConflictError("The inbox was removed.", "Этот канал отключён.", field="identity_id")
    draft = templated(desk, person, draft)
    files = _files(desk, draft)
    fitted = _fitted(desk, conversation, person, draft, channel, files)
    refuse_late(channel, person, draft, desk.now)
    live = channel.manifest.transport == "live"
    group_key = new_id() if sum(bool(part.files) for part in fitted.parts) > 1 else ""
    made = []
    for number, part in enumerate(fitted.parts):
        row = _row(desk, conversation, person, part, draft if number == 0 else None, live=live)
        if part.files:
            row = replace(row, group_key=group_key)
        chosen = _files_of(part, files)
        attachments = [_attachment(one, row, place, part.kind) for place, one in enumerate(chosen)]
        order = None if live else _order(row, part, attachments)
        if order is not None and "subject" in channel.manifest.features:
            order = letters.threaded(desk.connection, order, person)
        made.append(Drafted(row, attachments, order))
    return made


def previewed(
    desk: "Desk",
    conversation: ConversationRow,
    person: Person,
    draft: NewMessage,
    channels: Channels,
) -> Fitted:
    """Tell what a draft would become on its channel, without making anything."""
    channel = channels(person.inbox_id)
    if channel is None:
        raise ConflictError("The inbox was removed.", "Этот канал отключён.", field="identity_id")
    draft = templated(desk, person, draft)
    return _fitted(desk, conversation, person, draft, channel, _files(desk, draft))


def _fitted(
    desk: "Desk",
    conversation: ConversationRow,
    person: Person,
    draft: NewMessage,
    channel: Channel,
    files: Sequence[FileRow | AttachmentRow],
) -> Fitted:
    kind = _kind(draft, files)
    if kind is MessageKind.TEXT and not draft.text.strip() and draft.template is None:
        raise InvalidError("Write something.", "Напишите что-нибудь.", field="text")
    answered = _answered(desk, conversation, draft)
    whole = Outgoing(
        message_id="",
        to=person.external_id,
        kind=kind,
        text=storable(draft.text),
        entities=draft.entities,
        files=tuple(_outgoing_file(one, kind) for one in files),
        buttons=draft.buttons,
        location=draft.location,
        card=draft.card,
        template=draft.template,
        reply_to=_in_chat(answered, person),
    )
    fitted = fit(whole, channel.manifest)
    check_parts(channel, fitted.parts)
    return fitted


def _files_of(
    part: Outgoing, files: Sequence[FileRow | AttachmentRow]
) -> list[FileRow | AttachmentRow]:
    by_id = {_file_id(one): one for one in files}
    return [by_id[file.file_id] for file in part.files]


def _file_id(one: FileRow | AttachmentRow) -> str:
    return (one.file_id or "") if isinstance(one, AttachmentRow) else one.id


def _order(row: MessageRow, part: Outgoing, attachments: Sequence[AttachmentRow]) -> Outgoing:
    files = tuple(
        replace(file, duration_s=stored.duration_s)
        for file, stored in zip(part.files, attachments, strict=True)
    )
    return replace(part, message_id=row.id, files=files)


def noted(desk: "Desk", conversation: ConversationRow, draft: NewNote) -> MessageRow:
    """Make the row of a private note."""
    check_note(draft.text)
    return MessageRow(
        id=MessageId(new_id()),
        account_id=desk.account_id,
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        inbox_id=conversation.inbox_id,
        identity_id=conversation.identity_id,
        channel=conversation.channel,
        seq=desk.ledger.next(desk.account_id),
        author_kind="operator",
        author_id=desk.caller.operator_id or "",
        kind=MessageKind.NOTE,
        text=storable(draft.text),
        content=Content(author_name=desk.caller.name),
        client_id=draft.client_id,
        sent_at=desk.now,
        created_at=desk.now,
    )


def plain(row: MessageRow, to: str) -> Outgoing:
    """Make the order of a message's text alone."""
    return Outgoing(
        message_id=row.id, to=to, kind=row.kind, text=row.text, entities=row.content.entities
    )


def can(channel: Channel | None, row: MessageRow, feature: str) -> bool:
    """Tell whether a change is possible: notes always, messages where the channel can."""
    if row.kind is MessageKind.NOTE:
        return True
    if channel is None:
        return False
    live = channel.manifest.transport == "live"
    return feature in channel.manifest.features and (live or row.external_id is not None)


def _files(desk: "Desk", draft: NewMessage) -> list[FileRow | AttachmentRow]:
    if draft.sticker_of is not None:
        stickers = store.attachments_of(desk.connection, desk.account_id, [draft.sticker_of])
        found = [one for one in stickers.get(draft.sticker_of, ()) if one.file_id is not None]
        if not found:
            raise NotFoundError(field="sticker_of")
        return [found[0]]
    known = store.files_of_ids(desk.connection, desk.account_id, draft.file_ids)
    missing = [file_id for file_id in draft.file_ids if file_id not in known]
    if missing:
        raise InvalidError(
            "The file is not here. Upload it again.",
            "Файла нет. Загрузите его ещё раз.",
            field="file_ids",
        )
    return [known[file_id] for file_id in draft.file_ids]


def _kind(draft: NewMessage, files: Sequence[FileRow | AttachmentRow]) -> MessageKind:
    if files:
        return draft.kind if _may_be(files[0].kind, draft.kind) else files[0].kind
    if draft.location is not None:
        return MessageKind.LOCATION
    if draft.card is not None:
        return MessageKind.CONTACT_CARD
    return MessageKind.TEXT


def _may_be(kind: MessageKind, wanted: MessageKind) -> bool:
    """Tell whether a file may go as wanted: sound as a voice, all but a sticker as a file."""
    if wanted is MessageKind.VOICE:
        return kind in {MessageKind.AUDIO, MessageKind.VOICE}
    return wanted is MessageKind.FILE and kind is not MessageKind.STICKER


def _row(
    desk: "Desk",
    conversation: ConversationRow,
    person: Person,
    part: Outgoing,
    draft: NewMessage | None,
    *,
    live: bool,
) -> MessageRow:
    """Make the row of one part; the first carries what its draft is known by."""
    content = Content(
        entities=part.entities,
        location=part.location,
        card=part.card,
        buttons=part.buttons,
        author_name=desk.caller.name,
    )
    return MessageRow(
        id=MessageId(new_id()),
        account_id=desk.account_id,
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        inbox_id=person.inbox_id,
        identity_id=person.identity_id,
        channel=person.channel,
        seq=desk.ledger.next(desk.account_id),
        author_kind="operator",
        author_id=desk.caller.operator_id or "",
        kind=part.kind,
        text=part.text,
        content=content,
        reply_to_id=None if draft is None else draft.reply_to_id,
        client_id=None if draft is None else draft.client_id,
        state=MessageState.SENT if live else MessageState.QUEUED,
        sent_at=desk.now,
        created_at=desk.now,
    )


def _answered(desk: "Desk", conversation: ConversationRow, draft: NewMessage) -> MessageRow | None:
    """Find the message this one answers; raises when it is not of this contact."""
    if draft.reply_to_id is None:
        return None
    row = store.message(desk.connection, desk.account_id, draft.reply_to_id)
    if row is None or row.contact_id != conversation.contact_id:
        raise InvalidError(
            "There is no such message to answer.",
            "Сообщения, на которое вы отвечаете, нет.",
            field="reply_to_id",
        )
    return row


def _in_chat(answered: MessageRow | None, person: Person) -> str:
    """Give the platform's id of the answered message when it lives in the same chat."""
    if answered is None or answered.identity_id != person.identity_id:
        return ""
    return answered.external_id or ""


def _attachment(
    one: FileRow | AttachmentRow, row: MessageRow, position: int, sent_as: MessageKind
) -> AttachmentRow:
    if isinstance(one, AttachmentRow):
        return replace(one, id=AttachmentId(new_id()), message_id=row.id, position=position)
    return AttachmentRow(
        id=AttachmentId(new_id()),
        account_id=row.account_id,
        message_id=row.id,
        position=position,
        kind=sent_as if _may_be(one.kind, sent_as) else one.kind,
        state=AttachmentState.STORED,
        ref="",
        file_id=one.id,
        name=one.name,
        mime=one.mime,
        size=one.size,
        width=one.width,
        height=one.height,
        duration_s=0,
        details=json_text(AttachmentDetails()),
        tries=0,
        due_at=None,
    )


def _outgoing_file(one: FileRow | AttachmentRow, sent_as: MessageKind) -> OutgoingFile:
    known = one if isinstance(one, AttachmentRow) else None
    return OutgoingFile(
        kind=sent_as if _may_be(one.kind, sent_as) else one.kind,
        file_id=_file_id(one),
        name=one.name,
        mime=one.mime,
        size=one.size,
        width=one.width,
        height=one.height,
        duration_s=0 if known is None else known.duration_s,
        format="" if known is None else views.attachment_view(known).format,
    )
