"""The methods `groups.*`: who the key belongs to, callback servers, the long poll."""

from sandbox.asgi import Reply, as_json
from sandbox.platform import Call
from sandbox.vk.community import EVENTS, VERSION, Community, Server, of
from sandbox.vk.params import Params, done, refused
from sandbox.world import Account

_SERVERS = 10
_MASKS = {"messages": 4096, "manage": 262_144, "photos": 4, "docs": 131_072}


def get_by_id(community: Community, params: Params, _call: Call) -> Reply:
    if params.has("group_id"):
        _same(community, params)
    group = {
        "id": community.group,
        "name": community.title,
        "screen_name": community.username,
        "is_closed": 0,
        "type": "group",
    }
    return done({"groups": [group], "profiles": []})


def permissions(community: Community, _params: Params, _call: Call) -> Reply:
    rights = [{"name": name, "setting": _MASKS[name]} for name in sorted(community.rights)]
    return done({"mask": sum(_MASKS[name] for name in community.rights), "permissions": rights})


def confirmation_code(community: Community, params: Params, _call: Call) -> Reply:
    _same(community, params)
    return done({"code": community.code})


def servers(community: Community, params: Params, _call: Call) -> Reply:
    _same(community, params)
    cards = [server.card for server in community.servers.values()]
    return done({"count": len(cards), "items": cards})


async def add_server(community: Community, params: Params, _call: Call) -> Reply:
    _same(community, params)
    if len(community.servers) >= _SERVERS:
        raise refused(2000)
    server = Server(community.number("server"), *_written(params))
    community.servers[server.id] = server
    await community.confirm(server)
    return done({"server_id": server.id})


async def edit_server(community: Community, params: Params, _call: Call) -> Reply:
    _same(community, params)
    server = _server(community, params)
    server.url, server.title, server.secret = _written(params)
    await community.confirm(server)
    return done()


def delete_server(community: Community, params: Params, _call: Call) -> Reply:
    _same(community, params)
    server = _server(community, params)
    community.drop_courier(str(server.id))
    del community.servers[server.id]
    return done()


def settings(community: Community, params: Params, _call: Call) -> Reply:
    _same(community, params)
    server = _server(community, params)
    events = {name: server.events.get(name, 0) for name in sorted(EVENTS)}
    return done({"api_version": server.version, "events": events})


def set_settings(community: Community, params: Params, _call: Call) -> Reply:
    _same(community, params)
    server = _server(community, params)
    server.version = params.text("api_version") or VERSION
    server.events |= _ticked(params)
    return done()


def set_long_poll(community: Community, params: Params, _call: Call) -> Reply:
    _same(community, params)
    if params.has("enabled"):
        community.poll_on = params.flag("enabled")
    community.poll_events |= _ticked(params)
    return done()


def long_poll_server(community: Community, params: Params, _call: Call) -> Reply:
    _same(community, params)
    if not community.poll_on:
        raise refused(100, "longpoll for this group is not enabled")
    server = f"{community.shared.origin()}/vk/longpoll/{community.id}"
    return done({"key": community.poll_key, "server": server, "ts": str(community.events.last)})


async def check(call: Call, account: Account) -> Reply:
    """The long poll itself: waits for events after `ts`."""
    community, params = of(account), Params(call.fields)
    if params.text("act") != "a_check" or params.text("key") != community.poll_key:
        return as_json({"failed": 2})
    if not params.text("ts").isdecimal():
        return as_json({"failed": 3})
    number, events = params.number("ts"), community.events
    if number > events.last or number < events.oldest - 1:
        return as_json({"failed": 1, "ts": str(events.last)})
    wait_s = min(params.number("wait", 25), 90)
    found = await events.wait(number, 100, wait_s)
    ts = found[-1].number if found else number
    updates = b",".join(event.body for event in found)
    return Reply(200, b'{"ts":"%d","updates":[%s]}' % (ts, updates))


def _same(community: Community, params: Params) -> None:
    if params.number("group_id") != community.group:
        raise refused(15)


def _written(params: Params) -> tuple[str, str, str]:
    url = params.text("url", required=True)
    if not url.startswith(("https://", "http://")):
        raise refused(100, "url is invalid")
    return url, params.text("title", 14, required=True), params.text("secret_key", 50)


def _server(community: Community, params: Params) -> Server:
    server = community.servers.get(params.number("server_id"))
    if server is None:
        raise refused(100, "server_id is invalid")
    return server


def _ticked(params: Params) -> dict[str, int]:
    return {name: int(params.flag(name)) for name in EVENTS if params.has(name)}
