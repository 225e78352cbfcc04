"""A customer's seat at Telegram."""

import random

from sandbox import blobs
from sandbox.orders import ActError
from sandbox.people import invited
from sandbox.tea_shop import Customer, Line
from sandbox.telegram import acts
from sandbox.telegram.markup import InlineKeyboard
from sandbox.telegram.world import Bot, World
from sandbox.world import People


class TelegramSeat:
    """A chat of a customer with a bot."""

    def __init__(self, world: World, bot: Bot, people: People, customer: Customer) -> None:
        person = world.person(invited(people, customer).id)
        assert person is not None
        self._at = acts.hand(world, bot, person)

    def last_answer(self) -> str:
        own = self._at.person.user.id
        messages = reversed(self._at.thread.messages.items())
        return next((str(n) for n, m in messages if m.from_ and m.from_.id != own), "")

    def speak(self, line: Line) -> None:
        at = self._at
        match line.kind:
            case "text":
                acts.write(at, line.text)
            case "start":
                acts.start(at, line.text)
            case "location":
                acts.send_location(at, line.latitude, line.longitude)
            case "contact":
                acts.share_own_contact(at)
            case "album":
                photos = [("photo", blobs.sample(name)) for name in line.samples]
                acts.send_album(at, photos, line.text)
            case "mend":
                self._mend(line.text)
            case _:
                photo = blobs.sample(line.samples[0])
                acts.send_file(at, line.kind, photo, caption=line.text or None)

    def read(self) -> None:
        """Telegram tells bots nothing about reading."""

    def press(self, dice: random.Random) -> None:
        last = self.last_answer()
        message = self._at.thread.messages.get(int(last)) if last else None
        if message is None or not isinstance(message.reply_markup, InlineKeyboard):
            return
        rows = message.reply_markup.inline_keyboard
        offers = [b.callback_data for row in rows for b in row if b.callback_data]
        if offers:
            acts.press(self._at, message.message_id, dice.choice(offers), None)

    def like(self) -> None:
        acts.react(self._at, int(self.last_answer()), "👍")

    def _mend(self, text: str) -> None:
        """Put right the last own text."""
        own = self._at.person.user.id
        for number, message in reversed(list(self._at.thread.messages.items())):
            if message.from_ and message.from_.id == own and message.text:
                acts.edit(self._at, number, text)
                return
        raise ActError("There is nothing to put right.")
