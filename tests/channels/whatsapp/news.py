"""What else WhatsApp tells: presses, reactions, edits, statuses, echoes, and news of ourselves."""

import msgspec

from otklik.ports.channel import (
    ButtonPressed,
    ChatMoved,
    ConsentReported,
    EchoReceived,
    InboxReported,
    MessageEdited,
    MessagesDeleted,
    ReachabilityChanged,
    ReactionChanged,
    RefusalKind,
    StatusReported,
    TemplateReported,
    Unknown,
)
from tests.channels.whatsapp.bodies import (
    AT,
    DAY,
    METADATA,
    PHONE,
    PLAIN,
    SCOPED,
    SECONDS,
    SENDER,
    case,
    change,
    delivery,
    people,
    received,
    wrote,
)


def _status(number: int, state: str, **parts: object) -> bytes:
    told = {
        "id": f"wamid.out{number}",
        "status": state,
        "timestamp": str(SECONDS),
        "recipient_id": PHONE,
        "recipient_user_id": SCOPED,
    }
    return delivery(people(statuses=[told | parts]))


def _reported(number: int, **parts: object) -> StatusReported:
    shell = StatusReported(SENDER, f"wamid.out{number}", "delivered", AT)
    return msgspec.structs.replace(shell, **parts)


def _template(**value: object) -> bytes:
    named = {"message_template_name": "order_ready", "message_template_language": "ru"}
    return delivery(change("message_template_status_update", **(named | value)), time=SECONDS)


CHANGES = (
    case(
        "button",
        wrote(40, "interactive", {"type": "button_reply",
                                  "button_reply": {"id": "yes", "title": "Да"}},
              context={"id": "wamid.out3"}),
        ButtonPressed(SENDER, "wamid.40", "", "yes", AT, "wamid.out3", "Да", DAY),
    ),
    case(
        "row",
        wrote(41, "interactive", {"type": "list_reply",
                                  "list_reply": {"id": "red", "title": "Красный"}}),
        ButtonPressed(SENDER, "wamid.41", "", "red", AT, label="Красный", window_s=DAY),
    ),
    case(
        "quick-reply",
        wrote(42, "button", {"payload": "stop", "text": "Отписаться"}),
        ButtonPressed(SENDER, "wamid.42", "", "stop", AT, label="Отписаться", window_s=DAY),
    ),
    case(
        "reaction",
        wrote(43, "reaction", {"message_id": "wamid.out4", "emoji": "👍"}),
        ReactionChanged(SENDER, "wamid.out4", ("👍",), AT, DAY),
    ),
    case(
        "reaction-taken-back",
        wrote(44, "reaction", {"message_id": "wamid.out4"}),
        ReactionChanged(SENDER, "wamid.out4", (), AT, DAY),
    ),
    case(
        "edit",
        wrote(45, "edit", {"original_message_id": "wamid.1",
                           "message": {"type": "text", "text": {"body": "Есть улун? Два"}}}),
        MessageEdited(received(1, text="Есть улун? Два", window_s=0), AT),
    ),
    case(
        "revoke",
        wrote(46, "revoke", {"original_message_id": "wamid.1"}),
        MessagesDeleted(SENDER, ("wamid.1",), AT),
    ),
    case(
        "number-changed",
        delivery(people(contacts=[], messages=[{
            "from": PHONE, "id": "wamid.47", "timestamp": str(SECONDS), "type": "system",
            "system": {"type": "user_changed_number", "body": "…", "wa_id": "79990009988"},
        }])),
        ChatMoved(PHONE, "79990009988"),
    ),
    case(
        "scoped-id-changed",
        delivery(people("user_id_update", user_id_update=[
            {"wa_id": PHONE, "user_id": {"previous": SCOPED, "current": "RU.2"}}
        ])),
        ChatMoved(SCOPED, "RU.2"),
    ),
    case("delivered", _status(1, "delivered"), _reported(1)),
    case(
        "read",
        _status(1, "read", biz_opaque_callback_data="m1"),
        _reported(1, state="read", own_id="m1"),
    ),
    case("played", _status(2, "played"), _reported(2, state="read")),
    case(
        "failed",
        delivery(change("messages", metadata=METADATA, statuses=[{
            "id": "wamid.out5", "status": "failed", "timestamp": str(SECONDS),
            "recipient_id": PHONE,
            "errors": [{"code": 131047, "title": "Re-engagement message",
                        "error_data": {"details": "More than 24 hours have passed"}}],
        }])),
        StatusReported(
            PLAIN, "wamid.out5", "failed", AT,
            reason="Re-engagement message — More than 24 hours have passed", code="131047",
            kind=RefusalKind.WINDOW_CLOSED,
        ),
    ),
    case(
        "failed-without-whatsapp",
        _status(6, "failed", errors=[{"code": 131026, "title": "Message undeliverable"}]),
        _reported(6, state="failed", reason="Message undeliverable", code="131026",
                  kind=RefusalKind.BLOCKED),
        ReachabilityChanged(SENDER, reachable=False, at=AT),
    ),
    case(
        "failed-without-consent",
        _status(7, "failed", errors=[{"code": 131050, "title": "User stopped marketing"}]),
        _reported(7, state="failed", reason="User stopped marketing", code="131050"),
        ConsentReported(SENDER, "marketing", granted=False, at=AT,
                        wording="User stopped marketing"),
    ),
    case(
        "echo",
        delivery(people("smb_message_echoes", message_echoes=[{
            "from": "79000000000", "to": PHONE, "id": "wamid.50", "timestamp": str(SECONDS),
            "type": "text", "text": {"body": "Есть, ответил с телефона"},
        }])),
        EchoReceived(received(50, text="Есть, ответил с телефона", window_s=0)),
    ),
    case(
        "echo-edited",
        delivery(people("smb_message_echoes", message_echoes=[{
            "from": "79000000000", "to": PHONE, "id": "wamid.52", "timestamp": str(SECONDS),
            "type": "edit", "edit": {
                "original_message_id": "wamid.50",
                "message": {"type": "text", "text": {"body": "Есть, отвечаю"}},
            },
        }])),
        MessageEdited(received(50, text="Есть, отвечаю", window_s=0), AT, ours=True),
    ),
    case(
        "echo-taken-back",
        delivery(people("smb_message_echoes", message_echoes=[{
            "from": "79000000000", "to": PHONE, "id": "wamid.51", "timestamp": str(SECONDS),
            "type": "revoke", "revoke": {"original_message_id": "wamid.50"},
        }])),
        MessagesDeleted(SENDER, ("wamid.50",), AT),
    ),
)  # fmt: skip

