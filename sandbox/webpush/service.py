"""The push service: what RFC 8030 and RFC 8292 ask of a request, asked strictly."""

import re
import time

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec

from sandbox import blobs
from sandbox.asgi import Reply, as_json
from sandbox.courier import Parcel
from sandbox.faults import CallRule
from sandbox.message import Button, File, Message
from sandbox.platform import Call, Refused
from sandbox.webpush import browser
from sandbox.webpush.beacons import beacon
from sandbox.world import Account, Chat

_LONGEST = 4096
_DAY_S = 86_400
_PICTURE = 10_485_760
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
_URGENCIES = {"", "very-low", "low", "normal", "high"}
_VAPID = re.compile(r"vapid t=([\w-]+\.[\w-]+\.[\w-]+), ?k=([\w-]+)", re.ASCII)


class Action(msgspec.Struct, frozen=True):
    title: str
    payload: str = ""
    proof: str = ""
    url: str = ""


class Notification(msgspec.Struct, frozen=True):
    """What the shop's worker shows; as otklik/channels/webpush/worker.js reads it."""

    id: str
    proof: str
    title: str
    body: str = ""
    url: str = ""
    image: str = ""
    actions: tuple[Action, ...] = ()
    again: bool = False


def bad(status: int, why: str) -> Refused:
    return Refused(as_json({"code": status, "reason": why}, status), why)


def ordered(rule: CallRule) -> Reply:
    """The faults that were ordered, as a push service tells them."""
    if rule.kind == "too_many":
        return Reply(429, b"", headers=((b"retry-after", str(rule.retry_after).encode()),))
    return Reply(rule.status, b"")


def gone(_call: Call) -> Reply:
    return Reply(404, b"")


async def push(call: Call, account: Account) -> Reply:
    """Take one message for a browser, and show it there at once."""
    name = call.names["device"]
    person = int(name.split("-")[0]) if name.split("-")[0].isdigit() else 0
    chat = next((one for one in account.chats.values() if one.person.id == person), None)
    if chat is None:
        raise bad(404, "no such subscription")
    if chat.blocked or not chat.started or browser.device(chat) != name:
        raise bad(410, "the subscription is gone")
    _check_head(call)
    _check_sender(call, account)
    if account.throttle and (wait := account.throttle.wait_s(("chat", chat.address))):
        headers = ((b"retry-after", str(int(wait) + 1).encode()),)
        raise Refused(Reply(429, b"", headers=headers), "too many")
    told = _read(call.request.body, chat)
    call.note(chat, told.id, told.body)
    await _show(chat, told)
    place = f"{account.shared.origin()}/webpush/message/{account.number('resource')}"
    return Reply(201, b"", headers=((b"location", place.encode()),))


def _check_head(call: Call) -> None:
    if not re.fullmatch(r"\d{1,10}", call.header("ttl"), re.ASCII):
        raise bad(400, "TTL is missing or no number")
    if call.header("content-encoding") != "aes128gcm":
        raise bad(415, "Content-Encoding is not aes128gcm")
    if call.header("content-type") not in {"application/octet-stream", ""}:
        raise bad(415, "Content-Type is not application/octet-stream")
    if call.header("urgency") not in _URGENCIES:
        raise bad(400, "Urgency is none of the four")
    if call.header("topic") and not _TOPIC.fullmatch(call.header("topic")):
        raise bad(400, "Topic is not 1 to 32 characters of base64url")
    if len(call.request.body) > _LONGEST:
        raise bad(413, f"the body has over {_LONGEST} bytes")


def _check_sender(call: Call, account: Account) -> None:
    found = _VAPID.fullmatch(call.header("authorization"))
    if found is None:
        raise bad(401, "no vapid Authorization")
    token, key = found[1], found[2]
    if account.revoked:
        raise bad(403, "BadJwtToken")
    if key != browser.public_of(account.secrets["vapid_key"]):
        raise bad(403, "VapidPkHashMismatch")
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser.unb64(key))
        origin = account.shared.origin()
        claims = jwt.decode(
            token,
            theirs,
            algorithms=["ES256"],
            audience=origin,
            options={"require": ["aud", "exp", "sub"]},
        )
    except (jwt.PyJWTError, ValueError) as error:
        raise bad(403, f"BadJwtToken: {error}") from error
    if claims["exp"] > time.time() + _DAY_S:
        raise bad(403, "BadJwtToken: exp is more than a day ahead")
    if not str(claims["sub"]).startswith(("mailto:", "https://")):
        raise bad(403, "BadJwtToken: sub is neither mailto: nor https:")


def _read(body: bytes, chat: Chat) -> Notification:
    """What no push service can do: open the message, as the browser will."""
    try:
        return msgspec.json.decode(browser.opened(body, *browser.keys(chat)), type=Notification)
    except (browser.UnreadableError, msgspec.DecodeError) as error:
        raise bad(400, f"the browser cannot read it: {error}") from error


async def _show(chat: Chat, told: Notification) -> None:
    files: tuple[File, ...] = ()
    if told.image:
        try:
            image = await blobs.fetch(chat.account.shared.session, told.image, _PICTURE)
            files = (chat.account.keep(image, "picture"),)
        except blobs.NoBytesError:
            files = ()  # a browser shows the words without the picture
    keys = tuple(_key(action) for action in told.actions)
    tap = Button(text="open", payload="open", own={"payload": "", "proof": told.proof})
    shown = Message(
        id=told.id,
        own=False,
        at=time.time(),
        title=told.title,
        text=told.body,
        link=told.url,
        files=files,
        buttons=(keys, (tap,)) if keys else ((tap,),),
        status="delivered",
        details={"proof": told.proof},
    )
    if told.id in chat.messages:
        chat.change(shown)
    else:
        chat.leave(shown)
    if not told.again:
        body = beacon(chat, "shown", message=told.id, proof=told.proof)
        chat.account.push(Parcel(body=body, kind="shown", queue=chat.address))


def _key(action: Action) -> Button:
    if action.url:
        return Button(text=action.title, kind="url", url=action.url)
    own = {"payload": action.payload, "proof": action.proof}
    return Button(text=action.title, payload=action.payload, own=own)
