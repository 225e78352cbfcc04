"""Results as tables of plain text."""

from collections.abc import Callable, Iterable, Sequence
from statistics import median

from bench.machine import percentile
from bench.measure import Proof, Result, Round

Table = list[Sequence[str]]


def printed(title: str, rows: Table) -> str:
    """Lay out a table; the first row names the columns, the first column the lines."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([title, *(f"  {line}" for line in lines), ""])


def speeds(results: Sequence[Result]) -> str:
    """Show rates beside their limits, as median (range) over the rounds."""
    lines: list[tuple[str, Callable[[Round], float], str]] = [
        ("end to end, messages/s", lambda one: one.per_s, "{:.0f}"),
        ("bare commit of the same rows, messages/s", lambda one: one.commit.per_s, "{:.0f}"),
        ("  ratio", lambda one: one.per_s / one.commit.per_s, "{:.2f}"),
        ("bare webhook, requests/s", lambda one: one.webhook.per_s, "{:.0f}"),
        ("CPU of webhook + commit, µs", _limit_us, "{:.0f}"),
        ("CPU of webhook + commit + send, µs", _limit_with_send_us, "{:.0f}"),
        ("CPU of Otklik + store, µs", _used_us, "{:.0f}"),
        ("  L (webhook + commit), ratio", lambda one: _limit_us(one) / _used_us(one), "{:.2f}"),
        (
            "  L with sending, ratio",
            lambda one: _limit_with_send_us(one) / _used_us(one),
            "{:.2f}",
        ),
    ]
    return printed("Speed", _rows(results, lines))


def cpu(results: Sequence[Result]) -> str:
    """Show where the CPU goes."""
    lines: list[tuple[str, Callable[[Round], float], str]] = [
        ("Otklik", lambda one: one.cpu.app, "{:.0f}"),
        ("PostgreSQL", lambda one: one.cpu.postgres, "{:.0f}"),
        ("sandbox", lambda one: one.cpu.sandbox, "{:.0f}"),
        ("generator", lambda one: one.cpu.generator, "{:.0f}"),
        ("bare webhook", lambda one: one.webhook.cpu_us, "{:.0f}"),
        ("bare commit (client and server)", lambda one: one.commit.cpu_us, "{:.0f}"),
        ("bare send (the same HTTP client)", lambda one: one.send_us, "{:.0f}"),
    ]
    return printed("CPU, µs per message with its answer", _rows(results, lines))


def waits(results: Sequence[Result]) -> str:
    """Show latencies at half of the measured rate."""
    rows: Table = [("at half of the rate, ms", *(result.name for result in results))]
    rates = [f"{result.latency.rate:.0f}/s" if result.latency else "" for result in results]
    rows.append(("messages offered", *rates))
    kinds = {
        "webhook: due → 2xx": "accepted",
        "2xx → answer handed to the sandbox": "to_sandbox",
        "2xx → event at a desk's socket": "to_desk",
    }
    for title, name in kinds.items():
        for share in (0.5, 0.99):
            cells = [
                f"{percentile(getattr(result.latency, name), share):.1f}" for result in results
            ]
            rows.append((f"{title}, p{share * 100:.0f}", *cells))
    return printed("Latency", rows)


def sockets(results: Sequence[Result]) -> str:
    """Show what idle sockets cost."""
    measured = [result for result in results if result.desks and result.visitors]
    if not measured:
        return ""
    rows: Table = [("per idle socket", *(result.name for result in measured))]
    for title, kind in (("desk", "desks"), ("visitor", "visitors")):
        found = [getattr(result, kind) for result in measured]
        rows.append((f"{title}: sockets", *(str(one.sockets) for one in found)))
        memory = (f"{one.rss / 1e3:.1f}" for one in found)
        rows.append((f"{title}: resident kB of the server", *memory))
        rows.append((f"{title}: bytes on the wire to open", *(f"{one.wire:.0f}" for one in found)))
    return printed("Sockets", rows)


def proofs(results: Sequence[Result]) -> str:
    """Show the counts that make the rates count."""
    rows: Table = [("counted", *(result.name for result in results))]
    lines: list[tuple[str, Callable[[Proof], object]]] = [
        ("posted", lambda one: one.posted),
        ("accepted (2xx)", lambda one: one.accepted),
        ("bodies in the log", lambda one: one.stored.bodies),
        ("messages stored", lambda one: one.stored.received),
        ("answers stored", lambda one: one.stored.answers),
        ("answers sent", lambda one: one.stored.sent),
        ("answers the sandbox got", lambda one: one.handed),
        ("told to desks / expected", lambda one: f"{one.desk_seen} / {one.desk_expected}"),
        ("all equal", lambda one: "yes" if one.holds else "NO"),
    ]
    for title, read in lines:
        cells = [str(read(result.proof)) if result.proof else "" for result in results]
        rows.append((title, *cells))
    return printed("Proof", rows)


def surroundings(results: Sequence[Result]) -> str:
    """Show what else the machine was doing."""
    lines: list[tuple[str, Callable[[Round], float], str]] = [
        ("fdatasync p50, ms", lambda one: one.fdatasync[0], "{:.2f}"),
        ("fdatasync p99, ms", lambda one: one.fdatasync[1], "{:.2f}"),
        ("load average", lambda one: one.load, "{:.1f}"),
    ]
    return printed("Surroundings", _rows(results, lines))


def _limit_us(one: Round) -> float:
    return one.webhook.cpu_us + one.commit.cpu_us


def _limit_with_send_us(one: Round) -> float:
    return _limit_us(one) + one.send_us


def _used_us(one: Round) -> float:
    return one.cpu.app + one.cpu.postgres


def _rows(
    results: Sequence[Result], lines: Iterable[tuple[str, Callable[[Round], float], str]]
) -> Table:
    rows: Table = [("median (range)", *(result.name for result in results))]
    for title, read, form in lines:
        cells = [_spread([read(one) for one in result.rounds], form) for result in results]
        rows.append((title, *cells))
    return rows


def _spread(values: Sequence[float], form: str) -> str:
    if not values:
        return ""
    middle = form.format(median(values))
    return f"{middle} ({form.format(min(values))}–{form.format(max(values))})"
