"""The Bot API over HTTP: tokens, methods, polling and webhooks, files, ordered faults."""

import re
import time

import aiohttp
import msgspec

from sandbox import strikes
from sandbox.asgi import Answer, MalformedError, Reply, Request, Upload, parse_body
from sandbox.faults import CallRule
from sandbox.telegram import methods, params
from sandbox.telegram.calls import METHODS, Call
from sandbox.telegram.errors import (
    NOT_FOUND,
    POLL_WITH_WEBHOOK,
    SECOND_POLLER,
    TOO_LARGE,
    UNAUTHORIZED,
    RefusedError,
    bad,
    too_many,
)
from sandbox.telegram.webhook import Courier, Pace, WebhookSettings
from sandbox.telegram.wire import Message, WebhookStatus
from sandbox.telegram.world import Bot, Entry, World

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{10,}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_QUIET = frozenset({"getupdates", "getme", "getfile", "getwebhookinfo"})
# Methods that make no sense in the body of a webhook's answer; Telegram ignores them there.
_NOT_IN_ANSWER = ("get", "setwebhook", "deletewebhook", "close", "logout")

assert methods.__all__  # importing the package fills METHODS


class BotApi:
    """Answer bots as api.telegram.org would."""

    def __init__(self, world: World, session: aiohttp.ClientSession, pace: Pace) -> None:
        self.world = world
        self.couriers: dict[str, Courier] = {}
        self._session = session
        self._pace = pace
        self._own = {
            "getupdates": self._get_updates,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": self._webhook_info,
        }

    def stop(self) -> None:
        """Stop every delivery and let waiting polls go."""
        for courier in self.couriers.values():
            courier.stop()
        self.couriers.clear()
        for bot in self.world.bots.values():
            bot.updates.wake()

    async def serve(self, request: Request, route: dict[str, str]) -> Answer:
        """Answer one call of a method."""
        bot = self._bot(route["token"])
        if bot is None:
            return _refusal(UNAUTHORIZED)
        name = route["method"]
        rule = bot.faults.draw(name)
        if rule is not None and (early := await strikes.before(rule, request, _refuse)) is not None:
            self._note(bot, name, request, early, rule)
            return early
        answer, fields, result = await self._call(bot, name, request)
        if name.lower() not in _QUIET:
            _journal(bot, name, fields, answer.status, result, rule)
        cut = await strikes.after(rule, request) if rule is not None else None
        return cut or answer

    async def download(self, request: Request, route: dict[str, str]) -> Answer:
        """Give the bytes of a file by the path `getFile` named."""
        bot = self._bot(route["token"])
        if bot is None:
            return _refusal(UNAUTHORIZED)
        rule = bot.faults.draw("file")
        if rule is not None and (early := await strikes.before(rule, request, _refuse)) is not None:
            return early
        stored = bot.paths.get(route["path"])
        if stored is None:
            return _refusal(NOT_FOUND)
        return Reply(200, stored.blob.content, "application/octet-stream")

    def _bot(self, token: str) -> Bot | None:
        bot = self.world.bots.get(token)
        if bot is None and self.world.open_to_all and _TOKEN.fullmatch(token):
            number = token.partition(":")[0]
            bot = self.world.add_bot(token, name="Чайный мост", username=f"tea_bridge_{number}_bot")
        return bot

    async def _call(
        self, bot: Bot, name: str, request: Request
    ) -> tuple[Reply, dict[str, object], object]:
        fields: dict[str, object] = {}
        try:
            fields, uploads = parse_body(request)
            result = await self._run(bot, name, fields, uploads)
        except MalformedError as problem:
            return _refusal(bad(f"can't parse the request body: {problem}")), fields, None
        except RefusedError as refused:
            return _refusal(refused), fields, None
        return Reply(200, result if isinstance(result, bytes) else _ok(result)), fields, result

    async def _run(
        self, bot: Bot, name: str, fields: dict[str, object], uploads: dict[str, Upload]
    ) -> object:
        key = name.lower()
        own = self._own.get(key)
        if own is not None:
            return await own(bot, fields)
        run = METHODS.get(key)
        if run is None:
            raise NOT_FOUND
        if sum(len(upload.content) for upload in uploads.values()) > 50 * 1024 * 1024:
            raise TOO_LARGE
        return await run(Call(self.world, bot, fields, uploads, self._session))

    def _note(self, bot: Bot, name: str, request: Request, early: Answer, rule: CallRule) -> None:
        try:
            fields, _ = parse_body(request)
        except MalformedError:
            fields = {}
        _journal(bot, name, fields, early.status if isinstance(early, Reply) else 0, None, rule)

    async def _get_updates(self, bot: Bot, fields: dict[str, object]) -> bytes:
        ask = params.read(fields, params.Poll)
        if bot.token in self.couriers:
            raise POLL_WITH_WEBHOOK
        if ask.allowed_updates is not None:
            bot.updates.allowed = ask.allowed_updates
        batch = await bot.updates.poll(
            ask.offset, min(max(ask.limit, 1), 100), min(max(ask.timeout, 0), 50)
        )
        if batch is None:
            raise POLL_WITH_WEBHOOK if bot.token in self.couriers else SECOND_POLLER
        return b'{"ok":true,"result":[' + b",".join(queued.body for queued in batch) + b"]}"

    async def _set_webhook(self, bot: Bot, fields: dict[str, object]) -> bool:
        ask = params.read(fields, params.Webhook)
        if ask.url and not re.match(r"https?://[^\s/]+", ask.url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if ask.secret_token and not _SECRET.fullmatch(ask.secret_token):
            raise bad("secret token contains unallowed characters")
        self._close_webhook(bot)
        if ask.allowed_updates is not None:
            bot.updates.allowed = ask.allowed_updates
        if ask.drop_pending_updates:
            bot.updates.drop()
        if not ask.url:
            return True
        settings = WebhookSettings(
            url=ask.url,
            secret_token=ask.secret_token or None,
            max_connections=min(max(ask.max_connections, 1), 100),
        )

        async def answered(body: bytes) -> None:
            await self._call_in_answer(bot, body)

        courier = Courier(
            settings,
            bot.updates,
            bot.faults,
            self._session,
            pace=self._pace,
            on_answer=answered,
        )
        self.couriers[bot.token] = courier
        bot.updates.wake()
        courier.start()
        return True

    async def _delete_webhook(self, bot: Bot, fields: dict[str, object]) -> bool:
        self._close_webhook(bot)
        if params.read(fields, params.Webhook).drop_pending_updates:
            bot.updates.drop()
        return True

    def _close_webhook(self, bot: Bot) -> None:
        courier = self.couriers.pop(bot.token, None)
        if courier is not None:
            courier.stop()

    async def _webhook_info(self, bot: Bot, _fields: dict[str, object]) -> WebhookStatus:
        courier = self.couriers.get(bot.token)
        if courier is None:
            return WebhookStatus(
                url="",
                has_custom_certificate=False,
                pending_update_count=len(bot.updates.pending),
                allowed_updates=bot.updates.allowed or None,
            )
        error = courier.last_error
        return WebhookStatus(
            url=courier.settings.url,
            has_custom_certificate=False,
            pending_update_count=len(bot.updates.pending),
            last_error_date=error[0] if error else None,
            last_error_message=error[1] if error else None,
            max_connections=courier.settings.max_connections,
            allowed_updates=bot.updates.allowed or None,
            ip_address="127.0.0.1",
        )

    async def _call_in_answer(self, bot: Bot, body: bytes) -> None:
        try:
            fields = msgspec.json.decode(body, type=dict[str, object])
        except msgspec.DecodeError:
            return
        name = fields.pop("method", None)
        if not isinstance(name, str) or name.lower().startswith(_NOT_IN_ANSWER):
            return
        try:
            result = await self._run(bot, name, fields, {})
        except RefusedError as refused:  # Telegram reports nothing back; only the journal shows it
            _journal(bot, name, fields, refused.code, None, None)
        else:
            _journal(bot, name, fields, 200, result, None)


def _ok(result: object) -> bytes:
    return b'{"ok":true,"result":' + msgspec.json.encode(result) + b"}"


def _refusal(refused: RefusedError) -> Reply:
    return Reply(refused.code, refused.encode())


def _refuse(rule: CallRule) -> Reply:
    if rule.kind == "too_many":
        return _refusal(too_many(rule.retry_after))
    said = "Bad Gateway" if rule.status == 502 else "Internal Server Error"
    return _refusal(RefusedError(rule.status, said))


def _journal(
    bot: Bot,
    name: str,
    fields: dict[str, object],
    status: int,
    result: object,
    rule: CallRule | None,
) -> None:
    bot.journal_seq += 1
    text = fields.get("text", fields.get("caption"))
    first = result[0] if isinstance(result, list) and result else result
    bot.journal.append(
        Entry(
            seq=bot.journal_seq,
            at=time.time(),
            method=name,
            chat_id=_whole(fields.get("chat_id")),
            message_id=first.message_id if isinstance(first, Message) else None,
            text=text if isinstance(text, str) else None,
            status=status,
            fault=rule.kind if rule else None,
        )
    )


def _whole(value: object) -> int | None:
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    return value if isinstance(value, int) else None
