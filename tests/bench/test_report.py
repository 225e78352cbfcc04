from dataclasses import replace

import pytest

from bench.idle import Idle
from bench.limits import Commit, Webhook
from bench.machine import percentile
from bench.measure import Cpu, Latency, Proof, Result, Round
from bench.report import cpu, proofs, sockets, speeds, surroundings, waits
from bench.store import Counts

ROUND = Round(
    per_s=500.0,
    cpu=Cpu(app=300.0, sandbox=90.0, generator=20.0, postgres=100.0),
    webhook=Webhook(per_s=20_000.0, cpu_us=40.0),
    commit=Commit(per_s=10_000.0, cpu_us=60.0),
    send_us=100.0,
    load=1.5,
    fdatasync=(0.2, 1.1),
)
STORED = Counts(bodies=10, received=10, answers=10, sent=10, events=40)
PROOF = Proof(posted=10, accepted=10, stored=STORED, handed=10, desk_expected=3, desk_seen=3)


@pytest.fixture
def result() -> Result:
    made = Result("SQLite", rounds=[ROUND, replace(ROUND, per_s=400.0), ROUND])
    made.latency = Latency(250.0, [1.0, 2.0], [5.0, 9.0], [60.0, 80.0])
    made.proof = PROOF
    made.desks = made.visitors = Idle(sockets=100, rss=20_000.0, wire=580.0)
    return made


def line(table: str, start: str) -> list[str]:
    return next(row for row in table.splitlines() if row.strip().startswith(start)).split()


def test_ratios_are_made_within_a_round(result: Result) -> None:
    table = speeds([result])
    assert line(table, "ratio")[-2:] == ["0.05", "(0.04–0.05)"]
    assert line(table, "L (webhook")[-2:] == ["0.25", "(0.25–0.25)"]
    assert line(table, "L with sending")[-2:] == ["0.50", "(0.50–0.50)"]


def test_every_table_has_a_column_for_every_store(result: Result) -> None:
    other = replace(result, name="PostgreSQL")
    for table in (speeds, waits, cpu, sockets, proofs, surroundings):
        head = table([result, other]).splitlines()[1]
        assert head.split()[-2:] == ["SQLite", "PostgreSQL"]


@pytest.mark.parametrize(
    "broken",
    [
        replace(PROOF, accepted=9),
        replace(PROOF, handed=11),
        replace(PROOF, desk_seen=2),
        *(replace(PROOF, stored=replace(STORED, **{name: 9}))
          for name in ("bodies", "received", "answers", "sent")),
    ],
)  # fmt: skip
def test_a_rate_counts_only_when_every_count_is_equal(broken: Proof) -> None:
    assert PROOF.holds
    assert not broken.holds


def test_percentiles_are_values_that_occurred() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([float(n) for n in range(100)], 0.99) == 99.0
    assert percentile([], 0.5) == 0.0
