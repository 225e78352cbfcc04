from pathlib import Path

from bench.measure import Plan, measure

TINY = Plan(rounds=1, people=8, turns=4, latency_s=0.5, sockets=20)


async def test_a_tiny_measurement_counts_every_message(tmp_path: Path) -> None:
    result = await measure("SQLite", tmp_path, TINY, None)
    proof, latency = result.proof, result.latency
    assert proof is not None
    assert proof.holds, proof
    assert proof.posted > TINY.people * TINY.turns
    assert proof.desk_expected > 0
    assert latency is not None
    assert len(latency.to_sandbox) == len(latency.accepted)
    assert result.desks is not None
    assert result.desks.wire > 200
    (found,) = result.rounds
    assert 0 < found.per_s < found.commit.per_s
    assert found.cpu.app > found.webhook.cpu_us
