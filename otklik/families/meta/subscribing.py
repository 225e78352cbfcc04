"""What Messenger and Instagram share in connecting: where an app's deliveries go, and for whom."""

from collections.abc import Iterable

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from otklik.families import meta
from otklik.kernel import lenient
from otklik.kernel.lenient import Shape
from otklik.ports.channel import Answer, InboxConfig, Refusal, RefusalKind, Request
from otklik.ports.errors import ErrorTable

APPS_PLACE = "https://graph.facebook.com"


class _Success(Struct, frozen=True):
    success: bool = False
    result: str = ""


class Subscription(Struct, frozen=True):
    """One app that gets an account's events."""

    id: str | int = ""
    subscribed_fields: tuple[str, ...] = ()


class _Subscriptions(Struct, frozen=True):
    apps: tuple[Subscription, ...] = field(name="data")


def app_subscription(
    config: InboxConfig, kind: str, address: str, fields: Iterable[str]
) -> Request:
    """Point an app's deliveries about one kind of account at our address.

    It takes the token of the app itself; Meta asks our address for the challenge before it answers.
    """
    payload = {
        "object": kind,
        "callback_url": address,
        "verify_token": config.secrets.get("verify_token", ""),
        "fields": ",".join(fields),
        "include_values": True,
    }
    path = f"{config.settings.get('app_id', '')}/subscriptions"
    asked = meta.graph(config, "POST", path, payload, host=APPS_PLACE)
    secret = next(iter(meta.app_secrets(config)), "")
    token = f"Bearer {config.settings.get('app_id', '')}|{secret}"
    return replace(asked, headers={**asked.headers, "authorization": token}, repeatable=True)


def why_app_not_subscribed(answer: Answer, errors: ErrorTable) -> Refusal | None:
    """Read the answer to `app_subscription`: the token it refuses is the app's id and secret."""
    refusal = why_not_done(answer, errors)
    if refusal is not None and refusal.kind is RefusalKind.BAD_TOKEN:
        return errors.refusal("app-secret", refusal.detail)
    return refusal


def account_subscription(
    config: InboxConfig, node: str, fields: Iterable[str], place: str
) -> Request:
    """Have the events of one page or account delivered to the app."""
    payload = {"subscribed_fields": ",".join(fields)}
    asked = meta.graph(config, "POST", f"{node}/subscribed_apps", payload, host=place)
    return replace(asked, repeatable=True)


def account_unsubscription(config: InboxConfig, node: str, place: str) -> Request:
    """Stop the delivery of one account's events to the app."""
    asked = meta.graph(config, "DELETE", f"{node}/subscribed_apps", host=place)
    return replace(asked, repeatable=True)


def subscriptions_asked(config: InboxConfig, node: str, place: str) -> Request:
    """Ask which apps get the account's events."""
    asked = meta.graph(config, "GET", f"{node}/subscribed_apps", host=place)
    return replace(asked, label="who_is_subscribed")


def why_not_done(answer: Answer, errors: ErrorTable) -> Refusal | None:
    """Read `{"success": true}` or `{"result": "success"}`: None when it was done."""
    told = read_answer(answer, _Success, errors)
    if isinstance(told, Refusal):
        return told
    return (
        None
        if told.success or told.result == "success"
        else Refusal(RefusalKind.TEMPORARY, "Meta did not do it")
    )


def why_not_subscribed(
    answer: Answer, errors: ErrorTable, app_id: str, fields: Iterable[str]
) -> Refusal | None:
    """Read who is subscribed: None when our app is, and to messages.

    The list names every app of the account, so that it is not empty proves nothing. Where our app
    is not known, it is the one that gets every one of our fields.
    """
    found = read_answer(answer, _Subscriptions, errors)
    if isinstance(found, Refusal):
        return found
    wanted = {"messages"} if app_id else {"messages", *fields}
    ours = (row for row in found.apps if not app_id or str(row.id) in {"", app_id})
    if any(wanted <= set(row.subscribed_fields) for row in ours):
        return None
    return Refusal(RefusalKind.UNSUBSCRIBED, "the app no longer gets the account's messages")


def read_answer(answer: Answer, shape: type[Shape], errors: ErrorTable) -> Shape | Refusal:
    """Read an answer of the Graph API as what it should be, or say why it is not."""
    if answer.status >= 300 or meta.error_in(answer.body) is not None:
        return meta.refused(errors, answer)
    try:
        return lenient.read(answer.body, shape)
    except msgspec.DecodeError:
        return Refusal(RefusalKind.TEMPORARY, "Meta answered with something else")


def entries_of(body: bytes, ids: frozenset[str]) -> bytes:
    """Leave of a delivery what speaks of these accounts: one app may serve several."""
    if not ids:
        return body
    if body.lstrip()[:1] == b"[":
        parts = msgspec.json.decode(lenient.whole(body), type=list[msgspec.Raw])
        kept = [msgspec.Raw(entries_of(bytes(part), ids)) for part in parts]
        return msgspec.json.encode(kept)
    whole = msgspec.json.decode(lenient.whole(body), type=dict[str, msgspec.Raw])
    entries = msgspec.json.decode(whole["entry"], type=list[msgspec.Raw])
    kept = [entry for entry in entries if _about(entry) in ids | {""}]
    if len(kept) == len(entries):
        return body
    return msgspec.json.encode({**whole, "entry": kept})


class _Numbered(Struct, frozen=True):
    id: str | int = ""


def _about(entry: msgspec.Raw) -> str:
    try:
        return str(lenient.read(bytes(entry), _Numbered).id)
    except msgspec.DecodeError:  # not even an object: left for the reader to name
        return ""
