"""The bot itself and its webhook."""

import hashlib
import hmac

from sandbox.asgi import Reply
from sandbox.courier import Parcel, Rules, Tried
from sandbox.platform import Call, Refused
from sandbox.viber import messages
from sandbox.viber.bodies import envelope, user
from sandbox.viber.statuses import bad, good
from sandbox.world import Account

_GIVES_UP_S = 3600.0
_EVENTS = {
    "delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started",
    "client_status", "action",
}  # fmt: skip


def find(call: Call) -> Account | None:
    """The bot of a token."""
    found = call.world.by_token(call.header("x-viber-auth-token"))
    if found is not None and found.revoked:
        raise bad(2)
    return found


async def nothing(_call: Call, _account: Account) -> Reply:
    raise Refused(Reply(404, b"<html>Not Found</html>", "text/html"), "not found")


async def account_info(_call: Call, account: Account) -> Reply:
    return good(
        id=f"pa:{account.id}",
        name=account.title,
        uri=account.username,
        icon=f"{account.shared.origin()}/control/samples/tea-cup.jpg",
        category="Shopping",
        country="RU",
        subscribers_count=len(account.chats),
        webhook=account.settings.get("webhook", ""),
        event_types=account.settings.get("event_types", "").split(),
    )


async def user_details(call: Call, account: Account) -> Reply:
    chat = account.chats.get(str(call.fields.get("id", "")))
    if chat is None:
        raise bad(5)
    return good(message_token=account.number("token"), user=user(chat))


async def set_webhook(call: Call, account: Account) -> Reply:
    url = call.fields.get("url")
    kinds = call.fields.get("event_types", [])
    if not isinstance(url, str) or not isinstance(kinds, list) or not set(kinds) <= _EVENTS:
        raise bad(3)
    if not url:
        account.drop_courier()
        account.settings["webhook"] = ""
        return good(event_types=[])
    body = envelope(account, "webhook")
    tried = await account.courier().ask("POST", url, body=body, headers=_signed(account, body))
    if tried.status != 200:
        raise bad(1, f"Result code: {tried.status}")
    _open(account, url)
    account.settings["webhook"] = url
    account.settings["event_types"] = " ".join(kinds)
    return good(event_types=kinds)


def _open(account: Account, url: str) -> None:
    def wait_s(tried: Tried) -> float | None:
        return min(10.0 * 2**tried.attempt, 600.0) if tried.age_s < _GIVES_UP_S else None

    def welcomed(parcel: Parcel, tried: Tried) -> None:
        if parcel.kind == "conversation_started" and tried.body:
            messages.welcome(account, parcel, tried.body)

    rules = Rules(
        taken=lambda tried: tried.status == 200,
        wait_s=wait_s,
        sign=lambda body, _attempt: _signed(account, body),
        on_taken=welcomed,
    )
    account.courier().open(url, rules)


def _signed(account: Account, body: bytes) -> dict[str, str]:
    digest = hmac.new(account.token.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Viber-Content-Signature": digest, "Content-Type": "application/json"}
