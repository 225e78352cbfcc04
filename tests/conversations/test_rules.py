import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from otklik.contacts.types import Person
from otklik.conversations import rules
from otklik.conversations.types import (
    AuthorKind,
    ConversationRow,
    ConversationState,
    MessageRow,
    MessageState,
)
from otklik.kernel.ids import (
    ContactId,
    ConversationId,
    IdentityId,
    InboxId,
    MessageId,
    OperatorId,
)
from otklik.ports.message import MessageKind

AT = 1_000_000
VERA = Person(
    "account", ContactId("vera"), "Вера", IdentityId("vera-tg"), InboxId("bot"), "telegram", "7",
    "Вера", "", "channel", reachable=True, seen_at=AT,
)  # fmt: skip
TALK = rules.started(VERA, "talk", AT)
AUTHORS: tuple[AuthorKind, ...] = ("contact", "operator", "bot", "system")
STATES = st.sampled_from(list(MessageState))


def message(author: AuthorKind = "contact", seq: int = 1, **change: object) -> MessageRow:
    row = MessageRow(
        id=MessageId(f"m{seq}"),
        account_id="account",
        contact_id=VERA.contact_id,
        conversation_id=ConversationId("talk"),
        inbox_id=VERA.inbox_id,
        identity_id=VERA.identity_id,
        channel="telegram",
        seq=seq,
        author_kind=author,
        kind=MessageKind.TEXT,
        text=f"Слово {seq}",
        sent_at=AT + seq,
        created_at=AT + seq,
    )
    return replace(row, **change)


@given(STATES, STATES)
def test_a_state_never_goes_back(old: MessageState, new: MessageState) -> None:
    after = rules.next_state(old, new)
    assert after in {old, new}
    if {old, new} != {MessageState.SENT, MessageState.FAILED}:  # either may be told last
        assert rules.next_state(after, old) is after
    assert rules.next_state(after, new) is after


@pytest.mark.parametrize(("old", "new", "after"), [
    ("queued", "sent", "sent"),
    ("sending", "uncertain", "uncertain"),
    ("uncertain", "sent", "sent"),
    ("failed", "delivered", "delivered"),
    ("sent", "failed", "failed"),
    ("read", "delivered", "read"),
    ("uncertain", "failed", "uncertain"),
    ("failed", "uncertain", "failed"),
    ("received", "read", "received"),
])  # fmt: skip
def test_states(old: str, new: str, after: str) -> None:
    assert rules.next_state(MessageState(old), MessageState(new)) == after


@given(st.lists(st.sampled_from(AUTHORS), min_size=1, max_size=30))
def test_who_waits_and_how_much_is_unread(authors: list[AuthorKind]) -> None:
    row, waiting, unread = TALK, None, 0
    for seq, author in enumerate(authors, 1):
        row = rules.with_message(row, message(author, seq), VERA)
        if author == "contact":
            waiting, unread = waiting or AT + seq, unread + 1
        elif author == "operator":
            waiting, unread = None, 0
        assert (row.waiting_since, row.unread, row.last_seq) == (waiting, unread, seq)
        assert row.preview == f"Слово {seq}"


def test_a_note_answers_nobody() -> None:
    row = rules.with_message(TALK, message("contact", 1), VERA)
    noted = rules.with_message(row, message("operator", 2, kind=MessageKind.NOTE), VERA)
    assert (noted.waiting_since, noted.unread) == (AT + 1, 1)


def test_a_line_nobody_wrote_moves_nothing_in_the_queue() -> None:
    row = rules.with_message(TALK, message("contact", 1), VERA)
    lined = rules.with_system_line(row, message("system", 5, kind=MessageKind.SYSTEM))
    assert lined == replace(row, last_seq=5)


