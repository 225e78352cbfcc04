"""Two open conversations of one person become one, and two again. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from otklik.conversations.types import ConversationRow, ConversationState, MessageRow
from otklik.kernel.ids import ContactId, ConversationId
from otklik.kernel.text import preview
from otklik.ports.message import MessageKind


class Fold(NamedTuple):
    """Two open conversations that became one, as they were and as that left them."""

    keeper_before: ConversationRow
    other_before: ConversationRow
    keeper_after: ConversationRow
    other_after: ConversationRow


class Share(NamedTuple):
    """What of a conversation belongs to one contact: the number of its first message."""

    conversation_id: str
    contact_id: str
    first_seq: int


class Said(NamedTuple):
    """What the messages of a conversation tell about it."""

    last_seq: int
    unread: int
    waiting_since: int | None
    last: MessageRow | None
    last_of_contact: MessageRow | None


_labels = msgspec.json.Decoder(list[str]).decode


def folded(keeper: ConversationRow, other: ConversationRow, now: int) -> Fold:
    """Let one conversation go on for two; the other one rests, with what it has, until then."""
    waiting = [one.waiting_since for one in (keeper, other) if one.waiting_since is not None]
    after = replace(
        keeper,
        operator_id=keeper.operator_id or other.operator_id,
        label_ids=_written([*_labels(keeper.label_ids), *_labels(other.label_ids)]),
        unread=keeper.unread + other.unread,
        waiting_since=min(waiting, default=None),
    )
    resting = replace(
        other, state=ConversationState.RESOLVED, resolved_at=now, waiting_since=None, unread=0
    )
    return Fold(keeper, other, after, resting)


def unfolded(
    fold: Fold, keeper: ConversationRow, other: ConversationRow, standing: ConversationRow
) -> tuple[ConversationRow, ConversationRow, bool]:
    """Give both conversations as two again, and whether they are exactly as they were.

    When something happened meanwhile, what an operator did stays with the keeper, and the other
    one is as open as the conversation that stood for both.
    """
    if _same(keeper, fold.keeper_after) and _same(other, fold.other_after):
        return (
            replace(fold.keeper_before, contact_id=keeper.contact_id),
            replace(fold.other_before, contact_id=other.contact_id),
            True,
        )
    was, lent = fold.keeper_before, fold.other_before
    added = set(_labels(lent.label_ids)) - set(_labels(was.label_ids))
    taken_over = was.operator_id is None and keeper.operator_id == lent.operator_id
    keeper = replace(
        keeper,
        operator_id=None if taken_over else keeper.operator_id,
        label_ids=_written([one for one in _labels(keeper.label_ids) if one not in added]),
    )
    other = replace(
        lent,
        contact_id=other.contact_id,
        state=standing.state,
        resolved_at=standing.resolved_at,
        operator_read_seq=max(lent.operator_read_seq, standing.operator_read_seq),
    )
    return keeper, other, False


def split_off(
    row: ConversationRow, conversation_id: ConversationId, contact_id: ContactId
) -> ConversationRow:
    """Begin a conversation for what another person said in this one."""
    return replace(row, id=conversation_id, contact_id=contact_id, contact_read_seq=0)


def rebuilt(row: ConversationRow, said: Said) -> ConversationRow:
    """Let a conversation repeat what its messages tell, after some came or went."""
    is_open = row.state is ConversationState.OPEN
    row = replace(
        row,
        last_seq=said.last_seq,
        unread=said.unread if is_open else 0,
        waiting_since=said.waiting_since if is_open else None,
        operator_read_seq=min(row.operator_read_seq, said.last_seq),
    )
    if said.last is not None:
        is_gone = said.last.deleted_at is not None
        row = replace(
            row,
            preview="" if is_gone else preview(said.last.text),
            preview_kind=MessageKind.TEXT if is_gone else said.last.kind,
            preview_author=said.last.author_kind,
            last_message_at=said.last.created_at,
        )
    where = said.last_of_contact or said.last
    if where is None:
        return row
    return replace(
        row,
        inbox_id=where.inbox_id,
        identity_id=where.identity_id,
        channel=where.channel,
    )


def _same(one: ConversationRow, other: ConversationRow) -> bool:
    """Compare rows, whoever they belong to now."""
    return replace(one, contact_id=other.contact_id) == other


def _written(label_ids: Sequence[str]) -> str:
    return msgspec.json.encode(list(dict.fromkeys(label_ids))).decode()
