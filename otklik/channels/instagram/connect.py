"""How an Instagram account is checked, subscribed, watched over, and its token renewed."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from msgspec.structs import replace

from otklik.channels.instagram import wire
from otklik.channels.instagram.outbound import by_page, node, place
from otklik.families import meta
from otklik.families.meta import conversations
from otklik.families.meta.conversations import Source
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
    RefusalKind,
    Request,
    Subscribed,
)

_FIELDS = (
    "messages",
    "message_echoes",
    "message_edit",
    "message_reactions",
    "messaging_handover",
    "messaging_optins",
    "messaging_postbacks",
    "messaging_referral",
    "messaging_seen",
    "standby",
)
_COMMENT_FIELDS = ("comments", "live_comments", "mentions")
_RENEWAL = timedelta(days=30)
"""A token lives for 60 days and may be renewed when it is a day old."""
_RETRY = timedelta(days=1)


def check(config: InboxConfig, answers: Answers) -> Request | Connected | Refusal:
    """Ask whose token it is; with Facebook Login also which app issued it."""
    if by_page(config):
        return _check_page(config, answers)
    if not answers:
        query = {"fields": "user_id,username,name"}
        return meta.graph(config, "GET", "me", query=query, host=place(config))
    account = read_answer(answers[0], wire.Account, wire.ERRORS)
    if isinstance(account, Refusal):
        return account
    settings = {
        "login": "instagram",
        "account_id": str(account.user_id),
        "username": account.username,
    }
    return Connected(
        title=f"@{account.username}" if account.username else "Instagram", settings=settings
    )


def subscribe(
    config: InboxConfig, address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Point the app at our address when we know the app, and the account at the app.

    With Instagram Login the token does not tell its app: without the setting `app_id` the address
    is pasted into the app's dashboard by hand.
    """
    more = _COMMENT_FIELDS if config.settings.get("comments") == "yes" else ()
    mine = ("messages",) if by_page(config) else (*_FIELDS, *more)
    steps = [(account_subscription(config, node(config), mine, place(config)), why_not_done)]
    if config.settings.get("app_id") and meta.app_secrets(config):
        app = app_subscription(config, "instagram", address, (*_FIELDS, *more))
        steps.insert(0, (app, why_app_not_subscribed))
    for (_, read), answer in zip(steps, answers, strict=False):
        refusal = read(answer, wire.ERRORS)
        if refusal is not None:
            return refusal
    return steps[len(answers)][0] if len(answers) < len(steps) else Subscribed()


def verify(config: InboxConfig, _address: str, answers: Answers) -> Request | Subscribed | Refusal:
    """Ask who gets the account's events and, about once a month, for a new token.

    What day it is tells the platform's own clock, the `Date` of its answer.
    """
    if not answers:
        return subscriptions_asked(config, node(config), place(config))
    app_id = config.settings.get("app_id", "")
    refusal = why_not_subscribed(answers[0], wire.ERRORS, app_id, _FIELDS)
    now = _date(answers[0])
    if refusal is not None or by_page(config) or now is None:
        return refusal or Subscribed()
    due = _moment(config.settings.get("token_renewal_after", ""))
    if due is None:
        return _postponed(now + _RETRY)
    if now < due:
        return Subscribed()
    return _renewed(answers[1], now) if len(answers) > 1 else _renewal(config)


def unsubscribe(
    config: InboxConfig, _address: str, answers: Answers
) -> Request | Subscribed | Refusal:
    """Stop the account's deliveries to the app."""
    if not answers:
        return account_unsubscription(config, node(config), place(config))
    return why_not_done(answers[-1], wire.ERRORS) or Subscribed()


def poll(config: InboxConfig, cursor: str, answers: Answers) -> Request | Polled | Refusal:
    """Fetch the account's messages since the cursor."""
    source = Source(
        "instagram", "instagram", node(config), place(config), _numbers(config), wire.ERRORS
    )
    return conversations.poll(config, cursor, answers, source)


def ours(body: bytes, config: InboxConfig) -> bytes:
    """Leave of a delivery what speaks of this account, under any of its numbers."""
    return entries_of(body, _numbers(config))


def _numbers(config: InboxConfig) -> frozenset[str]:
    known = (config.settings.get(name, "") for name in ("account_id", "page_id"))
    return frozenset(known) - {""}


def _check_page(config: InboxConfig, answers: Answers) -> Request | Connected | Refusal:
    if not answers:
        query = {"fields": "id,name,instagram_business_account{id,username}"}
        return meta.graph(config, "GET", "me", query=query, host=place(config))
    page = read_answer(answers[0], wire.Page, wire.ERRORS)
    if isinstance(page, Refusal):
        return page
    account = page.instagram_business_account
    if account is None:
        return Refusal(RefusalKind.OTHER, f"page {page.name} has no Instagram account linked to it")
    if len(answers) == 1:
        return meta.graph(config, "GET", "app", query={"fields": "id"}, host=place(config))
    app = read_answer(answers[1], wire.App, wire.ERRORS)
    if isinstance(app, Refusal):
        return app
    settings = {
        "login": "facebook",
        "account_id": str(account.id),
        "username": account.username,
        "page_id": str(page.id),
        "app_id": str(app.id),
    }
    return Connected(
        title=f"@{account.username}" if account.username else page.name, settings=settings
    )


def _renewal(config: InboxConfig) -> Request:
    query = {
        "grant_type": "ig_refresh_token",
        "access_token": config.secrets.get("token", "").strip(),
    }
    asked = meta.graph(config, "GET", "refresh_access_token", query=query, host=place(config))
    return replace(asked, label="refresh_access_token")


def _renewed(answer: Answer, now: datetime) -> Subscribed | Refusal:
    token = read_answer(answer, wire.Token, wire.ERRORS)
    if isinstance(token, Refusal):
        # The old one is good for weeks yet: what says otherwise is the next look at it.
        return token if token.kind is RefusalKind.BAD_TOKEN else _postponed(now + _RETRY)
    after = _postponed(now + _RENEWAL)
    return replace(after, secrets={"token": token.access_token})


def _postponed(moment: datetime) -> Subscribed:
    return Subscribed(settings={"token_renewal_after": moment.strftime("%Y-%m-%dT%H:%M:%SZ")})


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        return None


def _date(answer: Answer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except (ValueError, TypeError):
        return None
