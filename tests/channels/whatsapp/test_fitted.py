"""Whatever fitting makes of an answer, WhatsApp's adapter takes."""

from hypothesis import given, settings
from hypothesis import strategies as st

from otklik.channels import CHANNELS
from otklik.channels.whatsapp.outbound import send
from otklik.ports.channel import Outgoing, OutgoingCard, OutgoingFile, Request
from otklik.ports.fitting import fit
from otklik.ports.message import Button, ContactCard, Location, MessageKind
from tests.channels.whatsapp.bodies import SCOPED
from tests.channels.whatsapp.declaration import CONFIG

MANIFEST = CHANNELS["whatsapp"].manifest
MIMES = {
    MessageKind.PICTURE: "image/png",
    MessageKind.VIDEO: "video/mp4",
    MessageKind.VOICE: "audio/ogg",
    MessageKind.AUDIO: "audio/mpeg",
    MessageKind.FILE: "application/pdf",
    MessageKind.STICKER: "image/webp",
}
LABELS = st.sampled_from(["Да", "Нет", "Очень длинная подпись кнопки"])
BUTTONS = (
    st.builds(Button, LABELS, payload=st.sampled_from(["y", "n" * 250]))
    | st.builds(Button, st.just("Сайт"), url=st.just("https://tea.example"))
    | st.builds(Button, st.just("Дать"), request=st.sampled_from(["phone", "location"]))
)
ROWS = st.lists(st.lists(BUTTONS, min_size=1, max_size=3).map(tuple), max_size=5).map(tuple)
TEXTS = st.sampled_from(["", "Есть", "ы " * 700, "ы " * 2500])


def file_of(kind: MessageKind) -> OutgoingFile:
    return OutgoingFile(kind, "f1", "чай", MIMES[kind], size=9)


CARDS = st.builds(
    OutgoingCard,
    st.just("Улун"),
    text=TEXTS,
    file=st.sampled_from([None, file_of(MessageKind.PICTURE)]),
    buttons=st.lists(BUTTONS, max_size=4).map(tuple),
)


@st.composite
def messages(draw: st.DrawFn) -> Outgoing:
    kind = draw(st.sampled_from([MessageKind.TEXT, MessageKind.LOCATION, MessageKind.CONTACT_CARD,
                                 MessageKind.CARDS, *MIMES]))  # fmt: skip
    text = draw(TEXTS)
    return Outgoing(
        "m1",
        SCOPED,
        kind,
        text=text or ("Есть" if kind is MessageKind.TEXT else ""),
        files=(file_of(kind),) * draw(st.integers(1, 3)) if kind in MIMES else (),
        buttons=draw(ROWS),
        location=Location(56.0, 92.8, "Лавка") if kind is MessageKind.LOCATION else None,
        card=ContactCard("Лавка", "+7") if kind is MessageKind.CONTACT_CARD else None,
        cards=tuple(draw(st.lists(CARDS, min_size=1, max_size=3)))
        if kind is MessageKind.CARDS
        else (),
    )


@given(message=messages())
@settings(max_examples=300, deadline=None)
def test_every_part_is_built(message: Outgoing) -> None:
    fitted = fit(message, MANIFEST)
    for part in fitted.parts:
        assert isinstance(send(part, CONFIG, ()), Request), (part, send(part, CONFIG, ()))
