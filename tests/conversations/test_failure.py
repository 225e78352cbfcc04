"""Why a message did not arrive is kept with the platform's code, until it does arrive."""

from otklik.conversations import views
from otklik.conversations.types import MessageRow
from otklik.kernel.ids import (
    ContactId,
    ConversationId,
    IdentityId,
    InboxId,
    MessageId,
)
from otklik.ports.channel import Refusal, RefusalKind
from otklik.ports.message import Content, MessageKind

ROW = MessageRow(
    id=MessageId("m"), account_id="a", contact_id=ContactId("c"),
    conversation_id=ConversationId("v"), inbox_id=InboxId("i"), identity_id=IdentityId("d"),
    channel="vk", seq=1, author_kind="operator", kind=MessageKind.TEXT, text="Здравствуйте",
    content=Content(details={"external_ids": "1 2"}), sent_at=1, created_at=1,
)  # fmt: skip
REFUSED = views.with_failure(ROW, Refusal(RefusalKind.BLOCKED, code="901"))


def test_the_platforms_code_is_shown_with_the_failure() -> None:
    assert views.state_change(REFUSED).failure == "blocked"
    assert views.state_change(REFUSED).failure_code == "901"
    assert views.message_view(REFUSED, "Ира").failure_code == "901"


def test_a_refusal_without_a_code_forgets_the_former_one() -> None:
    again = views.with_failure(REFUSED, Refusal(RefusalKind.TEMPORARY))
    assert views.state_change(again).failure == "temporary"
    assert views.state_change(again).failure_code == ""


def test_what_arrives_after_all_leaves_no_trace_of_the_failure() -> None:
    assert views.with_failure(REFUSED, None) == ROW
