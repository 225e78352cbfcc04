"""Who a delivery speaks of: business-scoped ids first, phone numbers beside them."""

import re

from msgspec import Struct

from otklik.channels.whatsapp import wire
from otklik.ports.channel import Sender

SCOPED = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
"""A business-scoped id, `US.13491208655302741918`; never a phone."""
PHONE = re.compile(r"[0-9]{5,20}")


class Book(Struct, frozen=True):
    """The contacts told beside the messages of one change."""

    contacts: tuple[wire.Contact, ...]

    def sender(self, *told: str) -> Sender | None:
        """Give the person with these ids; None when nothing names one.

        The key is the business-scoped id where there is one, otherwise the phone number, and the
        other of the two is an alias. A contact that names somebody else adds nothing: two people
        never become one.
        """
        contact = next((one for one in self.contacts if _same(one, told)), wire.Contact())
        ids = [name for name in (*told, contact.user_id, contact.wa_id) if name]
        scoped = next((name for name in ids if SCOPED.fullmatch(name)), "")
        phone = next((name for name in ids if PHONE.fullmatch(name)), "")
        key = scoped or phone or next(iter(ids), "")
        if not key:
            return None
        profile = contact.profile or wire.Profile()
        return Sender(
            external_id=key,
            name=profile.name,
            username=profile.username,
            phone=f"+{phone}" if phone else "",
            phone_evidence="given" if phone else "",
            aliases=(phone,) if scoped and phone else (),
        )


def _same(contact: wire.Contact, told: tuple[str, ...]) -> bool:
    known = {contact.wa_id, contact.user_id} - {""}
    named = set(told) - {""}
    if known & named:
        scoped = {name for name in known | named if SCOPED.fullmatch(name)}
        phones = {name for name in known | named if PHONE.fullmatch(name)}
        return len(scoped) < 2 and len(phones) < 2
    return not named and bool(known)
