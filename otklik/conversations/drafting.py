"""An operator's draft checked against what its channel takes, and turned into rows and an order."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from otklik.contacts.types import Person
from otklik.conversations import store, views
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
from otklik.kernel.ids import AttachmentId, FileId, MessageId, new_id
from otklik.kernel.text import storable, utf16_length
from otklik.platform.writes import json_text
from otklik.ports.channel import Channel, Limits, Outgoing, OutgoingFile
from otklik.ports.message import Content, MessageKind

if TYPE_CHECKING:
    from otklik.conversations.service import Desk

Channels = Callable[[str], Channel | None]
"""Gives the channel of an inbox; None when the inbox was removed."""

NOTE_LIMIT = 10_000


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


def drafted(
    desk: "Desk",
    conversation: ConversationRow,
    person: Person,
    draft: NewMessage,
    channels: Channels,
) -> tuple[MessageRow, list[AttachmentRow], Outgoing | None]:
    """Make the message of a draft, its files, and the order for its platform (None: live)."""
    channel = channels(person.inbox_id)
    if channel is None:
        raise ConflictError("The inbox was removed.", "Этот канал отключён.", field="identity_id")
    live = channel.manifest.transport == "live"
    files = _files(desk, draft)
    kind = _kind(draft, files)
    _check(channel, kind, draft, files)
    answered = _answered(desk, conversation, draft)
    row = _row(desk, conversation, person, draft, kind, live=live)
    attachments = [_attachment(one, row, place, kind) for place, one in enumerate(files)]
    if live:
        return row, attachments, None
    order = replace(
        plain(row, person.external_id),
        files=tuple(_outgoing_file(one) for one in attachments),
        buttons=draft.buttons,
        location=draft.location,
        card=draft.card,
        reply_to=_in_chat(answered, person),
    )
    return row, attachments, order


def noted(desk: "Desk", conversation: ConversationRow, draft: NewNote) -> MessageRow:
    """Make the row of a private note."""
    _check_note(draft.text)
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


def check_text(channel: Channel | None, kind: MessageKind, text: str, *, has_files: bool) -> None:
    """Refuse the new text of a message that says nothing, or more than its channel takes."""
    if kind is MessageKind.NOTE:
        _check_note(text)
    elif not text.strip() and not has_files:
        raise InvalidError("Write something.", "Напишите что-нибудь.", field="text")
    elif channel is not None:
        _check_length(channel, text, has_files=has_files)


def _check_note(text: str) -> None:
    if not text.strip() or len(text) > NOTE_LIMIT:
        raise InvalidError(
            f"A note has 1 to {NOTE_LIMIT} characters.",
            f"В заметке от 1 до {NOTE_LIMIT} знаков.",
            field="text",
        )


def _check_length(channel: Channel, text: str, *, has_files: bool) -> None:
    limits = channel.manifest.limits
    limit = limits.caption if has_files else limits.text
    length = measured(text, limits)
    if length > limit:
        raise InvalidError(
            f"{channel.manifest.title} takes {limit}, this is {length}. Shorten it by "
            f"{length - limit}.",
            f"{channel.manifest.title} принимает {limit}, а здесь {length}. Сократите на "
            f"{length - limit}.",
            field="text",
        )


def measured(text: str, limits: Limits) -> int:
    """Measure a text in the channel's own unit."""
    match limits.text_unit:
        case "utf16":
            return utf16_length(text)
        case "bytes":
            return len(text.encode())
        case "characters":
            return len(text)


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


def _check(
    channel: Channel, kind: MessageKind, draft: NewMessage, files: Sequence[FileRow | AttachmentRow]
) -> None:
    manifest = channel.manifest
    if kind is MessageKind.TEXT and not draft.text.strip():
        raise InvalidError("Write something.", "Напишите что-нибудь.", field="text")
    if kind.value not in manifest.sends:
        raise InvalidError(
            f"{manifest.title} cannot be sent this.",
            f"{manifest.title} такое не принимает.",
            field="kind",
        )
    _check_length(channel, draft.text, has_files=bool(files))
    if len(files) > max(1, manifest.limits.album):
        raise InvalidError(
            f"At most {manifest.limits.album} files at once.",
            f"Не больше {manifest.limits.album} файлов за раз.",
            field="file_ids",
        )
    for one in files:
        limit = manifest.limits.upload_bytes
        if one.kind is MessageKind.PICTURE:
            limit = manifest.limits.picture_bytes
        if one.size > limit:
            raise InvalidError(
                f"{one.name} is over {limit // 1_048_576} MB.",
                f"{one.name} больше {limit // 1_048_576} МБ.",
                field="file_ids",
            )


def _row(
    desk: "Desk",
    conversation: ConversationRow,
    person: Person,
    draft: NewMessage,
    kind: MessageKind,
    *,
    live: bool,
) -> MessageRow:
    content = Content(
        entities=draft.entities,
        location=draft.location,
        card=draft.card,
        buttons=draft.buttons,
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
        kind=kind,
        text=storable(draft.text),
        content=content,
        reply_to_id=draft.reply_to_id,
        client_id=draft.client_id,
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


def _outgoing_file(one: AttachmentRow) -> OutgoingFile:
    view = views.attachment_view(one)
    return OutgoingFile(
        kind=one.kind,
        file_id=one.file_id or FileId(""),
        name=one.name,
        mime=one.mime,
        size=one.size,
        width=one.width,
        height=one.height,
        duration_s=one.duration_s,
        format=view.format,
    )
