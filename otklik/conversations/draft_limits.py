"""What of a draft is refused before anything is made: too late, too much, too large. Pure."""

from collections.abc import Sequence

from otklik.contacts.types import Person
from otklik.conversations.types import NewMessage
from otklik.kernel.errors import ConflictError, InvalidError
from otklik.ports.channel import Channel, Limits, Outgoing
from otklik.ports.measure import measured
from otklik.ports.message import MessageKind
from otklik.ports.reply_window import open_for

NOTE_LIMIT = 10_000
PARTS_LIMIT = 10
"""One answer is never more messages than this."""


def check_text(channel: Channel | None, kind: MessageKind, text: str, *, has_files: bool) -> None:
    """Refuse the new text of a message that says nothing, or more than its channel takes."""
    if kind is MessageKind.NOTE:
        check_note(text)
    elif not text.strip() and not has_files:
        raise InvalidError("Write something.", "Напишите что-нибудь.", field="text")
    elif channel is not None:
        _check_length(channel, text, has_files=has_files)


def check_note(text: str) -> None:
    """Refuse a note that says nothing, or too much."""
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


def refuse_late(channel: Channel, person: Person, draft: NewMessage, now: int) -> None:
    """Refuse what the platform would: an answer after its window, unless by a template."""
    window = channel.manifest.window
    if draft.template is not None or open_for(window, person.window_until, now) != "closed":
        return
    hours = max(window.reply_s, window.human_s) // 3600
    title = channel.manifest.title
    can_template = "template" in channel.manifest.features
    raise ConflictError(
        f"{title} lets you answer for {hours} hours after the person's last message, and they "
        f"have passed. {'Send a template.' if can_template else 'Wait until they write again.'}",
        f"{title} разрешает отвечать {hours} ч после последнего сообщения человека, и они "
        f"прошли. {'Отправьте шаблон.' if can_template else 'Подождите, пока он напишет снова.'}",
        field="identity_id",
    )


def check_parts(channel: Channel, parts: Sequence[Outgoing]) -> None:
    """Refuse what no fitting helps: a kind the channel has no word for, too much, too large."""
    manifest = channel.manifest
    if any(part.kind.value not in manifest.sends for part in parts):
        raise InvalidError(
            f"{manifest.title} cannot be sent this.",
            f"{manifest.title} такое не принимает.",
            field="kind",
        )
    if len(parts) > PARTS_LIMIT:
        raise InvalidError(
            f"{manifest.title} would need {len(parts)} messages for this; at most {PARTS_LIMIT}.",
            f"В {manifest.title} это заняло бы {len(parts)} сообщений, можно {PARTS_LIMIT}.",
            field="text",
        )
    for file in (file for part in parts for file in part.files):
        limit = _file_limit(manifest.limits, file.kind)
        if file.size > limit:
            raise InvalidError(
                f"{file.name} is over {limit // 1_048_576} MB.",
                f"{file.name} больше {limit // 1_048_576} МБ.",
                field="file_ids",
            )


def _file_limit(limits: Limits, kind: MessageKind) -> int:
    match kind:
        case MessageKind.PICTURE:
            return limits.picture_bytes
        case MessageKind.VIDEO:
            return limits.video_bytes or limits.upload_bytes
        case MessageKind.AUDIO | MessageKind.VOICE:
            return limits.audio_bytes or limits.upload_bytes
        case MessageKind.FILE:
            return limits.file_bytes or limits.upload_bytes
        case _:
            return limits.upload_bytes
