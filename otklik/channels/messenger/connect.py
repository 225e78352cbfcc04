"""How a page is checked, subscribed and watched over."""

from msgspec import Struct, field
from msgspec.structs import replace

from otklik.channels.messenger import wire
from otklik.channels.messenger.outbound import PLACE, node
from otklik.families import meta
from otklik.families.meta import conversations
from otklik.families.meta.conversations import Source
from otklik.families.meta.messaging_events import STARTED
from otklik.families.meta.subscribing import (
    account_subscription,
    account_unsubscription,
    app_subscription,
    entries_of,
    read_answer,
    subscriptions_asked,
    why_app_not_subscribed,
    why_not_done,
    why_not_subscribed,
)
from otklik.ports.channel import (
    Answer,
    Answers,
    Connected,
    InboxConfig,
    Polled,
    Refusal,
    Request,
    Subscribed,
)
from otklik.ports.errors import ErrorTable

_FIELDS = (
    "messages",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_reads",
    "message_deliveries",
    "messaging_postbacks",
    "messaging_referrals",
    "messaging_optins",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "messaging_feedback",
    "response_feedback",
    "send_cart",
    "messenger_template_status_update",
)


class _Profile(Struct, frozen=True):
    parts: tuple[dict[str, object], ...] = field(name="data")


def check(config: InboxConfig, answers: Answers) -> Request | Connected | Refusal:
    """Ask whose token it is, and which app issued it."""
    if not answers:
        return meta.graph(config, "GET", "me", query={"fields": "id,name,username"})
    page = read_answer(answers[0], wire.Page, wire.ERRORS)
    if isinstance(page, Refusal):
        return page
    if len(answers) == 1:
        return meta.graph(config, "GET", "app", query={"fields": "id"})
    app = read_answer(answers[1], wire.App, wire.ERRORS)
    if isinstance(app, Refusal):
        return app
    settings = {"page_id": page.id, "page": page.username or page.id, "app_id": app.id}
    return Connected(title=page.name or page.username or page.id, settings=settings)


def subscribe(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Point the app at our address, the page at the app, and put a Get Started button.

    Without that button a person who comes by a link for the first time brings no payload; one
    that another program has put stays as it is.
    """
    fields = (*_FIELDS, *(("feed",) if config.settings.get("comments") == "yes" else ()))
    page = node(config)
    button = {"get_started": {"payload": STARTED}}
    refusal = _why_not(answers)
    if refusal is not None or len(answers) == 4 or (len(answers) == 3 and _has_button(answers[2])):
        return refusal or Subscribed()
    return (
        app_subscription(config, "page", address, fields),
        account_subscription(config, page, fields, PLACE),
        _button_asked(config, page),
        replace(meta.graph(config, "POST", f"{page}/messenger_profile", button), repeatable=True),
    )[len(answers)]


def verify(config: InboxConfig, _address: str, answers: Answers) -> Request | Subscribed | Refusal:
    """Ask who gets the page's events: an hour of failed deliveries costs the subscription."""
    if not answers:
        return subscriptions_asked(config, node(config), PLACE)
    app_id = config.settings.get("app_id", "")
    return why_not_subscribed(answers[-1], wire.ERRORS, app_id, _FIELDS) or Subscribed()


def unsubscribe(
    config: InboxConfig, _address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Stop the page's deliveries to the app."""
    if not answers:
        return account_unsubscription(config, node(config), PLACE)
    return why_not_done(answers[-1], wire.ERRORS) or Subscribed()


def poll(config: InboxConfig, cursor: str, answers: Answers) -> Request | Polled | Refusal:
    """Fetch the page's messages since the cursor."""
    page = node(config)
    source = Source("page", "messenger", page, PLACE, frozenset({page}), wire.ERRORS)
    return conversations.poll(config, cursor, answers, source)


def ours(body: bytes, config: InboxConfig) -> bytes:
    """Leave of a delivery what speaks of this page."""
    page = config.settings.get("page_id", "")
    return entries_of(body, frozenset({page} - {""}))


def _why_not(answers: Answers) -> Refusal | None:
    """Give the first refusal among the answers to the steps of `subscribe`."""
    readers = (why_app_not_subscribed, why_not_done, _why_unknown_button, why_not_done)
    refusals = (read(answer, wire.ERRORS) for read, answer in zip(readers, answers, strict=False))
    return next((refusal for refusal in refusals if refusal is not None), None)


def _why_unknown_button(answer: Answer, errors: ErrorTable) -> Refusal | None:
    read = read_answer(answer, _Profile, errors)
    return read if isinstance(read, Refusal) else None


def _button_asked(config: InboxConfig, page: str) -> Request:
    query = {"fields": "get_started"}
    asked = meta.graph(config, "GET", f"{page}/messenger_profile", query=query)
    return replace(asked, label="which_button")


def _has_button(answer: Answer) -> bool:
    read = read_answer(answer, _Profile, wire.ERRORS)
    return isinstance(read, _Profile) and any("get_started" in row for row in read.parts)
