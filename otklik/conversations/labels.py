"""Labels of an account."""

from sqlalchemy import Connection

from otklik.conversations import store
from otklik.conversations.service import Desk
from otklik.conversations.types import LabelView, NewLabel
from otklik.events.types import EventKind
from otklik.kernel.errors import ConflictError, NotFoundError
from otklik.kernel.ids import LabelId, new_id
from otklik.kernel.text import storable


def of_account(connection: Connection, account_id: str) -> list[LabelView]:
    """Give the account's labels by title."""
    return store.labels_of(connection, account_id)


def add(desk: Desk, draft: NewLabel) -> LabelView:
    """Add a label; its title is unique."""
    label = LabelView(LabelId(new_id()), storable(draft.title.strip()), draft.color)
    _refuse_taken(desk, label)
    store.insert_label(desk.connection, desk.account_id, label, desk.now)
    _announce(desk, label)
    return label


def change(desk: Desk, label_id: str, draft: NewLabel) -> LabelView:
    """Rename or recolour a label."""
    label = LabelView(LabelId(label_id), storable(draft.title.strip()), draft.color)
    _refuse_taken(desk, label)
    if not store.change_label(desk.connection, desk.account_id, label):
        raise NotFoundError
    _announce(desk, label)
    return label


def remove(desk: Desk, label_id: str) -> None:
    """Remove a label."""
    if not store.delete_label(desk.connection, desk.account_id, label_id):
        raise NotFoundError
    _announce(desk, LabelView(LabelId(label_id), "", ""))


def _refuse_taken(desk: Desk, label: LabelView) -> None:
    for other in store.labels_of(desk.connection, desk.account_id):
        if other.id != label.id and other.title.lower() == label.title.lower():
            raise ConflictError(
                "There is a label with this title.", "Такая метка уже есть.", field="title"
            )


def _announce(desk: Desk, label: LabelView) -> None:
    desk.ledger.announce(desk.account_id, EventKind.LABEL_CHANGED, label, at=desk.now)
