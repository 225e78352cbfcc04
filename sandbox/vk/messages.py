"""The methods `messages.*` and `users.get`."""

import time

import msgspec

from sandbox.asgi import Reply
from sandbox.message import File, Keyboard, Message, Place
from sandbox.platform import Call, Refused
from sandbox.vk import markup
from sandbox.vk.community import Community
from sandbox.vk.events import REACTIONS, business_message, read_out
from sandbox.vk.params import ERRORS, Params, done, refused
from sandbox.world import Chat

_TEXT = 4096
_DAY_S = 86_400
_PRESS_S = 60
_RECEIVERS = ("peer_id", "peer_ids", "user_id", "user_ids", "domain", "chat_id")
_ACTIVITIES = {"typing", "audiomessage", "photo", "video", "file"}


def send(community: Community, params: Params, call: Call) -> Reply:
    told = [name for name in _RECEIVERS if params.has(name)]
    if len(told) != 1 or told[0] in {"domain", "chat_id", "user_ids"}:
        raise refused(100, "you should specify peer_id, user_id or peer_ids param")
    number = params.number("random_id")
    if not -(2**31) <= number < 2**31:
        raise refused(100, "random_id should be int32")
    peers = params.numbers(told[0], 100)
    if told[0] != "peer_ids":
        message = _sent(community, params, peers[0], number, call)
        return done(message["message_id"])
    receipts = []
    for peer in peers:
        try:
            receipts.append(_sent(community, params, peer, number, call))
        except Refused as refusal:
            code = int(refusal.code)
            if code < 900 or code in {911, 912, 914, 921}:  # of the message, not of one receiver
                raise
            error = {"code": code, "description": ERRORS[code]}
            call.code = refusal.code
            receipts.append({"peer_id": peer, "message_id": 0, "error": error})
    return done(receipts)


def edit(community: Community, params: Params, _call: Call) -> Reply:
    chat = _chat(community, params.number("peer_id"))
    old = _own(community, chat, params)
    if time.time() - old.at > _DAY_S:
        raise refused(909)
    if old.kind in {"sticker", "voice"}:
        raise refused(920)
    body = _body(community, params, chat)
    if not params.flag("keep_forward_messages"):
        body = msgspec.structs.replace(body, reply_to="")
    changed = msgspec.structs.replace(
        body, id=old.id, at=old.at, edited_at=time.time(), details=old.details,
        reply_to=old.reply_to if params.flag("keep_forward_messages") else "",
    )  # fmt: skip
    chat.change(changed)
    told = business_message(community, chat, changed)
    community.push(community.happened(chat, "message_edit", told))
    return done()


def delete(community: Community, params: Params, _call: Call) -> Reply:
    chat = _chat(community, params.number("peer_id"))
    return done([_deleted(chat, number, params) for number in params.numbers("cmids", 100)])


def set_activity(community: Community, params: Params, _call: Call) -> Reply:
    chat = _chat(community, params.number("peer_id"))
    if params.text("type", required=True) not in _ACTIVITIES:
        raise refused(100, "type is invalid")
    chat.act("typing" if params.text("type") == "typing" else params.text("type"))
    return done()


def mark_as_read(community: Community, params: Params, _call: Call) -> Reply:
    chat = _chat(community, params.number("peer_id"))
    up_to = params.text("up_to_cmid")
    if up_to and up_to not in chat.messages:
        raise refused(100, "up_to_cmid is invalid")
    if not up_to and not params.flag("mark_conversation_as_read"):
        raise refused(100, "message_ids is undefined")
    chat.mark_up_to("read", own=True, message_id=up_to)
    community.push(community.happened(chat, "message_read", read_out(community, chat, up_to)))
    return done()


def send_reaction(community: Community, params: Params, _call: Call) -> Reply:
    if params.number("reaction_id") not in REACTIONS:
        raise refused(1009)
    return _react(community, params, REACTIONS[params.number("reaction_id")])


def delete_reaction(community: Community, params: Params, _call: Call) -> Reply:
    return _react(community, params, "")


def answer_event(community: Community, params: Params, _call: Call) -> Reply:
    chat = _chat(community, params.number("peer_id"))
    press_id = params.text("event_id", required=True)
    if params.number("user_id") != chat.person.id or press_id not in chat.presses:
        raise refused(100, "event_id is invalid")
    if time.time() - float(chat.facts.get(f"pressed {press_id}", "0")) > _PRESS_S:
        raise refused(100, "event_id is expired")
    shown = params.parsed("event_data") if params.has("event_data") else {}
    if len(params.text("event_data")) > 1000:
        raise refused(100, "event_data is too long")
    kind = shown.get("type", "")
    text = str(shown.get("text", ""))
    if kind not in {"", "show_snackbar", "open_link", "open_app"} or len(text) > 90:
        raise refused(100, "event_data is invalid")
    if kind == "show_snackbar" and not text:
        raise refused(100, "event_data: text is empty")
    chat.notice(press_id, text)
    return done()


def is_allowed(community: Community, params: Params, _call: Call) -> Reply:
    chat = community.chats.get(str(params.number("user_id")))
    return done({"is_allowed": int(chat is not None and chat.started and not chat.blocked)})


def users(community: Community, params: Params, _call: Call) -> Reply:
    fields = set(params.text("fields").split(","))
    people = community.shared.people.by_id
    found = [people[one] for one in params.numbers("user_ids", 1000) if one in people]
    known: list[dict[str, object]] = []
    for person in found:
        more = {
            "screen_name": person.username or f"id{person.id}",
            "photo_200": f"{community.shared.origin()}/vk/faces/{person.id}.png",
            "sex": 0,
            "city": {"id": 73, "title": "Красноярск"},
        }
        name = {"id": person.id, "first_name": person.first_name, "last_name": person.last_name}
        known.append(
            name
            | {"can_access_closed": True, "is_closed": False}
            | {field: more[field] for field in fields & set(more)}
        )
    return done(known)


