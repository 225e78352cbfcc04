"""Templates, the reply window and consent, against WhatsApp's sandbox over real HTTP."""

import pytest
from msgspec.structs import replace

from otklik.ports.channel import (
    ButtonPressed,
    ConsentReported,
    OutgoingFile,
    ReachabilityChanged,
    Refusal,
    RefusalKind,
    StatusReported,
    Template,
    Templates,
)
from otklik.ports.message import MessageKind
from tests.channels.kit.declaration import refused
from tests.channels.kit.line import Line
from tests.channels.whatsapp.steps import met, one, shown

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one server for all of them
DAY = 86_400


async def test_a_closed_window_takes_templates_only(line: Line) -> None:
    to = await met(line)
    await line.act("age", seconds=DAY + 60)
    late = line.outgoing(to, text="Ещё нужно?")
    assert refused(await line.give(replace(late, window="closed")), RefusalKind.WINDOW_CLOSED)
    await line.send(late)  # our clock was wrong: WhatsApp takes it and tells afterwards
    (failed,) = await line.events(1)
    assert isinstance(failed, StatusReported)
    assert (failed.state, failed.code) == ("failed", "131047")
    template = Template(
        "order_ready",
        "ru",
        parameters=("Вера", "№ 5", "5"),
        slots=("body.1", "body.2", "button.1.url"),
    )
    outcome = await line.send(replace(late, text="", window="closed", template=template))
    message = await shown(line, outcome)
    assert "Вера! Ваш заказ № 5" in str(message["text"])
    pressed = await one(line, "press", message_id=message["id"], payload="Спасибо")
    assert isinstance(pressed, ButtonPressed)
    assert pressed.label == "Спасибо"


async def test_templates_are_listed_with_their_gaps_and_filled(line: Line) -> None:
    step_of = line.connect.templates
    assert step_of is not None
    listed = await line.walk(lambda answers: step_of(line.config, answers))
    assert isinstance(listed, Templates)
    known = {one.name: one for one in listed.templates}
    assert [gap.slot for gap in known["order_ready"].variables] == [
        "body.1", "body.2", "button.1.url",
    ]  # fmt: skip
    assert known["order_ready"].variables[0].example == "Вера"
    sale = known["new_harvest"]
    assert (sale.header, sale.category, sale.status) == ("picture", "MARKETING", "APPROVED")
    assert known["secret_sale"].reason == "PROMOTIONAL"
    to = await met(line)
    slots = tuple(gap.slot for gap in sale.variables)
    template = Template(sale.name, sale.language, parameters=("Вера",), slots=slots)
    picture = OutgoingFile(MessageKind.PICTURE, "tea-cup.jpg", "tea-cup.jpg", "image/jpeg")
    order = replace(line.outgoing(to, MessageKind.PICTURE), files=(picture,), template=template)
    message = await shown(line, await line.send(order))
    assert "Привет, Вера!" in str(message["text"])
    assert message["files"]


@pytest.mark.parametrize(
    ("template", "code"),
    [
        (Template("no_such", "ru"), "132001"),
        (Template("order_ready", "en"), "132001"),
        (Template("order_ready", "ru", parameters=("Вера",)), "132000"),
        (Template("come_back", "ru"), "132015"),
        (Template("login_code", "ru", parameters=("1", "1"),
                  slots=("body.1", "button.0.copy_code")), "131062"),
        (Template("order_ready", "ru", parameters=("Ве\nра", "5", "5"),
                  slots=("body.1", "body.2", "button.1.url")), "132008"),
    ],
)  # fmt: skip
async def test_a_template_that_does_not_fit_is_refused_in_words(
    line: Line, template: Template, code: str
) -> None:
    to = await met(line)
    outcome = await line.give(replace(line.outgoing(to), template=template))
    assert isinstance(outcome, Refusal)
    assert outcome.code == code


async def test_who_cannot_be_reached_and_who_wants_no_marketing_is_told(line: Line) -> None:
    to = await met(line)
    await line.send(line.outgoing("79990000999", text="Есть кто?"))
    failed, unreachable = await line.events(1)
    assert isinstance(failed, StatusReported)
    assert failed.code == "131026"
    assert isinstance(unreachable, ReachabilityChanged)
    await line.act("consent", purpose="marketing", granted=False)
    await line.events(1)
    sale = Template("new_harvest", "ru", parameters=("Вера",), slots=("body.name",))
    picture = OutgoingFile(MessageKind.PICTURE, "tea-cup.jpg", "tea-cup.jpg", "image/jpeg")
    order = replace(line.outgoing(to, MessageKind.PICTURE), files=(picture,), template=sale)
    await line.send(order)
    failed, stopped = await line.events(1)
    assert isinstance(failed, StatusReported)
    assert isinstance(stopped, ConsentReported)
    assert not stopped.granted
