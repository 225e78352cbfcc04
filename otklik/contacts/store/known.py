"""SQL of what is known of addresses: claims, logins, aliases, verdicts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.engine import Row

from otklik.contacts.evidence import Claim, ClaimKind, Evidence
from otklik.contacts.resolve import MOST_HOLDERS, Address, Verdict
from otklik.contacts.tables import aliases, claims, identities, linking_rules, logins, verdicts
from otklik.contacts.types import LinkingRules, PersonKey
from otklik.platform.writes import insert_ignoring, json_text, upsert_rows

_CLAIM = [claims.c[name] for name in Claim.__struct_fields__]
STRONG = (Evidence.OWNED, Evidence.GIVEN)
"""The levels that may make one person of two."""
_names = msgspec.json.Decoder(list[str]).decode

Value = tuple[ClaimKind, str]
"""Kind and value of a claim."""


def rules_of(connection: Connection, account_id: str) -> LinkingRules:
    """Give how an account compares addresses."""
    statement = select(linking_rules).where(linking_rules.c.account_id == account_id)
    row = connection.execute(statement).first()
    return LinkingRules() if row is None else LinkingRules(row.region, _names(row.blocked))


def save_rules(connection: Connection, account_id: str, rules: LinkingRules) -> None:
    """Store how an account compares addresses."""
    row = {"account_id": account_id, "region": rules.region, "blocked": json_text(rules.blocked)}
    upsert_rows(connection, linking_rules, [row], key=("account_id",))


def claims_of(connection: Connection, account_id: str, identity_ids: Iterable[str]) -> list[Claim]:
    """Give everything some addresses are known to have."""
    statement = select(*_CLAIM).where(
        claims.c.account_id == account_id, claims.c.identity_id.in_(list(identity_ids))
    )
    return [_claim(row) for row in connection.execute(statement)]


def holders_of(
    connection: Connection, account_id: str, values: Iterable[Value], *, strong: bool
) -> tuple[dict[Value, set[str]], set[Value]]:
    """Give who else has some phones and e-mails, and those that too many have to mean anything."""
    wanted = set(values)
    if not wanted:
        return {}, set()
    level = claims.c.level.in_(STRONG) if strong else claims.c.level.not_in(STRONG)
    chosen = (
        claims.c.account_id == account_id,
        claims.c.kind.in_({kind for kind, _ in wanted}),
        claims.c.value.in_({value for _, value in wanted}),
        level,
    )
    count = func.count(claims.c.identity_id.distinct())
    counted = select(claims.c.kind, claims.c.value, count).where(*chosen)
    counts = connection.execute(counted.group_by(claims.c.kind, claims.c.value)).all()
    crowded = {(row[0], row[1]) for row in counts if row[2] > MOST_HOLDERS}
    telling = select(claims.c.kind, claims.c.value, claims.c.identity_id).where(
        *chosen, claims.c.value.not_in({value for _, value in crowded})
    )
    found: dict[Value, set[str]] = {}
    for kind, value, identity_id in connection.execute(telling):
        if (kind, value) in wanted:
            found.setdefault((kind, value), set()).add(identity_id)
    return found, crowded & wanted


def save_claims(connection: Connection, account_id: str, rows: Sequence[Claim]) -> None:
    """Store claims that are new or were heard again."""
    upsert_rows(
        connection,
        claims,
        [{"account_id": account_id} | msgspec.structs.asdict(row) for row in rows],
        key=("identity_id", "kind", "value", "level"),
    )


def forget_typed(
    connection: Connection, account_id: str, identity_ids: Iterable[str], kind: str
) -> None:
    """Forget what operators typed of a kind: they typed something else now."""
    connection.execute(
        delete(claims).where(
            claims.c.account_id == account_id,
            claims.c.identity_id.in_(list(identity_ids)),
            claims.c.kind == kind,
            claims.c.by != "",
        )
    )


def addresses_of_people(
    connection: Connection, account_id: str, identity_ids: Iterable[str]
) -> dict[str, tuple[Address, str]]:
    """Give all addresses of the contacts some addresses belong to, with whose they are now."""
    mine = (
        select(identities.c.contact_id)
        .where(identities.c.account_id == account_id, identities.c.id.in_(list(identity_ids)))
        .scalar_subquery()
    )
    statement = select(identities).where(
        identities.c.account_id == account_id, identities.c.contact_id.in_(mine)
    )
    return {row.id: (_address(row), row.contact_id) for row in connection.execute(statement)}


def identities_of(connection: Connection, account_id: str, contact_id: str) -> list[str]:
    """Give the addresses of a contact."""
    statement = select(identities.c.id).where(
        identities.c.account_id == account_id, identities.c.contact_id == contact_id
    )
    return list(connection.execute(statement.order_by(identities.c.id)).scalars())


def logins_of(
    connection: Connection, account_id: str, keys: Iterable[PersonKey]
) -> list[tuple[str, str, str, int]]:
    """Give the logins of some visitors: inbox, visitor, who signed in, when."""
    wanted = set(keys)
    if not wanted:
        return []
    names = {external_id for _, external_id in wanted}
    statement = select(logins.c.inbox_id, logins.c.visitor, logins.c.signed, logins.c.at).where(
        logins.c.account_id == account_id,
        logins.c.inbox_id.in_({inbox_id for inbox_id, _ in wanted}),
        or_(logins.c.visitor.in_(names), logins.c.signed.in_(names)),
    )
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(statement)]


def save_login(
    connection: Connection, account_id: str, inbox_id: str, visitor: str, signed: str, at: int
) -> bool:
    """Store that somebody signed in where a visitor was; false when that was known."""
    row = {
        "account_id": account_id,
        "inbox_id": inbox_id,
        "visitor": visitor,
        "signed": signed,
        "at": at,
    }
    key = ("inbox_id", "visitor", "signed")
    return bool(insert_ignoring(connection, logins, [row], unique=key, returning=("at",)))


def identity_ids_of(
    connection: Connection, account_id: str, keys: Iterable[PersonKey]
) -> dict[PersonKey, str]:
    """Find addresses by inbox and external id."""
    wanted = set(keys)
    if not wanted:
        return {}
    statement = select(identities.c.inbox_id, identities.c.external_id, identities.c.id).where(
        identities.c.account_id == account_id,
        identities.c.inbox_id.in_({inbox_id for inbox_id, _ in wanted}),
        identities.c.external_id.in_({external_id for _, external_id in wanted}),
    )
    found = {(row[0], row[1]): row[2] for row in connection.execute(statement)}
    return {key: identity_id for key, identity_id in found.items() if key in wanted}


def verdicts_of(
    connection: Connection, account_id: str, identity_ids: Iterable[str]
) -> list[Verdict]:
    """Give what operators said about some addresses."""
    ids = list(identity_ids)
    statement = select(verdicts).where(
        verdicts.c.account_id == account_id,
        or_(verdicts.c.one_id.in_(ids), verdicts.c.other_id.in_(ids)),
    )
    return [
        Verdict(row.one_id, row.other_id, bool(row.is_same), row.at, row.by)
        for row in connection.execute(statement)
    ]


def save_verdicts(connection: Connection, account_id: str, said: Sequence[Verdict]) -> None:
    """Store what an operator said; the last word on a pair counts."""
    rows = [
        {
            "account_id": account_id,
            "one_id": min(verdict.one_id, verdict.other_id),
            "other_id": max(verdict.one_id, verdict.other_id),
            "is_same": int(verdict.is_same),
            "by": verdict.by,
            "at": verdict.at,
        }
        for verdict in said
    ]
    upsert_rows(connection, verdicts, rows, key=("one_id", "other_id"))


def forget_verdicts(
    connection: Connection, account_id: str, ones: Sequence[str], others: Sequence[str]
) -> None:
    """Forget what was said of the addresses of one person and those of another."""
    connection.execute(
        delete(verdicts).where(
            verdicts.c.account_id == account_id,
            or_(
                verdicts.c.one_id.in_(ones) & verdicts.c.other_id.in_(others),
                verdicts.c.one_id.in_(others) & verdicts.c.other_id.in_(ones),
            ),
        )
    )


def find_aliases(
    connection: Connection, account_ids: Iterable[str], keys: Iterable[PersonKey]
) -> dict[PersonKey, str]:
    """Find the addresses that other ids of the same people belong to."""
    wanted = set(keys)
    statement = select(aliases).where(
        aliases.c.account_id.in_(list(account_ids)),
        aliases.c.inbox_id.in_({inbox_id for inbox_id, _ in wanted}),
        aliases.c.external_id.in_({external_id for _, external_id in wanted}),
    )
    found = {
        (row.inbox_id, row.external_id): row.identity_id for row in connection.execute(statement)
    }
    return {key: identity_id for key, identity_id in found.items() if key in wanted}


def insert_aliases(connection: Connection, rows: Mapping[PersonKey, tuple[str, str]]) -> None:
    """Store other ids of addresses: each with its account and address."""
    insert_ignoring(
        connection,
        aliases,
        [
            {
                "account_id": account_id,
                "inbox_id": inbox_id,
                "external_id": external_id,
                "identity_id": identity_id,
            }
            for (inbox_id, external_id), (account_id, identity_id) in rows.items()
        ],
        unique=("inbox_id", "external_id"),
        returning=("identity_id",),
    )


def move_aliases(connection: Connection, account_id: str, old_id: str, new_id: str) -> None:
    """Give the other ids of one address to another."""
    connection.execute(
        update(aliases)
        .where(aliases.c.account_id == account_id, aliases.c.identity_id == old_id)
        .values(identity_id=new_id)
    )


def _claim(row: Row[Any]) -> Claim:
    return msgspec.convert(dict(zip(Claim.__struct_fields__, row, strict=True)), Claim)


def _address(row: Row[Any]) -> Address:
    return Address(
        identity_id=row.id,
        home_id=row.home_id,
        inbox_id=row.inbox_id,
        channel=row.channel,
        external_id=row.external_id,
        is_signed=row.evidence == "signed",
        created_at=row.created_at,
    )