def _sent(
    community: Community, params: Params, peer: int, number: int, call: Call
) -> dict[str, object]:
    chat = _chat(community, peer)
    body = _body(community, params, chat)
    _may_write(chat)
    _hold_back(community, chat)
    before = community.sent.get((chat.address, number)) if number else None
    if before is not None:
        return _receipt(community, chat, before)
    message = msgspec.structs.replace(body, id=str(chat.number()), at=time.time())
    if number:
        community.sent[chat.address, number] = message.id
    chat.leave(message, _keys(params))
    call.note(chat, message.id, message.text)
    told = business_message(community, chat, message) | {"random_id": number}
    community.push(community.happened(chat, "message_reply", told))
    return _receipt(community, chat, message.id)


def _keys(params: Params) -> Keyboard | None:
    return markup.keyboard(params).keyboard


def _receipt(community: Community, chat: Chat, message_id: str) -> dict[str, object]:
    return {
        "peer_id": int(chat.address),
        "message_id": community.mail_id(chat, message_id),
        "conversation_message_id": int(message_id),
    }


def _body(community: Community, params: Params, chat: Chat) -> Message:
    """What a message says, without its number; refused as VK refuses it."""
    text = params.text("message")
    if len(text) > _TEXT:
        raise refused(914)
    files = _attached(community, params)
    cards = markup.cards(params, community)
    place = None
    if params.has("lat") or params.has("long"):
        place = Place(latitude=params.real("lat", 90), longitude=params.real("long", 180))
    if not (text.strip() or files or place) or (cards and not text.strip()):
        raise refused(100, "message is empty or invalid")
    drawn = markup.keyboard(params)
    if (drawn.buttons or drawn.keyboard or cards) and not community.bot_features:
        raise refused(912)
    payload = params.text("payload", 1000)
    if payload:
        params.parsed("payload")
    kind = files[0].kind if files else "cards" if cards else "location" if place else "text"
    return Message(
        id="",
        own=False,
        at=0.0,
        kind=kind,
        text=text,
        marks=markup.marks(params, text),
        files=files,
        place=place,
        cards=cards,
        buttons=drawn.buttons,
        reply_to=_replied(params, chat),
        status="sent",
        details={"payload": payload} if payload else {},
    )


def _attached(community: Community, params: Params) -> tuple[File, ...]:
    names = [name for name in params.text("attachment", 9000).split(",") if name]
    if len(names) > 10:
        raise refused(100, "attachment: too many")
    found = []
    for name in names:
        kind, _, rest = name.partition("-")
        owner, _, tail = rest.partition("_")
        number, _, key = tail.partition("_")
        stored = community.stored.get(f"{kind}-{owner}_{number}")
        if stored is None or (key and key != stored.access_key):
            raise refused(100, f"attachment {name} is invalid")
        blob = community.files[stored.file_id]
        found.append(community.keep(blob, stored.kind, stored.file_id))
    return tuple(found)


def _replied(params: Params, chat: Chat) -> str:
    if not params.has("forward"):
        return ""
    told = params.parsed("forward")
    numbers = told.get("conversation_message_ids", told.get("cmids"))
    if told.get("peer_id") != int(chat.address) or not isinstance(numbers, list) or not numbers:
        raise refused(100, "forward is invalid")
    if not told.get("is_reply"):
        raise refused(100, "forward: only replies are known here")
    if str(numbers[0]) not in chat.messages:
        raise refused(921)
    return str(numbers[0])


def _chat(community: Community, peer: int) -> Chat:
    chat = community.chats.get(str(peer))
    if chat is None:
        raise refused(901 if peer in community.shared.people.by_id else 936)
    return chat


def _may_write(chat: Chat) -> None:
    if chat.facts.get("deleted"):
        raise refused(18)
    if chat.facts.get("banned"):
        raise refused(900)
    if chat.blocked or not chat.started:
        raise refused(901)


def _hold_back(community: Community, chat: Chat) -> None:
    if community.throttle is not None and community.throttle.wait_s(("chat", chat.address)):
        raise refused(9)


def _own(community: Community, chat: Chat, params: Params) -> Message:
    number = params.text("cmid") or params.text("conversation_message_id")
    if params.has("message_id"):
        wanted = params.number("message_id")
        numbers = (one for one in chat.messages if community.mail_id(chat, one) == wanted)
        number = next(numbers, "")
    message = chat.messages.get(number)
    if message is None or message.own:
        raise refused(100, "message_id is invalid")
    return message


def _deleted(chat: Chat, number: int, params: Params) -> dict[str, object]:
    told: dict[str, object] = {"peer_id": int(chat.address), "conversation_message_id": number}
    message = chat.messages.get(str(number))
    if message is None or message.own or time.time() - message.at > _DAY_S:
        return told | {"error": {"code": 924, "description": ERRORS[924]}}
    if params.flag("delete_for_all"):
        chat.remove(message.id)
    return told | {"response": 1}


def _react(community: Community, params: Params, emoji: str) -> Reply:
    chat = _chat(community, params.number("peer_id"))
    message = chat.messages.get(str(params.number("cmid")))
    if message is None:
        raise refused(100, "cmid is invalid")
    chat.change(msgspec.structs.replace(message, answer_reaction=emoji))
    return done()
