import pytest

from otklik.conversations.types import MessageState, MessageView
from otklik.ingress.visitor_views import visitor_message
from otklik.kernel.ids import ContactId, ConversationId, IdentityId, InboxId, MessageId
from otklik.ports.message import Content, MessageKind


def message(kind: MessageKind, text: str) -> MessageView:
    return MessageView(
        id=MessageId("m-1"),
        seq=7,
        conversation_id=ConversationId("t-1"),
        contact_id=ContactId("c-1"),
        inbox_id=InboxId("i-1"),
        identity_id=IdentityId("p-1"),
        channel="app",
        author_kind="operator",
        author_id="o-1",
        author_name="Анна",
        kind=kind,
        text=text,
        content=Content(),
        attachments=[],
        reactions=[],
        group_key="",
        reply_to_id=None,
        client_id=None,
        state=MessageState.SENT,
        failure="",
        failure_code="",
        sent_at=1,
        created_at=1,
        edited_at=None,
        deleted_at=None,
    )


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (MessageKind.PICTURE, "", MessageKind.PICTURE),
        (MessageKind.PRESS, "Да", MessageKind.PRESS),
        (MessageKind.CARDS, "Три сорта на выбор", MessageKind.TEXT),
        (MessageKind.ORDER, "Заказ 48", MessageKind.TEXT),
        (MessageKind.CARDS, "", MessageKind.UNSUPPORTED),
        (MessageKind.CONTACT_CARD, "", MessageKind.UNSUPPORTED),
    ],
)
def test_what_apps_have_no_word_for_is_shown_by_its_text(
    kind: MessageKind, text: str, shown: MessageKind
) -> None:
    seen = visitor_message(message(kind, text), lambda file_id: file_id)
    assert (seen.kind, seen.text) == (shown, text)
