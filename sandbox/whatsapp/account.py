"""A number of a business in WhatsApp: its account, its app, its templates, and who people are."""

import base64
import secrets
from dataclasses import dataclass, field

from sandbox.meta import MetaAccount, courier_rules
from sandbox.orders import NewAccount
from sandbox.platform import Platform, chat_of
from sandbox.whatsapp.wire import Component, Template
from sandbox.world import Account, Chat, Person, World

DAY_S = 86_400.0
AD_S = 259_200.0

_HELLO = "Здравствуйте, {{1}}! Ваш заказ {{2}} собран и ждёт вас в лавке."
_SALE = "Привет, {{name}}! Новый урожай улуна уже в лавке."


def _first_templates() -> list[Template]:
    ready = Template(
        name="order_ready",
        language="ru",
        category="UTILITY",
        components=(
            Component(type="BODY", text=_HELLO, example={"body_text": [["Вера", "№ 17"]]}),
            Component(type="FOOTER", text="Чайный мост"),
            Component(
                type="BUTTONS",
                buttons=(
                    {"type": "QUICK_REPLY", "text": "Спасибо"},
                    {
                        "type": "URL",
                        "text": "Заказ",
                        "url": "https://tea.example/o/{{1}}",
                        "example": ["https://tea.example/o/17"],
                    },
                ),
            ),
        ),
    )
    name = [{"param_name": "name", "example": "Вера"}]
    sale = Template(
        name="new_harvest",
        language="ru",
        category="MARKETING",
        parameter_format="NAMED",
        components=(
            Component(type="HEADER", format="IMAGE", example={"header_handle": ["https://…"]}),
            Component(type="BODY", text=_SALE, example={"body_text_named_params": name}),
            Component(type="BUTTONS", buttons=({"type": "QUICK_REPLY", "text": "Отписаться"},)),
        ),
    )
    body = (Component(type="BODY", text="Ждём вас снова."),)
    paused = Template(name="come_back", language="ru", category="MARKETING", status="PAUSED",
                      components=body)  # fmt: skip
    refused = Template(name="secret_sale", language="ru", category="MARKETING", status="REJECTED",
                       rejected_reason="PROMOTIONAL", components=body)  # fmt: skip
    copy: tuple[dict[str, object], ...] = (
        {"type": "COPY_CODE", "text": "Скопировать", "example": "1234"},
    )
    code = (
        Component(type="BODY", text="Ваш код — {{1}}.", example={"body_text": [["1234"]]}),
        Component(type="BUTTONS", buttons=copy),
    )
    login = Template(name="login_code", language="ru", category="AUTHENTICATION", components=code)
    return [ready, sale, paused, refused, login]


@dataclass
class Number(MetaAccount):
    """One phone number; its id is the account's id."""

    override_url: str = ""
    """Where this number's news go; wins over the app's."""
    app_url: str = ""
    templates: list[Template] = field(default_factory=_first_templates)

    @property
    def waba_id(self) -> str:
        return self.settings["waba_id"]

    @property
    def display_phone(self) -> str:
        return self.settings["display_phone_number"]

    def listen(self) -> None:
        """Deliver to the number's own address, else to the app's, if the app is subscribed."""
        url = self.override_url or self.app_url
        if url and self.app_id in self.subscribed:
            self.courier().open(url, courier_rules(self))
        else:
            self.drop_courier()
        self.publish("account")


def new_account(world: World, ask: NewAccount) -> Account:
    """A number in a WhatsApp Business Account of its own, with an app beside it."""
    place = len(world.accounts) + 1
    settings = {
        "waba_id": f"30000000000{place:04d}",
        "phone_number_id": ask.id or f"10000000000{place:04d}",
        "display_phone_number": f"+7 900 555-{place // 100:02d}-{place % 100:02d}",
    } | ask.settings
    return Number(
        id=settings["phone_number_id"],
        token=ask.token or "EAA" + secrets.token_hex(24),
        title=ask.title,
        username=ask.username,
        secrets={"app_secret": secrets.token_hex(16)} | ask.secrets,
        settings=settings,
        shared=world.shared,
        platform_id=world.platform_id,
        app_id=f"50000000000{place:04d}",
    )


def scoped_id(person: Person) -> str:
    """The business-scoped id of a person."""
    return f"RU.{person.id:020d}"


def address(_account: Account, person: Person) -> str:
    """Chats are named by the business-scoped id, which everybody has."""
    return scoped_id(person)


def message_id(_chat: Chat) -> str:
    """The id of the next message."""
    return new_id()


def new_id() -> str:
    """An id as WhatsApp makes them."""
    return "wamid.HBg" + base64.b64encode(secrets.token_bytes(24)).decode()


def phone_of(chat: Chat) -> str:
    """The person's number in WhatsApp; it may have changed since."""
    return chat.facts.get("phone") or chat.person.phone


def shows_phone(chat: Chat) -> bool:
    """Whether the business sees the person's number; a username may hide it."""
    return not chat.facts.get("username")


def chat_with(platform: Platform, number: Number, to: str, recipient: str) -> Chat | None:
    """The chat a message is addressed to; None when nobody has this number or id."""
    if recipient and not to:
        return number.chats.get(recipient)
    digits = to.removeprefix("+")
    known = next((one for one in number.chats.values() if phone_of(one) == digits), None)
    if known is not None:
        return known
    people = number.shared.people.by_id.values()
    person = next((one for one in people if one.phone == digits), None)
    return None if person is None else chat_of(platform, number, person)