ABOUT_US = (
    case(
        "no-more-marketing",
        delivery(people("user_preferences", user_preferences=[{
            "wa_id": PHONE, "value": "stop", "category": "marketing_messages",
            "detail": "User requested to stop", "timestamp": SECONDS,
        }])),
        ConsentReported(SENDER, "marketing", granted=False, at=AT,
                        wording="User requested to stop"),
    ),
    case(
        "signed-up",
        delivery(people("user_preferences", user_preferences=[{
            "user_id": SCOPED, "value": "signup", "timestamp": SECONDS,
        }])),
        ConsentReported(SENDER, "marketing", granted=True, at=AT),
    ),
    case(
        "template-approved",
        _template(event="APPROVED", reason="NONE", message_template_category="UTILITY"),
        TemplateReported("order_ready", "ru", "APPROVED", "UTILITY"),
    ),
    case(
        "template-refused",
        _template(event="REJECTED", reason="INVALID_FORMAT",
                  rejection_info={"reason": "Gaps touch.", "recommendation": "Put words between."}),
        TemplateReported(
            "order_ready", "ru", "REJECTED", reason="Gaps touch. — Put words between."
        ),
    ),
    case(
        "template-moved",
        delivery(change("template_category_update", message_template_name="order_ready",
                        message_template_language="ru", new_category="MARKETING"), time=SECONDS),
        TemplateReported("order_ready", "ru", "", "MARKETING"),
    ),
    case(
        "restricted",
        delivery(change("account_update", event="ACCOUNT_RESTRICTION", restriction_info=[
            {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": SECONDS}
        ]), time=SECONDS),
        InboxReported("account_update.ACCOUNT_RESTRICTION", "RESTRICTED_BIZ_INITIATED_MESSAGING",
                      AT, is_trouble=True),
    ),
    case(
        "faster-now",
        delivery(change("phone_number_quality_update", event="THROUGHPUT_UPGRADE",
                        display_phone_number="79000000000", current_limit="TIER_10K",
                        max_daily_conversations_per_business="TIER_UNLIMITED"), time=SECONDS),
        InboxReported("phone_number_quality_update.THROUGHPUT_UPGRADE",
                      "79000000000, TIER_UNLIMITED", AT),
    ),
    case(
        "alert",
        delivery(change("account_alerts", alert_type="OBA", alert_severity="CRITICAL",
                        alert_status="ACTIVE", alert_description="Look here"), time=SECONDS),
        InboxReported("account_alerts.OBA", "Look here", AT, is_trouble=True),
    ),
    case(
        "error-alone",
        delivery(change("messages", metadata=METADATA, errors=[
            {"code": 131000, "title": "Something went wrong"}
        ])),
        InboxReported("errors", "Something went wrong", 0, is_trouble=True),
    ),
    case("sent", _status(9, "sent"), Unknown("status.sent")),
    case("group", wrote(60, "text", {"body": "всем"}, group_id="g1"), Unknown("group.text")),
    case(
        "group-status",
        _status(10, "read", recipient_type="group"),
        Unknown("group_status.read"),
    ),
    case(
        "history",
        delivery(people("history", history=[{"phase": 0}])),
        Unknown("history"),
    ),
    case(
        "identity-changed",
        wrote(61, "system", {"type": "customer_identity_changed", "body": "…"}),
        Unknown("system.customer_identity_changed"),
    ),
    case("field-without-value", delivery({"field": "flows"}), Unknown("flows")),
)  # fmt: skip
