"""The rest of the Cloud API: the app, the account, the number and its webhook."""

from sandbox.asgi import Reply, as_json
from sandbox.meta import challenge, dead_token, graph_error, subscribed_apps
from sandbox.orders import ActError
from sandbox.platform import Call, Refused
from sandbox.whatsapp import media
from sandbox.whatsapp.account import Number
from sandbox.world import Account


async def app(_call: Call, account: Account) -> Reply:
    """Whose token it is."""
    number = _alive(account)
    return as_json({"id": number.app_id, "name": f"{number.title} app"})


async def numbers(call: Call, account: Account) -> Reply:
    """The numbers of an account."""
    number = _of_account(call, account)
    same = [
        one
        for one in call.world.accounts.values()
        if isinstance(one, Number) and one.waba_id == number.waba_id
    ]
    return as_json({"data": [_card(one) for one in same]})


async def subscriptions(call: Call, account: Account) -> Reply:
    """Which apps listen to the account."""
    number = _of_account(call, account)
    told = subscribed_apps(number)["data"]
    assert isinstance(told, list)
    return as_json({"data": [{"whatsapp_business_api_data": one} for one in told]})


async def subscribe(call: Call, account: Account) -> Reply:
    """The app of this token listens from now on."""
    number = _of_account(call, account)
    number.subscribed[number.app_id] = ()
    number.listen()
    return as_json({"success": True})


async def unsubscribe(call: Call, account: Account) -> Reply:
    """The app of this token listens no more."""
    number = _of_account(call, account)
    number.subscribed.pop(number.app_id, None)
    number.listen()
    return as_json({"success": True})


async def read_node(call: Call, account: Account) -> Reply:
    """The number itself, or a file by its id."""
    number, node = _alive(account), call.names["node"]
    if node != number.id:
        return await media.address(call, account, node)
    webhooks = {"application": number.app_url}
    if number.override_url:
        webhooks["phone_number"] = number.override_url
    return as_json(_card(number) | {"webhook_configuration": webhooks})


async def change_node(call: Call, account: Account) -> Reply:
    """Another webhook for the number; the challenge comes at once."""
    number = _alive(account)
    told = call.fields.get("webhook_configuration")
    if call.names["node"] != number.id or not isinstance(told, dict):
        raise _bad(100, "Invalid parameter", "webhook_configuration")
    url = str(told.get("override_callback_uri", ""))
    if url:
        try:
            await challenge(number.courier("challenge"), url, str(told.get("verify_token", "")))
        except ActError as problem:
            raise _bad(100, "Invalid parameter", str(problem)) from None
        finally:
            number.drop_courier("challenge")
    number.override_url = url
    number.listen()
    return as_json({"success": True})


async def paste(account: Account, url: str, verify_token: str) -> None:
    """The app's own webhook, set on its settings page; that subscribes the app, too."""
    assert isinstance(account, Number)
    try:
        await challenge(account.courier("challenge"), url, verify_token)
    finally:
        account.drop_courier("challenge")
    account.app_url = url
    account.listen()


def _card(number: Number) -> dict[str, object]:
    return {
        "id": number.id,
        "display_phone_number": number.display_phone,
        "verified_name": number.title,
        "quality_rating": "GREEN",
        "status": "CONNECTED",
    }


def _alive(account: Account) -> Number:
    if account.revoked or not isinstance(account, Number):
        raise Refused(dead_token(), "190")
    return account


def _of_account(call: Call, account: Account) -> Number:
    number = _alive(account)
    if call.names["node"] != number.waba_id:
        details = "the object does not exist or the token may not see it"
        raise Refused(graph_error(100, "Unsupported request", subcode=33, details=details), "100")
    return number


def _bad(code: int, words: str, details: str) -> Refused:
    return Refused(graph_error(code, words, details=details), str(code))
