"""A visitor as a contact: how they arrive, and which addresses are theirs."""

from sqlalchemy import Connection

from otklik.contacts import api as contacts
from otklik.contacts.types import Arrival, Person
from otklik.inboxes.types import Inbox
from otklik.ingress.visitor_types import Visitor
from otklik.ports.channel import Sender


def arrival_of(inbox: Inbox, visitor: Visitor, now: int) -> Arrival:
    """Let a visitor arrive with what proves who they are."""
    sender = Sender(
        visitor.external_id,
        name=visitor.name,
        locale=visitor.locale,
        evidence=visitor.evidence,
        email=visitor.email,
        phone=visitor.phone,
    )
    return Arrival(inbox.account_id, inbox.id, inbox.channel, sender, now)


def addresses_of(
    connection: Connection, inbox: Inbox, visitor: Visitor, person: Person
) -> frozenset[str]:
    """Give the ids of a visitor's own addresses: this one, and browsers they signed in from."""
    account_id, key = inbox.account_id, (inbox.id, visitor.external_id)
    browsers = [
        (inbox.id, browser)
        for _, browser, signed, _ in contacts.logins_of(connection, account_id, [key])
        if signed == visitor.external_id
    ]
    found = contacts.find_people(connection, [account_id], browsers) if browsers else {}
    return frozenset({person.identity_id, *(one.identity_id for one in found.values())})
