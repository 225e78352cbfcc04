"""The customers of the invented tea shop «Чайный мост» and what they have on their minds."""

from typing import Literal

import msgspec

LineKind = Literal[
    "text",
    "start",
    "photo",
    "video",
    "voice",
    "document",
    "sticker",
    "video_note",
    "album",
    "location",
    "contact",
    "mend",
]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a customer does; `pause_s` is thinking before typing, in seconds."""

    kind: LineKind = "text"
    text: str = ""
    samples: tuple[str, ...] = ()
    awaits_answer: bool = False
    pause_s: float = 2.0
    latitude: float = 59.9386
    longitude: float = 30.3141


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """One person, when they come and how they part."""

    first_name: str
    last_name: str | None
    username: str
    phone: str
    comes_after_s: float
    lines: tuple[Line, ...]
    farewells: tuple[str, ...] = ()
    nudge: str | None = None
    language: str = "ru"
    messengers: tuple[str, ...] = ()
    """Where they like to write, best first; Telegram when none of these is there."""
    subject: str = ""
    """Of their letters, where messages have subjects."""


def _say(text: str, pause_s: float = 2.0) -> Line:
    return Line(text=text, pause_s=pause_s)


def _then(text: str, pause_s: float = 1.0) -> Line:
    return Line(text=text, pause_s=pause_s, awaits_answer=True)


def _send(
    kind: LineKind, *names: str, text: str = "", pause_s: float = 3.0, awaits_answer: bool = False
) -> Line:
    return Line(kind=kind, samples=names, text=text, pause_s=pause_s, awaits_answer=awaits_answer)


CUSTOMERS: tuple[Customer, ...] = (
    Customer(
        first_name="Марина",
        last_name="Ветрова",
        username="sandbox_marina",
        phone="79990110001",
        comes_after_s=1,
        lines=(
            Line(kind="start", text="autumn_tg"),
            _say("Добрый вечер! У вас на витрине была Да Хун Пао за 1 290, она ещё есть?"),
            _say("И хватит ли 50 граммов на двоих на месяц, если пить по выходным?", 4),
            _then("Отлично, тогда возьму две. А доставка на Петроградку сегодня получится?"),
            Line(kind="location", awaits_answer=True, latitude=59.9664, longitude=30.3115),
            _say("Вот сюда, второй подъезд, домофон 14"),
            Line(kind="contact", awaits_answer=True),
        ),
        farewells=("Спасибо! Жду курьера ☕", "Всё привезли, пахнет на весь коридор. Вы чудо"),
        nudge="Вы ещё на связи? Успеть бы до восьми)",
    ),
    Customer(
        first_name="Артём",
        last_name="Лосев",
        username="sandbox_artem",
        phone="79990110002",
        comes_after_s=3,
        messengers=("whatsapp",),
        lines=(
            _say("Здравствуйте. Заказ 4817 пришёл, а чайник с трещиной"),
            _send(
                "album",
                "parcel.jpg",
                "teapot.jpg",
                "tea-cup.jpg",
                text="Вот коробка и сам чайник. Коробка целая",
            ),
            _say("Я не ругаюсь, просто это подарок на субботу и я немного в панике", 5),
            _then("Замена подойдёт, если успеете до пятницы"),
            _then("Старый вернуть вам или оставить себе под карандаши?"),
        ),
        farewells=("Вот это сервис. Спасибо, выдыхаю",),
        nudge="Подскажите, пожалуйста, по чайнику. Суббота близко",
    ),
    Customer(
        first_name="Полина",
        last_name=None,
        username="sandbox_polina",
        phone="79990110003",
        comes_after_s=6,
        messengers=("instagram", "vk"),
        lines=(
            _say("привет!! а матча у вас церемониальная или для латте"),
            _send("sticker", "cup.webp", pause_s=1),
            _then("о, а венчик к ней продаёте? у меня сейчас вилка 🙈"),
            _send(
                "video", "steam.mp4", text="вот так я её взбиваю, не смейтесь", awaits_answer=True
            ),
            _then("беру набор с венчиком. и пиалу, которая с синей каёмкой"),
        ),
        farewells=("ураа, спасибо 💚",),
    ),
    Customer(
        first_name="Виктор",
        last_name="Семёнович",
        username="sandbox_viktor",
        phone="79990110004",
        comes_after_s=10,
        messengers=("ok", "max"),
        lines=(
            _send("voice", "voice.ogg", pause_s=1),
            _say(
                "Это я голосом, мне так проще. Суть: хочу чай как в поездах раньше, "
                "крепкий, с подстаканником."
            ),
            _then(
                "Индийский или цейлонский? Врач сказал не частить, но одну кружку утром разрешил."
            ),
            _then("Хорошо. А оплатить при получении можно? Карт этих я не держу."),
        ),
        farewells=("Благодарю. Здоровья вам и вашим близким.",),
        nudge="Алло, барышня, вы тут?",
    ),
    Customer(
        first_name="Olivia",
        last_name="Hart",
        username="sandbox_olivia",
        phone="447700900115",
        comes_after_s=14,
        messengers=("messenger",),
        language="en",
        lines=(
            _say("Hi! I'm in St Petersburg until Sunday. Do you do tastings in English?"),
            _then(
                "Saturday at 3 would be lovely. It's two of us, and one doesn't drink "
                "caffeine at all. Is that silly?"
            ),
            _send(
                "photo",
                "leaves.jpg",
                text="Also, what is this? A friend left it in our flat",
                awaits_answer=True,
            ),
            _then("Fireweed! That explains the honey smell. Can I buy some to take home?"),
        ),
        farewells=("Brilliant, see you Saturday!",),
        nudge="No rush at all, just checking you got my message :)",
    ),
    Customer(
        first_name="Глеб",
        last_name="Ардов",
        username="sandbox_gleb",
        phone="79990110006",
        comes_after_s=18,
        messengers=("email",),
        subject="Чай в офис на 40 человек",
        lines=(
            _say("Нужен чай в офис, 40 человек, безнал, закрывающие через ЭДО"),
            _send(
                "document",
                "price.pdf",
                text="Это прошлогодний счёт от другого поставщика, ориентир по сумме",
            ),
            _then("Состав нравится. Улун половине не зайдёт, замените на что-то попроще"),
            _then("Договор на кого оформлять? ИНН пришлю сюда или на почту?"),
        ),
        farewells=("Принято. Жду счёт до конца дня",),
    ),
    Customer(
        first_name="Соня",
        last_name="Кречет",
        username="sandbox_sonya",
        phone="79990110007",
        comes_after_s=24,
        messengers=("vk",),
        lines=(
            _say("Здравствуйте, я вчера заказала не тот адрес 😭"),
            _say("Вернее адрес тот, но я там больше не живу"),
            Line(kind="mend", text="Вернее, адрес мой, но я переехала в воскресенье", pause_s=3),
            _then("Номер заказа 4822. Новый: Лесной, 31, квартира 90"),
            _then("Уфф. Доплачивать что-нибудь надо?"),
        ),
        farewells=("Спасибо, вы спасли мой пуэр",),
        nudge="Простите, что тороплю. Он ведь уже едет не туда?",
    ),
    Customer(
        first_name="Рустам",
        last_name=None,
        username="sandbox_rustam",
        phone="79990110008",
        comes_after_s=31,
        messengers=("max",),
        lines=(
            _say("Салам! Чабрец и бергамот в одной пачке бывает?"),
            _say("Жена просит именно вместе, я уже третий магазин обхожу", 3),
            _then("Смешаете сами? Вот это разговор! В каких пропорциях посоветуете?"),
            _send("sticker", "leaf.tgs", awaits_answer=True),
            _say("Сделайте 200 грамм. Заберу сам, вы до скольки?"),
        ),
        farewells=("Понял, еду",),
    ),
    Customer(
        first_name="Вера",
        last_name="Ильинична",
        username="sandbox_vera",
        phone="79990110009",
        comes_after_s=38,
        messengers=("ok", "max"),
        lines=(
            _say("Скажите пожалуйста, в иван-чае есть кофеин? Внучке шесть лет."),
            _then(
                "Очень хорошо. А почему в одной пачке листья чёрные, а в другой "
                "зелёные? Не испорчено?"
            ),
            _send("photo", "leaves.jpg", text="Вот эти смущают", awaits_answer=True, pause_s=5),
            _then("Поняла, это его так ферментируют. Век живи."),
        ),
        farewells=("Спасибо, милая, что так подробно.",),
    ),
    Customer(
        first_name="Денис",
        last_name="Пальчиков",
        username="sandbox_denis",
        phone="79990110010",
        comes_after_s=46,
        messengers=("viber",),
        lines=(
            _say("Промокод МОСТ10 не применяется"),
            _say("Пишет «недоступен для вашей корзины». В корзине три пуэра и термос", 2),
            _then("А если термос убрать?"),
            _then(
                "Ха, сработало. То есть скидка только на чай, логично, но лучше бы "
                "сайт так и сказал"
            ),
        ),
        farewells=("Оформил. Спасибо, что быстро",),
        nudge="Корзина держится полчаса, успеем?",
    ),
    Customer(
        first_name="Ника",
        last_name=None,
        username="sandbox_nika",
        phone="79990110011",
        comes_after_s=55,
        messengers=("instagram",),
        lines=(
            _send("video_note", "round.mp4", pause_s=1),
            _say(
                "это моя полка, на ней два пустых места. чем заполнить? бюджет 2к, "
                "люблю дымное и сладкое (не сразу)"
            ),
            _then("лапсанг уже был, но он как копчёная рыба. есть что-то помягче?"),
            _then("всё, уговорили. кладите оба"),
            _send("sticker", "steam.webm", pause_s=1),
        ),
        farewells=("полка говорит спасибо",),
    ),
    Customer(
        first_name="Tomás",
        last_name="Rivera",
        username="sandbox_tomas",
        phone="34600000012",
        comes_after_s=65,
        messengers=("whatsapp",),
        language="en",
        lines=(
            _say("Hello, do you ship to Spain? I fell in love with your smoky blend"),
            _say("The one with the bridge on the tin, I lost the label", 3),
            _then("Yes, that one! How long does it take, and is the tin included?"),
            _then(
                "Perfect. Please wrap it well, last time my cousin's tin arrived "
                "shaped like a banana"
            ),
        ),
        farewells=("Gracias! You made my week.",),
    ),
)
