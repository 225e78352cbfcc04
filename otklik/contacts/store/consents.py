"""SQL of consents: kept with the address they were given at, and never anywhere else."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from otklik.contacts.tables import consents
from otklik.contacts.types import ConsentView
from otklik.kernel.ids import IdentityId
from otklik.platform.writes import upsert_rows


def consents_of(
    connection: Connection, account_id: str, identity_ids: Iterable[str]
) -> list[ConsentView]:
    """Give what was allowed and forbidden at some addresses."""
    statement = (
        select(consents)
        .where(consents.c.account_id == account_id, consents.c.identity_id.in_(list(identity_ids)))
        .order_by(consents.c.identity_id, consents.c.purpose)
    )
    return [
        ConsentView(
            identity_id=IdentityId(row.identity_id),
            purpose=row.purpose,
            granted=bool(row.granted),
            at=row.at,
            wording=row.wording,
            source=row.source,
        )
        for row in connection.execute(statement)
    ]


def save_consent(connection: Connection, account_id: str, consent: ConsentView) -> None:
    """Store the present word of an address on a purpose."""
    row = {
        "account_id": account_id,
        "identity_id": consent.identity_id,
        "purpose": consent.purpose,
        "granted": int(consent.granted),
        "wording": consent.wording,
        "source": consent.source,
        "at": consent.at,
    }
    upsert_rows(connection, consents, [row], key=("identity_id", "purpose"))
