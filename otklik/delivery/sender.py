"""The sender: performs one order, over HTTP or by mail, and reads what the platform says."""

import asyncio
from collections.abc import Mapping

import msgspec

from otklik.delivery.types import Delivery
from otklik.inboxes.types import Inbox
from otklik.kernel.errors import NotFoundError
from otklik.platform.http_client import GuardedClient
from otklik.platform.http_outcomes import AnswerLost, Forbidden, NotConnected, TooLarge
from otklik.platform.mail_client import MailClient
from otklik.platform.multipart import OpenFile
from otklik.ports.channel import (
    FORBIDDEN_ADDRESS,
    Answer,
    Channel,
    Errand,
    Order,
    Refusal,
    RefusalKind,
    Request,
    Sent,
)
from otklik.ports.steps import converse


class Sender:
    """Hands orders to platforms. Every failure is a `Refusal`."""

    def __init__(
        self,
        client: GuardedClient,
        mail: MailClient,
        channels: Mapping[str, Channel],
        open_file: OpenFile,
    ) -> None:
        self._mail = mail
        self._client = client
        self._channels = channels
        self._open_file = open_file

    async def perform(self, delivery: Delivery, inbox: Inbox | None) -> Sent | Refusal:
        """Send one delivery."""
        if inbox is None:
            return Refusal(RefusalKind.OTHER, detail="the inbox was removed")
        return await self.send(delivery.order, inbox)

    async def send(self, order: Order, inbox: Inbox) -> Sent | Refusal:
        """Send one order."""
        outbound = self._channels[inbox.channel].outbound
        if outbound is None:
            return Refusal(RefusalKind.OTHER, detail="the channel sends nothing")
        send = outbound.send
        return await converse(self.ask, lambda answers: send(order, inbox.config, answers))

    async def ask(self, errand: Errand) -> Answer | Refusal:
        """Perform an errand; a network fault becomes the refusal it amounts to."""
        if isinstance(errand, Request) and errand.after_s:
            await asyncio.sleep(errand.after_s)
        outcome = await self._ask(errand)
        is_lost = isinstance(outcome, Refusal) and outcome.kind is RefusalKind.UNCERTAIN
        if is_lost and isinstance(errand, Request) and errand.repeatable:
            return msgspec.structs.replace(outcome, kind=RefusalKind.TEMPORARY)
        return outcome

    async def _ask(self, errand: Errand) -> Answer | Refusal:
        try:
            answer = (
                await self._client.send(errand, self._open_file)
                if isinstance(errand, Request)
                else await self._mail.perform(errand, self._open_file)
            )
        except NotFoundError:
            return Refusal(RefusalKind.BAD_MEDIA, detail="the file is no longer stored")
        except OSError as error:  # of the file store: nothing was sent
            return Refusal(RefusalKind.TEMPORARY, detail=f"the file cannot be read: {error}")
        match answer:
            case Answer():
                return answer
            case NotConnected(reason):
                return Refusal(RefusalKind.TEMPORARY, detail=reason)
            case AnswerLost(reason):
                return Refusal(RefusalKind.UNCERTAIN, detail=reason)
            case TooLarge():
                return Refusal(RefusalKind.UNCERTAIN, detail="the answer was too long to read")
            case Forbidden(reason):
                return Refusal(RefusalKind.OTHER, detail=FORBIDDEN_ADDRESS + reason)
            case _:
                return Refusal(RefusalKind.OTHER, detail=answer.reason)


def with_address(delivery: Delivery, moved_to: str) -> Delivery:
    """Point a delivery at a chat's new address."""
    order = delivery.order
    if "to" in order.__struct_fields__:
        order = msgspec.structs.replace(order, to=moved_to)
    return msgspec.structs.replace(delivery, order=order)
