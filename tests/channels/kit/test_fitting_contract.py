"""Whatever fitting makes of an answer, the adapter of its channel takes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.channels import CHANNELS
from otklik.ports.channel import Outgoing, OutgoingCard, OutgoingFile, Sent
from otklik.ports.fitting import fit
from otklik.ports.message import Button, ContactCard, Location, MessageKind
from tests.channels.kit.declared import DECLARED, SENDING
from tests.channels.kit.walk import good_day, sending, walk

MIMES = {
    MessageKind.PICTURE: "image/png",
    MessageKind.VIDEO: "video/mp4",
    MessageKind.VOICE: "audio/ogg",
    MessageKind.AUDIO: "audio/mpeg",
    MessageKind.FILE: "application/pdf",
    MessageKind.STICKER: "image/webp",
}
KINDS = (MessageKind.TEXT, MessageKind.LOCATION, MessageKind.CONTACT_CARD, MessageKind.CARDS)
LABELS = st.sampled_from(["Да", "Нет", "Очень длинная подпись кнопки"])
BUTTONS = (
    st.builds(Button, LABELS, payload=st.sampled_from(["y", "n" * 300]))
    | st.builds(Button, st.just("Сайт"), url=st.just("https://tea.example"))
    | st.builds(Button, st.just("Дать"), request=st.sampled_from(["phone", "location"]))
)
ROWS = st.lists(st.lists(BUTTONS, min_size=1, max_size=3).map(tuple), max_size=5).map(tuple)
TEXTS = st.sampled_from(["", "Есть", "ы " * 300, "ы " * 700, "ы " * 2500])


def file_of(kind: MessageKind) -> OutgoingFile:
    name = f"чай.{MIMES[kind].partition('/')[2]}"
    link = "https://files.example.org/f1"
    return OutgoingFile(kind, "file-1", name, MIMES[kind], size=9, duration_s=3, link=link)


CARDS = st.builds(
    OutgoingCard,
    st.just("Улун"),
    text=TEXTS,
    file=st.sampled_from([None, file_of(MessageKind.PICTURE)]),
    buttons=st.lists(BUTTONS, max_size=4).map(tuple),
)


def answer(drawn: st.DataObject, to: str) -> Outgoing:
    kind = drawn.draw(st.sampled_from([*KINDS, *MIMES]))
    count = drawn.draw(st.integers(1, 3))
    cards = drawn.draw(st.lists(CARDS, min_size=1, max_size=3).map(tuple))
    return Outgoing(
        "m1",
        to,
        kind,
        text=drawn.draw(TEXTS) or ("Есть" if kind is MessageKind.TEXT else ""),
        files=(file_of(kind),) * count if kind in MIMES else (),
        buttons=drawn.draw(ROWS),
        location=Location(56.0, 92.8, "Лавка") if kind is MessageKind.LOCATION else None,
        card=ContactCard("Лавка", "+70000000000") if kind is MessageKind.CONTACT_CARD else None,
        cards=cards if kind is MessageKind.CARDS else (),
    )


@pytest.mark.parametrize("name", SENDING)
@given(drawn=st.data())
@settings(max_examples=150, deadline=None)
def test_every_part_of_an_answer_is_taken(name: str, drawn: st.DataObject) -> None:
    fitted = fit(answer(drawn, DECLARED[name].address), CHANNELS[name].manifest)
    for part in fitted.parts:
        ending = walk(sending(name, part), good_day(name)).ending
        assert isinstance(ending, Sent), (ending, part)
