"""Who arrives: found by any of their ids, or met for the first time; never twice."""

from collections.abc import Sequence

from sqlalchemy import Connection

from otklik.contacts import rules, store
from otklik.contacts.types import Arrival, Person, PersonKey
from otklik.kernel.ids import new_id


class Meeting:
    """The people of one batch of arrivals."""

    def __init__(self, connection: Connection, arrivals: Sequence[Arrival]) -> None:
        self._connection = connection
        self._arrivals = arrivals
        self._accounts = {arrival.account_id for arrival in arrivals}
        self._fresh: dict[str, tuple[Person, Arrival]] = {}
        self._changed: dict[str, Person] = {}
        self.people: dict[PersonKey, Person] = {}
        self.same: dict[str, set[tuple[str, str]]] = {}
        """By account, pairs of addresses that turned out to be ids of one platform account."""

    def gather(self) -> None:
        """Find or make everybody, and store what is new about them."""
        keys = dict.fromkeys(key for arrival in self._arrivals for key in ids_of(arrival))
        self.people = store.find_people(self._connection, self._accounts, list(keys))
        known_aliases = self._add_aliases([key for key in keys if key not in self.people])
        for arrival in self._arrivals:
            self._meet(arrival)
        store.insert_people(self._connection, list(self._fresh.values()))
        store.update_people(self._connection, list(self._changed.values()))
        self._keep_aliases(known_aliases)

    def _add_aliases(self, missing: Sequence[PersonKey]) -> set[PersonKey]:
        """Find people by other ids of theirs: one statement, and one more when there are any."""
        if not missing:
            return set()
        found = store.find_aliases(self._connection, self._accounts, missing)
        if found:
            by_id = store.find_by_ids(self._connection, self._accounts, set(found.values()))
            self.people |= {key: by_id[one] for key, one in found.items() if one in by_id}
        return set(found)

    def _meet(self, arrival: Arrival) -> None:
        keys = ids_of(arrival)
        known = next((self.people[key] for key in keys if key in self.people), None)
        if known is None:
            if not arrival.introduces:
                return
            person = rules.newcomer(arrival, new_id(), new_id())
            self._fresh[person.identity_id] = (person, arrival)
        else:
            known = self._latest(known)
            person = rules.met_again(known, arrival)
            if person is not known:
                self._note(person)
        for key in keys:
            other = self.people.setdefault(key, person)
            if other.identity_id != person.identity_id:
                pair = (person.identity_id, other.identity_id)
                self.same.setdefault(arrival.account_id, set()).add(pair)
        self.people[keys[0]] = person if known is None else self._latest(self.people[keys[0]])

    def _latest(self, person: Person) -> Person:
        if person.identity_id in self._fresh:
            return self._fresh[person.identity_id][0]
        return self._changed.get(person.identity_id, person)

    def _note(self, person: Person) -> None:
        if person.identity_id in self._fresh:
            first = self._fresh[person.identity_id][1]
            self._fresh[person.identity_id] = (person, first)
        else:
            self._changed[person.identity_id] = person

    def _keep_aliases(self, known: set[PersonKey]) -> None:
        """Remember ids nobody has as an address, for those who come with several."""
        rows = {}
        for arrival in self._arrivals:
            for key in ids_of(arrival):
                person = self.people.get(key)
                if person is not None and key not in known and key[1] != person.external_id:
                    rows[key] = (person.account_id, person.identity_id)
        store.insert_aliases(self._connection, rows)


def arrive(connection: Connection, arrivals: Sequence[Arrival]) -> dict[PersonKey, Person]:
    """Find or make the people behind arrivals, at most five statements for those without aliases.

    Newcomers cost one more: they may be known by another id.
    """
    meeting = Meeting(connection, arrivals)
    if arrivals:
        meeting.gather()
    return meeting.people


def ids_of(arrival: Arrival) -> list[PersonKey]:
    """Give every key somebody may be known by, the one we answer to first."""
    sender = arrival.sender
    names = (sender.external_id, *(one for one in sender.aliases if one))
    return [(arrival.inbox_id, name) for name in dict.fromkeys(names)]
