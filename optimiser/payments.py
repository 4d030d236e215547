"""Which source pays what: ring-fenced money first, sources in code order, all in whole cents.

The amounts are given; only who pays is decided here. Ring-fenced sources pay as much as they can, the first in
code order most (augmenting paths in a flow from sources to streams). What is drawn from reserves pays for what
belongs to no stream, then for the last streams. Free sources pay the rest, streams first.
"""

from __future__ import annotations

import numpy as np

from optimiser.problem import Cents, Problem


def payments(problem: Problem, stream_totals: Cents, other: Cents, drawn: Cents) -> tuple[Cents, Cents]:
    """source_use (g, s, t) and unspent (g, t) for spending per stream (s, t), other free spending and draws (t)."""
    use = np.zeros((len(problem.sources), *stream_totals.shape), dtype=np.int64)
    unspent = np.zeros((len(problem.sources), stream_totals.shape[1]), dtype=np.int64)
    order = sorted(range(len(problem.sources)), key=lambda g: problem.sources[g].code)
    ring_fenced = [g for g in order if problem.sources[g].streams]
    free = [g for g in order if not problem.sources[g].streams]
    for t in range(stream_totals.shape[1]):
        paid = _ring_fenced_first(problem, ring_fenced, stream_totals[:, t], t)
        use[:, :, t] = paid
        for g in ring_fenced:
            unspent[g, t] = int(problem.sources[g].amounts[t]) - int(paid[g].sum())
        to_pay = [int(amount) for amount in stream_totals[:, t] - paid.sum(axis=0)]
        from_reserves, remaining = int(drawn[t]), int(other[t])
        part = min(from_reserves, remaining)
        from_reserves, remaining = from_reserves - part, remaining - part
        for s in reversed(range(len(to_pay))):
            part = min(from_reserves, to_pay[s])
            from_reserves, to_pay[s] = from_reserves - part, to_pay[s] - part
        for g in free:
            left = int(problem.sources[g].amounts[t])
            for s, amount in enumerate(to_pay):
                part = min(left, amount)
                use[g, s, t], to_pay[s], left = part, amount - part, left - part
            part = min(left, remaining)
            remaining, unspent[g, t] = remaining - part, left - part
        if sum(to_pay) + remaining:
            raise ValueError(f"{problem.years[t]}: more spent than there is")
    return use, unspent


def _ring_fenced_first(problem: Problem, sources: list[int], totals: Cents, t: int) -> Cents:
    paid = np.zeros((len(problem.sources), len(totals)), dtype=np.int64)
    room = totals.astype(np.int64).copy()
    for g in sources:
        left = int(problem.sources[g].amounts[t])
        while left > 0:
            path = _path_to_room(problem, sources, g, paid, room)
            if path is None:
                break
            handed_on = [int(paid[path[i + 1][0], path[i][1]]) for i in range(len(path) - 1)]
            amount = min([left, int(room[path[-1][1]]), *handed_on])
            for i, (payer, s) in enumerate(path):
                paid[payer, s] += amount
                if i + 1 < len(path):
                    paid[path[i + 1][0], s] -= amount
            room[path[-1][1]] -= amount
            left -= amount
    return paid


def _path_to_room(
    problem: Problem, sources: list[int], start: int, paid: Cents, room: Cents
) -> list[tuple[int, int]] | None:
    """The shortest chain (source, stream), (source, stream) ... by which `start` can pay one more cent."""
    queue: list[list[tuple[int, int]]] = []
    seen: set[int] = set()

    def extend(path: list[tuple[int, int]], g: int) -> None:
        for s, code in enumerate(problem.streams):
            if code in problem.sources[g].streams and s not in seen:
                seen.add(s)
                queue.append([*path, (g, s)])

    extend([], start)
    while queue:
        path = queue.pop(0)
        s = path[-1][1]
        if room[s] > 0:
            return path
        for g in sources:
            if paid[g, s] > 0:
                extend(path, g)
    return None
