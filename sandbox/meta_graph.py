"""Meta's Graph API around messages: who an account is, who listens to it, who its people are."""

import re
import time
from collections.abc import Mapping
from email.utils import formatdate

from sandbox import blobs, meta
from sandbox.asgi import Reply, as_json
from sandbox.meta_conversations import page_of
from sandbox.meta_messaging import DAY_S, PAGE_FIELDS, Listed, listed
from sandbox.orders import ActError
from sandbox.platform import Call, OpenRoute, Refused, Route
from sandbox.world import Account

_NAMES = re.compile(r"(\w+)(?:\{[^}]*\})?")
_VERSION = re.compile(r"v[0-9]{2}\.0")
_LIFE_S = 60 * DAY_S
_FACE = "face"


def authorised(call: Call, account: Account, *, app: bool = False) -> Listed:
    """The account a call speaks for; refuses dead tokens, and an app's where it has no say."""
    found = listed(account)
    if not _VERSION.fullmatch(call.names.get("version", "")):
        raise Refused(meta.graph_error(2635, "You are calling a deprecated version"), "2635")
    if "|" in meta.shown_token(call):
        if not app:
            raise refusal(200, "Requires a token of the account")
    elif account.revoked or app:
        raise Refused(meta.dead_token(), "190")
    if call.malformed:
        raise refusal(100, f"Invalid parameter: {call.malformed}")
    return found


def refusal(code: int, message: str, subcode: int = 0) -> Refused:
    """An error of the Graph API to raise."""
    name = f"{code}-{subcode}" if subcode else str(code)
    return Refused(meta.graph_error(code, message, subcode=subcode), name)


def own_node(call: Call, account: Listed) -> None:
    """Refuse a call about another node than the account's."""
    if call.names["node"] not in {"me", account.node}:
        raise refusal(100, f"Unsupported request: object {call.names['node']} is not yours", 33)


async def me(call: Call, account: Account) -> Reply:
    """Whose token it is; only what was asked for is told."""
    mine = authorised(call, account)
    business = {"id": mine.id, "username": mine.username}
    if not mine.kind.own_host:
        told = {"id": mine.id, "name": mine.title, "username": mine.username}
    elif mine.by_page:
        told = {"id": mine.page_id, "name": mine.title}
        return as_json(_asked(call, {**told, "instagram_business_account": business}))
    else:
        told = {"user_id": mine.id, "id": f"26{mine.id[2:]}", "username": mine.username}
        told["name"] = mine.title
    return as_json(_asked(call, told))


async def app(call: Call, account: Account) -> Reply:
    """Which app issued a token of a page."""
    mine = authorised(call, account)
    if not mine.by_page:
        raise refusal(100, "Unsupported request: app", 33)
    return as_json({"id": mine.app_id, "name": "Otklik"})


async def subscriptions(call: Call, account: Account) -> Reply:
    """The app's own webhook: the challenge comes before the answer."""
    mine = authorised(call, account, app=True)
    if call.names["node"] != mine.app_id:
        raise refusal(100, "Unsupported request: this is another app", 33)
    if call.fields.get("object") != mine.kind.object:
        raise refusal(100, "Invalid parameter: object")
    fields = _fields(call.fields.get("fields"), mine.kind.subscribable)
    url = str(call.fields.get("callback_url", ""))
    try:
        await listen(mine, url, str(call.fields.get("verify_token", "")), fields)
    except ActError as problem:
        raise refusal(2200, f"Callback verification failed: {problem}") from problem
    return as_json({"success": True})


async def paste(account: Account, url: str, verify_token: str) -> None:
    """The webhook pasted into the app's dashboard, every field ticked."""
    mine = listed(account)
    await listen(mine, url, verify_token, tuple(sorted(mine.kind.subscribable)))


async def listen(account: Listed, url: str, verify_token: str, fields: tuple[str, ...]) -> None:
    """Challenge an address and deliver to it from then on what concerns the app."""
    if not url.startswith(("http://", "https://")):
        raise ActError("the address is none")
    await meta.challenge(account.courier(), url, verify_token)
    for one in account.of_app():
        one.app_fields = fields
        one.courier().open(url, one.rules())


async def subscribe(call: Call, account: Account) -> Reply:
    """The account lets an app listen."""
    mine = authorised(call, account)
    own_node(call, mine)
    known = PAGE_FIELDS if mine.by_page else mine.kind.subscribable
    mine.subscribed[mine.app_id] = _fields(call.fields.get("subscribed_fields"), known)
    return as_json({"success": True})


async def unsubscribe(call: Call, account: Account) -> Reply:
    """The account lets the app listen no longer."""
    mine = authorised(call, account)
    own_node(call, mine)
    mine.subscribed.pop(mine.app_id, None)
    return as_json({"success": True})


async def subscribers(call: Call, account: Account) -> Reply:
    """Every app that listens, ours or not."""
    mine = authorised(call, account)
    own_node(call, mine)
    apps = [
        {"id": name, "name": "App", "subscribed_fields": list(fields)}
        for name, fields in {"990000000000000": ("messages",), **mine.subscribed}.items()
    ]
    said, today = as_json({"data": apps}), formatdate(usegmt=True).encode()
    return Reply(said.status, said.body, said.content_type, ((b"date", today),))


