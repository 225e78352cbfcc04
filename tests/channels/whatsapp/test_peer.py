"""The sandbox and the codec beside pywa, which speaks WhatsApp on its own."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from pywa import handlers, utils
from pywa.client import WhatsApp
from pywa.types.base_update import BaseUpdate
from pywa.types.callback import Button, CallbackButton, Section, SectionList, SectionRow, URLButton
from pywa.types.message import Message

from otklik.ports.channel import ButtonPressed, Knock, MessageReceived
from sandbox import samples
from tests.channels.kit.line import Line
from tests.channels.whatsapp.steps import met

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one server for all of them
_KINDS = (
    handlers.MessageHandler,
    handlers.CallbackButtonHandler,
    handlers.CallbackSelectionHandler,
    handlers.MessageStatusHandler,
    handlers.EditedMessageHandler,
    handlers.DeletedMessageHandler,
    handlers.UserMarketingPreferencesHandler,
    handlers.PhoneNumberChangeHandler,
    handlers.OutgoingMessageHandler,
)


@pytest.fixture
def peer(line: Line) -> Iterator[WhatsApp]:
    settings, secrets = line.config.settings, line.config.secrets
    with httpx.Client() as session:
        made = WhatsApp(
            phone_id=settings["phone_number_id"],
            waba_id=settings["waba_id"],
            token=secrets["token"],
            app_secret=secrets["app_secret"],
            verify_token=secrets["verify_token"],
            session=session,
            filter_updates=False,
        )
        session.base_url = httpx.URL(f"{settings['api_base']}/v26.0")
        yield made


async def told(line: Line, count: int) -> list[tuple[str, bytes]]:
    """Wait for deliveries; give each with its signature."""
    kept = await line.raw(count)
    return [(headers["x-hub-signature-256"], body) for headers, body in kept]


async def test_what_the_sandbox_tells_is_believed_and_typed_by_another_reader(
    line: Line, peer: WhatsApp
) -> None:
    seen: list[BaseUpdate] = []
    peer.add_handlers(*(kind(lambda _, update: seen.append(update)) for kind in _KINDS))
    acts: tuple[tuple[str, dict[str, object]], ...] = (
        ("text", {"text": "🫖 Есть улун?"}),
        ("picture", {"text": "Вот такой"}),
        ("voice", {}),
        ("file", {}),
        ("sticker", {}),
        ("location", {"title": "Лавка"}),
        ("contact", {}),
        ("order", {}),
        ("consent", {"purpose": "marketing", "granted": False}),
        ("number", {"phone": "79991112233"}),
        ("echo", {"text": "Ответил с телефона"}),
        ("start", {"source": "ad", "payload": "ad-5"}),
    )
    for act, parts in acts:
        await line.act(act, **parts)
    deliveries = await told(line, len(acts))
    for signature, body in deliveries:
        assert peer.webhook_update_validator(body, signature) is None
        assert peer.webhook_update_validator(body + b" ", signature) is not None
        peer.webhook_update_handler(body)
    assert len(seen) == len(acts), [type(update).__name__ for update in seen]
    messages = [update for update in seen if isinstance(update, Message)]
    assert [message.type.value for message in messages[:8]] == [
        "text", "image", "audio", "document", "sticker", "location", "contacts", "order",
    ]  # fmt: skip
    ours = [event for _, body in deliveries for event in line.channel.parse(body)]
    mine = {event.external_id: event for event in ours if isinstance(event, MessageReceived)}
    theirs = {message.id: message for message in messages if message.id in mine}
    assert theirs.keys() == mine.keys()
    for name, message in theirs.items():
        assert message.from_user.bsuid == mine[name].sender.external_id
        assert f"+{message.from_user.wa_id}" == mine[name].sender.phone


async def test_a_pressed_button_is_read_alike(line: Line, peer: WhatsApp) -> None:
    to = await met(line)
    buttons = [Button(title="Да", callback_data="yes")]
    sent = await asyncio.to_thread(peer.send_message, to, "Отложить?", buttons=buttons)
    await told(line, 2)
    await line.act("press", message_id=sent.id, payload="yes")
    ((_, body),) = await told(line, 1)
    pressed: list[CallbackButton[str]] = []
    peer.add_handlers(handlers.CallbackButtonHandler(lambda _, press: pressed.append(press)))
    peer.webhook_update_handler(body)
    (event,) = line.channel.parse(body)
    assert isinstance(event, ButtonPressed)
    assert (pressed[0].data, pressed[0].title) == (event.payload, event.label) == ("yes", "Да")
    assert pressed[0].reply_to_message is not None
    assert pressed[0].reply_to_message.id == event.of_message == sent.id


async def test_what_another_client_sends_is_taken(line: Line, peer: WhatsApp) -> None:
    to = await met(line)
    picture = samples.content("tea-cup.jpg")

    def send() -> list[str]:
        rows = [SectionRow(title=f"Чай {n}", callback_data=str(n)) for n in range(5)]
        section = Section(title="Чаи", rows=rows)
        media = peer.upload_media(picture, mime_type="image/jpeg", filename="cup.jpg")
        link = URLButton(title="Сайт", url="https://tea.example")
        return [
            peer.send_message(to, "Есть", preview_url=True, tracker="mine").id,
            peer.send_message(
                to, "Какой?", buttons=SectionList(button_title="Чаи", sections=[section])
            ).id,
            peer.send_message(to, "Смотрите", buttons=link).id,
            peer.send_image(to, media, caption="Чашка").id,
            peer.send_location(to, 56.0, 92.9, name="Лавка", address="Мира, 1").id,
        ]

    ids = await asyncio.to_thread(send)
    await told(line, 2 * len(ids))
    shown = {message["id"]: message for message in await line.phone()}
    kinds = [shown[one].get("kind", "text") for one in ids]
    assert kinds == ["text", "text", "text", "picture", "location"]
    assert shown[ids[1]]["menu"]


async def test_another_client_marks_read_lists_templates_and_downloads(
    line: Line, peer: WhatsApp, caplog: pytest.LogCaptureFixture
) -> None:
    await met(line)
    await line.act("picture", sample="tea-cup.jpg")
    ((_, body),) = await told(line, 1)
    (event,) = line.channel.parse(body)
    assert isinstance(event, MessageReceived)

    def ask() -> tuple[object, ...]:
        found = peer.get_media_url(event.attachments[0].ref)
        return (
            peer.mark_message_as_read(event.external_id).success,
            peer.indicate_typing(event.external_id).success,
            [template.name for template in peer.get_templates()],
            peer.get_media_bytes(found.url),
        )

    read, typing, names, content = await asyncio.to_thread(ask)
    assert (read, typing) == (True, True)
    assert not [line for line in caplog.messages if "parse" in line], caplog.messages
    assert names == ["order_ready", "new_harvest", "come_back", "secret_sale", "login_code"]
    assert content == samples.content("tea-cup.jpg")


async def test_a_refusal_is_the_same_error_to_another_client(line: Line, peer: WhatsApp) -> None:
    await met(line)

    def send() -> int:
        try:
            peer.send_reaction(line.account, "👍", "wamid.nobody")
        except Exception as error:  # noqa: BLE001 - whatever pywa makes of it has a code
            return int(getattr(error, "code", 0))
        return 0

    assert await asyncio.to_thread(send) == 131009


async def test_the_challenge_is_answered_as_another_server_does(line: Line, peer: WhatsApp) -> None:
    assert line.channel.greet is not None
    for token in (line.config.secrets["verify_token"], "another"):
        query = {"hub.mode": "subscribe", utils.HUB_VT: token, utils.HUB_CH: "00123"}
        theirs = peer.webhook_challenge_handler(vt=token, ch="00123")
        reply = line.channel.greet(Knock("GET", query, {}, b""), line.config)
        assert reply is not None
        assert reply.status == theirs[1]
        if reply.status == 200:
            assert reply.body.decode() == theirs[0]
