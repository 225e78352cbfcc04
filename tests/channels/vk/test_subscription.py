"""The handshake, the watch over the subscription and the long poll, over real HTTP."""

import json

import pytest
from msgspec.structs import replace

from otklik.ports.channel import (
    Answer,
    ChannelEvent,
    Connected,
    MessageReceived,
    Polled,
    Refusal,
    RefusalKind,
    Request,
    Subscribed,
)
from sandbox.vk.community import Community, Server
from tests.channels.kit.declaration import refused
from tests.channels.kit.line import perform
from tests.channels.vk.community import CommunityLine

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one server for all of them


async def test_a_key_names_its_community_and_what_it_lacks(
    line: CommunityLine, community: Community
) -> None:
    found = await line.check()
    assert found == Connected(
        "Чайный мост", {"group_id": line.account, "screen_name": "tea_bridge"}
    )
    community.rights.discard("messages")
    lacking = await line.check()
    assert refused(lacking, RefusalKind.BAD_TOKEN)
    assert isinstance(lacking, Refusal)
    assert "messages" in lacking.detail
    line.config = replace(line.config, secrets={"token": "vk1.a.nobody"})
    assert refused(await line.check(), RefusalKind.BAD_TOKEN)


async def test_a_key_of_nobodys_community_is_no_key(line: CommunityLine) -> None:
    empty = Answer(200, {}, b'{"response":{"groups":[],"profiles":[]}}')
    assert refused(line.connect.check(line.config, (empty,)), RefusalKind.BAD_TOKEN)


async def test_the_address_is_confirmed_watched_and_taken_away(
    line: CommunityLine, community: Community
) -> None:
    (server,) = community.servers.values()
    assert (server.status, server.title) == ("ok", "Otklik")
    assert await line.verify() == Subscribed()
    assert isinstance(await line.subscribe(), Subscribed)
    assert len(community.servers) == 1
    assert isinstance(await line.unsubscribe(), Subscribed)
    assert not community.servers
    assert refused(await line.verify(), RefusalKind.UNSUBSCRIBED)


async def test_a_server_that_was_given_up_is_confirmed_anew(
    line: CommunityLine, community: Community
) -> None:
    (server,) = community.servers.values()
    server.status = "failed"
    assert refused(await line.verify(), RefusalKind.UNSUBSCRIBED)
    assert isinstance(await line.subscribe(), Subscribed)
    assert server.status == "ok"
    assert await line.verify() == Subscribed()
    server.events["message_new"] = 0
    assert refused(await line.verify(), RefusalKind.UNSUBSCRIBED)
    assert isinstance(await line.subscribe(), Subscribed)
    assert await line.verify() == Subscribed()


async def test_of_two_subscriptions_one_is_left(line: CommunityLine, community: Community) -> None:
    (server,) = community.servers.values()
    community.servers[99] = Server(99, server.url, "Otklik", server.secret, status="ok")
    assert refused(await line.verify(), RefusalKind.UNSUBSCRIBED)
    assert isinstance(await line.subscribe(), Subscribed)
    assert list(community.servers.values()) == [server]


async def test_a_new_secret_reaches_the_platform_by_subscribing(
    line: CommunityLine, community: Community
) -> None:
    secrets = {**line.config.secrets, "webhook_secret": "the-secret-of-next-month"}
    line.config = replace(line.config, secrets=secrets)
    assert isinstance(await line.subscribe(), Subscribed)
    (server,) = community.servers.values()
    assert server.secret == "the-secret-of-next-month"
    await line.act("text", text="Чай?")
    assert (await line.news(MessageReceived)).text in {"Чай?", "Начать"}


async def test_ten_servers_of_others_leave_no_room(
    line: CommunityLine, community: Community
) -> None:
    (server,) = community.servers.values()
    community.servers = dict.fromkeys(range(10), server)
    line.hook = f"{line.hook}/elsewhere"
    full = await line.subscribe()
    assert refused(full, RefusalKind.OTHER)
    assert isinstance(full, Refusal)
    assert full.code == "2000"


async def test_events_can_be_polled_instead(line: CommunityLine, community: Community) -> None:
    begun = await _polled_in(line, "")
    assert begun == ([], False)
    for text in ("раз", "два"):
        await line.act("text", text=text)
    seen, _ = await _polled_in(line, line.config.settings["cursor"])
    assert [one.text for one in seen if isinstance(one, MessageReceived)] == ["раз", "два"]
    community.poll_key = "another-key"
    assert await _polled_in(line, line.config.settings["cursor"]) == ([], True)
    await line.act("text", text="три")
    seen, _ = await _polled_in(line, line.config.settings["cursor"])
    assert [one.text for one in seen if isinstance(one, MessageReceived)] == ["три"]
    stale = json.loads(line.config.settings["cursor"]) | {"ts": "999999"}
    assert await _polled_in(line, json.dumps(stale)) == ([], True)


async def _polled_in(line: CommunityLine, cursor: str) -> tuple[list[ChannelEvent], bool]:
    """Poll once without waiting; the events, and whether the cursor had to be renewed."""
    step = line.connect.poll
    assert step is not None
    answers: tuple[object, ...] = ()
    while True:
        told = step(line.config, cursor, answers)  # type: ignore[arg-type]
        if not isinstance(told, Request):
            break
        hasty = replace(told, url=told.url.replace("wait=25", "wait=0"))
        answers = (*answers, await perform(line._session, hasty))
    assert isinstance(told, Polled), told
    line.learn({"cursor": told.cursor})
    renewed = bool(cursor) and any(b'"failed"' in getattr(a, "body", b"") for a in answers)
    return [event for body in told.bodies for event in line.channel.parse(body)], renewed


async def test_a_cursor_nobody_can_read_begins_anew(line: CommunityLine) -> None:
    assert await _polled_in(line, "somebody's cursor") == ([], False)
    assert json.loads(line.config.settings["cursor"])["server"]
