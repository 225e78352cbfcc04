"""How a WhatsApp number is checked, subscribed and watched over."""

import msgspec
from msgspec.structs import replace

from otklik.channels.whatsapp import wire
from otklik.channels.whatsapp.errors import refused
from otklik.families import meta
from otklik.kernel import lenient
from otklik.ports.channel import (
    Answer,
    Answers,
    Connected,
    InboxConfig,
    Refusal,
    RefusalKind,
    Request,
    Subscribed,
)

_NUMBER_FIELDS = "id,display_phone_number,verified_name,quality_rating,status"


def check(config: InboxConfig, answers: Answers) -> Request | Connected | Refusal:
    """Tell whose token it is, and that it speaks for this number of this account."""
    if not answers:
        return replace(meta.graph(config, "GET", "app", query={"fields": "id"}), label="app")
    if len(answers) == 1:
        if refused(answers[0]).kind is RefusalKind.BAD_TOKEN:
            return refused(answers[0])
        account = config.settings.get("waba_id", "")
        query = {"fields": _NUMBER_FIELDS, "limit": "100"}
        return meta.graph(config, "GET", f"{account}/phone_numbers", query=query)
    try:
        numbers = lenient.read(answers[1].body, wire.Page).nodes
    except msgspec.DecodeError:
        return refused(answers[1])
    wanted = config.settings.get("phone_number_id", "")
    mine = [number for number in numbers if number.id == wanted or not wanted]
    if len(mine) != 1:
        known = ", ".join(f"{number.id} ({number.display_phone_number})" for number in numbers)
        detail = f"the phone number id must be one of this account's: {known or 'it has none'}"
        return Refusal(RefusalKind.OTHER, detail)
    return _connected(mine[0], _app_in(answers[0]))


def subscribe(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Subscribe the app to the account, and have this number's news brought to our address."""
    if answers and (refusal := _why_not_done(answers[-1])):
        return refusal
    if not answers:
        return meta.graph(config, "POST", f"{_account(config)}/subscribed_apps", {})
    if len(answers) == 1:
        token = config.secrets.get("verify_token", "")
        return _webhook(config, {"override_callback_uri": address, "verify_token": token})
    return Subscribed()


def unsubscribe(
    config: InboxConfig, _address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Take our address off the number; the account stays subscribed for its other numbers."""
    if not answers:
        return _webhook(config, {"override_callback_uri": ""})
    return _why_not_done(answers[-1]) or Subscribed()


def verify(config: InboxConfig, address: str, answers: Answers) -> Request | Subscribed | Refusal:
    """Ask whether the app is still subscribed and the number's news still come to our address.

    The list of subscribed apps names every app, so that it is not empty proves nothing.
    """
    if not answers:
        return replace(
            meta.graph(config, "GET", f"{_account(config)}/subscribed_apps"), label="subscriptions"
        )
    try:
        if len(answers) == 1:
            return _why_unsubscribed(answers[0], config) or _ask_webhook(config)
        number = lenient.read(answers[1].body, wire.Node)
    except msgspec.DecodeError:
        return refused(answers[-1])
    if not number.id:
        return refused(answers[-1])
    told = number.webhook_configuration or wire.Webhooks()
    if address not in {told.phone_number, told.whatsapp_business_account, told.application}:
        lost = "WhatsApp brings this number's messages to another address, or to none"
        return Refusal(RefusalKind.UNSUBSCRIBED, lost)
    return Subscribed()


def _why_unsubscribed(answer: Answer, config: InboxConfig) -> Refusal | None:
    apps = lenient.read(answer.body, wire.Page).nodes
    ids = {one.whatsapp_business_api_data.id for one in apps if one.whatsapp_business_api_data}
    app = config.settings.get("meta_app", "")
    if app in ids or (ids and not app):
        return None
    return Refusal(RefusalKind.UNSUBSCRIBED, "the app is not subscribed to the account any more")


def _ask_webhook(config: InboxConfig) -> Request:
    fields = {"fields": "id,webhook_configuration"}
    request = meta.graph(config, "GET", _number(config), query=fields)
    return replace(request, label="webhook_told")


def _webhook(config: InboxConfig, configuration: dict[str, str]) -> Request:
    payload = {"webhook_configuration": configuration}
    return replace(meta.graph(config, "POST", _number(config), payload), label="webhook")


def _connected(number: wire.Node, app: str) -> Connected:
    digits = "".join(letter for letter in number.display_phone_number if letter.isdigit())
    settings = {
        "phone_number_id": number.id,
        "display_phone_number": number.display_phone_number,
        "phone": digits,
        "meta_app": app,
    }
    title = number.verified_name or number.display_phone_number or number.id
    return Connected(title, {name: value for name, value in settings.items() if value})


def _app_in(answer: Answer) -> str:
    try:
        return lenient.read(answer.body, wire.Node).id
    except msgspec.DecodeError:
        return ""


def _why_not_done(answer: Answer) -> Refusal | None:
    try:
        done = lenient.read(answer.body, wire.Node).success
    except msgspec.DecodeError:
        done = False
    return None if done and 200 <= answer.status < 300 else refused(answer)


def _account(config: InboxConfig) -> str:
    return config.settings.get("waba_id", "")


def _number(config: InboxConfig) -> str:
    return config.settings.get("phone_number_id", "")
