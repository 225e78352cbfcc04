import msgspec
import pytest

from otklik.channels.telegram import connect
from otklik.ports.channel import Connected, Polled, RefusalKind
from tests.channels.kit.declaration import refused
from tests.channels.telegram.bodies import BOT, message, update
from tests.channels.telegram.declaration import CONFIG, SECRET, bad, good


def test_a_bot_is_named_as_telegram_names_it() -> None:
    base = "https://api.telegram.org/bot7000000001:invented_token_for_tests"
    assert connect.check(CONFIG).url == f"{base}/getMe"
    assert connect.checked(200, good(BOT)) == Connected(
        "Чайный мост", {"bot_username": "tea_bridge_bot", "bot_id": "7000000001"}
    )
    assert refused(connect.checked(200, good(result=True)), RefusalKind.TEMPORARY)
    assert refused(connect.checked(404, bad(404, "Not Found")), RefusalKind.BAD_TOKEN)
    assert refused(connect.checked(404, b"<html>no such page</html>"), RefusalKind.TEMPORARY)


def test_a_webhook_names_the_kinds_that_come_only_when_asked_for() -> None:
    request = connect.subscribe(CONFIG, "https://desk.example.org/in/1")
    asked = msgspec.json.decode(request.body)
    assert request.label == "setWebhook"
    assert asked["url"] == "https://desk.example.org/in/1"
    assert asked["secret_token"] == SECRET
    assert set(asked["allowed_updates"]) == {
        "message", "edited_message", "callback_query", "my_chat_member", "message_reaction",
    }  # fmt: skip
    assert 1 <= asked["max_connections"] <= 100
    polled = msgspec.json.decode(connect.poll(CONFIG, "").body)
    assert polled["allowed_updates"] == asked["allowed_updates"]


def test_unsubscribing_keeps_what_waits() -> None:
    request = connect.unsubscribe(CONFIG)
    assert request.label == "deleteWebhook"
    assert msgspec.json.decode(request.body) == {"drop_pending_updates": False}


def test_a_poll_waits_longer_than_it_asks_telegram_to() -> None:
    request = connect.poll(CONFIG, "880000006")
    asked = msgspec.json.decode(request.body)
    assert request.label == "getUpdates"
    assert asked["offset"] == 880000006
    assert asked["limit"] == 100
    assert request.timeout_s == asked["timeout"] + 10
    assert "offset" not in msgspec.json.decode(connect.poll(CONFIG, "").body)


def test_polled_updates_are_the_very_bytes_telegram_sent() -> None:
    first, second = update(1, message=message(text="Один")), update(3, thought={"a": 1.50})
    body = b'{"ok":true,"result":[' + first + b" , " + second + b"]}"
    assert connect.polled(200, body) == Polled((first, second), "880000004")


def test_a_second_poller_is_a_matter_of_time() -> None:
    body = bad(409, "Conflict: can't use getUpdates method while webhook is active")
    assert refused(connect.polled(409, body), RefusalKind.TEMPORARY)


@pytest.mark.parametrize("result", [True, {}, ["x"], [{"message": {}}], [{"update_id": "1"}]])
def test_what_are_no_updates_confirms_nothing(result: object) -> None:
    assert refused(connect.polled(200, good(result)), RefusalKind.TEMPORARY)