async def show_profile(call: Call, account: Account) -> Reply:
    """The messenger profile; what was never set is not there."""
    mine = authorised(call, account)
    own_node(call, mine)
    told = {name: mine.profile[name] for name in _wanted(call) if name in mine.profile}
    return as_json({"data": [told] if told else []})


async def set_profile(call: Call, account: Account) -> Reply:
    """Set Get Started, ice breakers and the like."""
    mine = authorised(call, account)
    own_node(call, mine)
    known = {"get_started", "ice_breakers", "persistent_menu", "greeting"}
    asked = {name: value for name, value in call.fields.items() if name in known}
    if not asked:
        raise refusal(100, "Requires one of the params: " + ", ".join(sorted(known)))
    mine.profile.update(asked)
    return as_json({"result": "success"})


async def person(call: Call, account: Account) -> Reply:
    """Who somebody is; Instagram tells only of those who wrote."""
    mine = authorised(call, account)
    chat = mine.chats.get(call.names["node"])
    if chat is None:
        raise refusal(100, "Unsupported get request: no such object", 33)
    if mine.kind.own_host and not chat.inbound_at:
        raise refusal(230, "User consent is required to access user profile")
    face = mine.keep(blobs.sample("tea-cup.jpg"), "picture", _FACE)
    who = chat.person
    told: dict[str, object] = {
        "id": chat.address,
        "name": who.name,
        "username": who.username or f"guest{who.id}",
        "first_name": who.first_name,
        "last_name": who.last_name,
        "profile_pic": mine.address_of(face),
        "locale": "ru_RU",
        "timezone": 7,
        "follower_count": 12,
        "is_user_follow_business": True,
        "is_business_follow_user": False,
        "is_verified_user": False,
    }
    return as_json(_asked(call, told))


async def conversations(call: Call, account: Account) -> Reply:
    """What was said, the newest conversations first; the account's webhook changes nothing here."""
    mine = authorised(call, account)
    own_node(call, mine)
    if call.fields.get("platform") != mine.kind.id:
        raise refusal(100, "Invalid parameter: platform")
    limit, after = str(call.fields.get("limit", "25")), str(call.fields.get("after", ""))
    if not limit.isdigit() or not 1 <= int(limit) <= 50:
        raise refusal(1, "Please reduce the amount of data you're asking for, then retry")
    return as_json(page_of(mine, set(_wanted(call)), int(limit), after))


async def renew(call: Call, account: Account) -> Reply:
    """A new token for another sixty days; the former one lives on for its own."""
    mine = authorised(call, account)
    if mine.by_page or call.fields.get("grant_type") != "ig_refresh_token":
        raise refusal(100, "Invalid parameter: grant_type")
    mine.token = f"{mine.token.partition('.')[0]}.{time.time_ns()}"
    told = {"access_token": mine.token, "token_type": "bearer", "expires_in": int(_LIFE_S)}
    return as_json(told)


async def download(call: Call) -> Reply:
    """A file of a message; the address alone opens it, and not for ever."""
    account = call.world.accounts.get(call.names["account"])
    blob = account.files.get(call.names["file"]) if account else None
    if blob is None:
        return Reply(403, b"URL signature expired", "text/plain")
    return Reply(200, blob.content, blob.mime)


def _fields(value: object, known: frozenset[str]) -> tuple[str, ...]:
    listing = value if isinstance(value, list) else str(value or "").split(",")
    fields = tuple(str(one).strip() for one in listing)
    wrong = [one for one in fields if one not in known]
    if wrong:
        raise refusal(100, f"Invalid parameter: {', '.join(wrong) or 'subscribed_fields'}")
    return fields


def _wanted(call: Call) -> list[str]:
    return _NAMES.findall(str(call.fields.get("fields", "")))


def _asked(call: Call, told: Mapping[str, object]) -> dict[str, object]:
    wanted = {"id", *_wanted(call)}
    return {name: value for name, value in told.items() if name in wanted}


OPEN_ROUTES = (OpenRoute(method="GET", path="/cdn/{account}/{file}/{name}", serve=download),)
ROUTES = tuple(
    Route(method=method, path=f"/{{version}}/{path}", serve=serve, name=name, quiet=quiet)
    for method, path, serve, name, quiet in (
        ("GET", "me", me, "me", True),
        ("GET", "app", app, "app", True),
        ("GET", "refresh_access_token", renew, "refresh_access_token", False),
        ("POST", "{node}/subscriptions", subscriptions, "subscriptions", False),
        ("GET", "{node}/subscribed_apps", subscribers, "who_is_subscribed", True),
        ("POST", "{node}/subscribed_apps", subscribe, "subscribed_apps", False),
        ("DELETE", "{node}/subscribed_apps", unsubscribe, "subscribed_apps", False),
        ("GET", "{node}/messenger_profile", show_profile, "messenger_profile", True),
        ("POST", "{node}/messenger_profile", set_profile, "messenger_profile", False),
        ("GET", "{node}/conversations", conversations, "conversations", True),
        ("GET", "{node}", person, "profile", False),
    )
)
