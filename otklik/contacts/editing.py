"""What an operator types about a contact: checked, stored, and taken as their word."""

from sqlalchemy import Connection

from otklik.contacts import evidence, service, store
from otklik.contacts.deciding import Decision
from otklik.contacts.evidence import Claim, ClaimKind, Evidence
from otklik.contacts.linking import keep_claims
from otklik.contacts.types import ContactPatch, ContactView, LinkingRules
from otklik.kernel.errors import InvalidError, NotFoundError
from otklik.kernel.text import storable

_FIELD_LIMIT = 2000
_BLOCKED_LIMIT = 500
_KINDS: tuple[ClaimKind, ...] = ("phone", "email")


def change(decision: Decision, contact_id: str, patch: ContactPatch) -> ContactView:
    """Store what an operator typed about a contact; their word is evidence `operator`."""
    connection, account_id = decision.connection, decision.account_id
    row = store.contact(connection, account_id, contact_id)
    if row is None:
        raise NotFoundError
    contact_id = row.merged_into or row.id
    rules = store.rules_of(connection, account_id)
    values = _checked(patch, rules.region)
    _take_back(connection, account_id, contact_id, [name for name in values if not values[name]])
    for kind in _KINDS:
        if kind in values:
            values[f"{kind}_evidence"] = "operator" if values[kind] else ""
            _claim(decision, contact_id, kind, values[kind], rules)
    if values:
        store.change_contact(connection, account_id, contact_id, values)
    shown = service.view(connection, account_id, contact_id)
    service.announce(decision.ledger, account_id, shown, decision.now)
    return shown


def _take_back(
    connection: Connection, account_id: str, contact_id: str, cleared: list[str]
) -> None:
    """Clear fields in the contacts behind this one too: else they would be lent again."""
    if cleared:
        shown = store.cards(connection, account_id, [contact_id])[contact_id]
        for name in cleared:
            store.clear_lent(connection, account_id, contact_id, name, getattr(shown, name))


def _checked(patch: ContactPatch, region: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for name in ("name", "phone", "email", "remark"):
        value: str | None = getattr(patch, name)
        if value is None:
            continue
        if len(value) > _FIELD_LIMIT:
            raise InvalidError(
                f"Keep it under {_FIELD_LIMIT} characters.",
                f"Не больше {_FIELD_LIMIT} знаков.",
                field=name,
            )
        values[name] = storable(value.strip())
    if values.get("phone"):
        values["phone"] = evidence.normal_phone(values["phone"], region)
        if not values["phone"]:
            raise InvalidError(
                "This is no phone number. Write it with the country: +7 900 123-45-67.",
                "Это не похоже на телефон. Напишите номер с кодом страны: +7 900 123-45-67.",
                field="phone",
            )
    if values.get("email") and not evidence.normal_email(values["email"]):
        raise InvalidError(
            "This is no e-mail address. It looks like name@example.com.",
            "Это не похоже на адрес почты. Он выглядит так: name@example.com.",
            field="email",
        )
    return values


def _claim(
    decision: Decision, contact_id: str, kind: ClaimKind, text: str, rules: LinkingRules
) -> None:
    """Let what an operator typed propose, never join, people."""
    connection, account_id = decision.connection, decision.account_id
    identity_ids = store.identities_of(connection, account_id, contact_id)
    store.forget_typed(connection, account_id, identity_ids, kind)
    value = evidence.normal(kind, text, rules.region)
    if value and not evidence.is_nobodys(kind, value, rules.blocked):
        at, by = decision.now, decision.by
        claim = Claim(identity_ids[0], kind, value, Evidence.CLAIMED, at, at, by)
        keep_claims(connection, account_id, [claim])


def change_rules(decision: Decision, rules: LinkingRules) -> LinkingRules:
    """Store how an account compares addresses; who was joined by what is blocked now parts."""
    region = rules.region.upper()
    if not evidence.is_region(region):
        raise InvalidError(
            "The region is two letters of a country, as in RU.",
            "Регион — две буквы страны, например RU.",
            field="region",
        )
    if len(rules.blocked) > _BLOCKED_LIMIT or any(len(one) > _FIELD_LIMIT for one in rules.blocked):
        raise InvalidError(
            f"Keep the list under {_BLOCKED_LIMIT} entries.",
            f"В списке не больше {_BLOCKED_LIMIT} записей.",
            field="blocked",
        )
    entries = [storable(one.strip().lower()) for one in rules.blocked]
    blocked = [
        one if "@" in one else evidence.normal_phone(one, region) or one for one in entries if one
    ]
    stored = LinkingRules(region, list(dict.fromkeys(blocked)))
    store.save_rules(decision.connection, decision.account_id, stored)
    _part(decision, stored.blocked)
    return stored


def _part(decision: Decision, blocked: list[str]) -> None:
    """Look again at everybody who has a phone or e-mail that is blocked."""
    values: list[tuple[ClaimKind, str]] = [
        ("email" if "@" in one else "phone", one) for one in blocked
    ]
    holders, _ = store.holders_of(decision.connection, decision.account_id, values, strong=True)
    identity_ids = set().union(*holders.values())
    if identity_ids:
        decision.look_again(identity_ids)