def test_the_answer_goes_where_the_contact_wrote_from_last() -> None:
    site = replace(VERA, inbox_id=InboxId("site"), identity_id=IdentityId("v2"), channel="widget")
    row = rules.with_message(TALK, message("contact", 1), site)
    assert (row.inbox_id, row.identity_id, row.channel) == ("site", "v2", "widget")
    answered = rules.with_message(row, message("operator", 2), VERA)
    assert answered.inbox_id == "site"


@given(st.integers(0, 50), st.lists(st.integers(-5, 10**20), max_size=6))
def test_what_was_read_grows_up_to_the_last_message(last: int, seen: list[int]) -> None:
    row = replace(TALK, last_seq=last, unread=3)
    for seq in seen:
        after = rules.read_up_to(row, seq)
        assert row.operator_read_seq <= after.operator_read_seq <= max(last, row.operator_read_seq)
        assert after.unread == (0 if after.operator_read_seq >= last else row.unread)
        row = after


def _talk(state: ConversationState, last_seq: int) -> ConversationRow:
    return replace(TALK, id=ConversationId(f"{state}{last_seq}"), state=state, last_seq=last_seq)


@given(st.lists(st.tuples(st.sampled_from(list(ConversationState)), st.integers(0, 9)), max_size=6))
def test_a_message_joins_the_open_conversation_else_the_last_that_moved(
    talks: list[tuple[ConversationState, int]],
) -> None:
    rows = [_talk(state, seq) for state, seq in talks]
    chosen = rules.current(rows)
    if chosen is None:
        assert not rows
    elif any(row.state is ConversationState.OPEN for row in rows):
        assert chosen.state is ConversationState.OPEN
    else:
        assert chosen.last_seq == max(row.last_seq for row in rows)


def test_the_end_and_the_new_beginning() -> None:
    waiting = rules.with_message(TALK, message("contact", 1), VERA)
    ended = rules.resolved(waiting, AT + 9)
    assert (ended.state, ended.resolved_at, ended.waiting_since, ended.unread) == (
        ConversationState.RESOLVED, AT + 9, None, 0,
    )  # fmt: skip
    again = rules.reopened(ended)
    assert (again.state, again.resolved_at) == (ConversationState.OPEN, None)
    assert rules.assigned(again, OperatorId("anna")).operator_id == "anna"
    assert rules.assigned(again, None).operator_id is None


@pytest.mark.parametrize(("settings", "is_new", "answer"), [
    ({}, True, ""),
    ({"auto_answer": "Ждите"}, True, "Ждите"),
    ({"auto_answer": "Ждите"}, False, ""),
    ({"auto_answer": "Ждите", "auto_answer_when": "every"}, False, "Ждите"),
    ({"auto_answer": "", "auto_answer_when": "every"}, True, ""),
])  # fmt: skip
def test_the_inbox_answers_by_itself(settings: dict[str, str], is_new: bool, answer: str) -> None:
    assert rules.automatic_answer(settings, is_new=is_new) == answer


@pytest.mark.parametrize(("row", "may"), [
    (message("operator"), True),
    (message("operator", kind=MessageKind.NOTE), True),
    (message("contact"), False),
    (message("bot"), False),
    (message("operator", deleted_at=5), False),
    (message("operator", kind=MessageKind.SYSTEM), False),
])  # fmt: skip
def test_only_ones_own_words_can_be_changed(row: MessageRow, may: bool) -> None:
    assert rules.may_change(row, "operator") is may


def test_nothing_of_a_newest_message_that_was_taken_back_is_left_in_the_queue() -> None:
    picture = message(kind=MessageKind.PICTURE, text="Мой паспорт")
    talk = rules.with_message(TALK, picture, VERA)
    mended = rules.with_newest_changed(talk, replace(picture, text="Мой  чек"))
    assert (mended.preview, mended.preview_kind) == ("Мой чек", MessageKind.PICTURE)
    gone = rules.with_newest_changed(talk, replace(picture, deleted_at=AT))
    assert (gone.preview, gone.preview_kind) == ("", MessageKind.TEXT)
    assert (gone.last_seq, gone.unread) == (talk.last_seq, talk.unread)
