"""Speed of the allocator as ratios within one run: `python tests/benchmarks/optimiser_benchmark.py [areas ...]`.

Towns are invented (sizes and costs are lognormal), 8 streams, 4 years, with pace limits, locks, prevention, room to
shift, a reserve and a contract. The yardstick is HiGHS alone on the arrays of the first programme, cold and warm, in
turn with what is measured; processor time, so that other work on the machine counts for little. The word `country`
in place of a number decides 342 invented municipalities of 10 areas on average in 4 processes (wall time).
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np

from optimiser.allocate import allocate, build, decide, explained, solvable
from optimiser.allocation import Contradiction
from optimiser.problem import Choices, Contract, Problem, Programme, Reserve, Source
from optimiser.risk import Risk
from optimiser.solver import LiveModel, new_highs
from optimiser.stages import gap
from optimiser.whatif import WhatIf, head_start


def town(n_areas: int, money: float = 0.97, seed: int = 1) -> Problem:
    """An invented municipality with every kind of rule."""
    n_streams, n_years, r = 8, 4, np.random.default_rng(seed)
    shape = (n_areas, n_streams, n_years)
    size = r.lognormal(9, 0.5, n_areas)
    base = size[:, None] * r.lognormal(6, 0.7, n_streams) * r.lognormal(0, 0.2, shape[:2]) * 10
    growth = 1.03 ** np.arange(1, n_years + 1) * r.lognormal(0, 0.02, shape)
    claims = np.rint(base[:, :, None] * growth).astype(np.int64)
    last = np.rint(base * r.lognormal(0, 0.05, base.shape))
    city = np.rint(claims.sum(axis=0) * 0.3).astype(np.int64)
    need = claims.sum(axis=(0, 1)) + city.sum(axis=0)
    ring_fenced = np.rint(claims[:, 0].sum(axis=0) * 1.1).astype(np.int64)
    locked = np.full(shape, np.nan)
    locked[0, 1], locked[1, 2] = np.rint(claims[0, 1] * 1.1), np.rint(claims[1, 2] * 0.5)
    room = np.full(shape, np.nan)
    room[:, 3], room[:, 4] = 0.5, 0.2
    none = np.full((n_areas, n_years), np.nan)
    areas = tuple(f"WK{d:04d}" for d in range(n_areas))
    streams = tuple(f"S{s}" for s in range(n_streams))
    widths = (int(claims.mean() * 0.05), int(claims.mean() * 0.1))
    half = areas[: n_areas // 2]
    guaranteed = int(claims[: n_areas // 2, 2, 0].sum())
    return Problem(
        areas=areas,
        area_names=areas,
        streams=streams,
        stream_names=streams,
        years=tuple(range(2027, 2027 + n_years)),
        claims=claims,
        city_claims=city,
        basic_share=np.full(shape, 0.85),
        city_basic_share=np.full(shape[1:], 0.85),
        priority=np.linspace(1, 1.5, n_streams),
        norm=claims,
        inhabitants=none,
        last_budget=last,
        last_ceiling=last.sum(axis=1),
        sources=(
            Source("A", (), np.rint(need * money).astype(np.int64) - ring_fenced),
            Source("B", streams[:1], ring_fenced),
        ),
        choices=Choices(
            max_fall_dt=np.full_like(none, 0.05),
            max_growth_dt=np.full_like(none, 0.08),
            max_growth_per_head_dt=none,
            target_share_dt=none,
            buffer_share_t=np.full(n_years, 0.01),
            prevention_min_dt=np.full_like(none, 0.005),
            prevention_max_dt=np.full_like(none, 0.04),
            shift_room_dst=room,
            locked_dst=locked,
            city_locked_st=np.full(shape[1:], np.nan),
            ceiling_dt=none,
            retained_share_dt=none,
            general_share_dt=none,
            reinvest_cap_dt=none,
            carry_cap_dt=none,
        ),
        programmes=tuple(
            Programme(f"P{p}", streams[p], areas, widths, (1.5 + 0.2 * p, 0.6), 1, 3) for p in range(3)
        ),
        reserves=(
            Reserve(
                "R",
                int(need[0] * 0.02),
                int(need[0] * 0.005),
                int(need[0] * 0.03),
                np.full(n_years, int(need[0] * 0.01)),
            ),
        ),
        contracts=(Contract("C", streams[2], half, 2027, int(guaranteed * 0.9), int(guaranteed * 0.99)),),
    )


def seconds(job: Callable[[], Any]) -> float:
    """Processor time of one run."""
    start = process_time()
    job()
    return process_time() - start


def bare(problem: Problem) -> Callable[[], Any]:
    """HiGHS alone on the arrays of the first programme, ready to run from nothing."""
    model = build(problem)
    highs = new_highs()
    highs.passModel(LiveModel.of(model, head_start(model)).highs.getLp())

    def run() -> None:
        highs.clearSolver()
        highs.run()

    return run


def what_ifs(problem: Problem, n: int = 40) -> tuple[float, float]:
    """Median seconds of a question on a ceiling: asked, and the solver alone from the same basis."""
    what_if = WhatIf(*solvable(problem))
    highs, basis, ceilings = what_if.live.highs, what_if.live.highs.getBasis(), what_if.live.values()
    asked, alone = [], []
    for i in range(n):
        index = what_if.model.ceiling[i % len(problem.areas), 0].index
        cents = round(ceilings[index] * 1e5) + 1_000_000 * (-1) ** i
        asked.append(seconds(partial(what_if.ask, columns={index: (cents, cents)})))
        _, _, low, high, _ = highs.getCol(index)
        highs.changeColBounds(index, cents / 1e5, cents / 1e5)
        alone.append(seconds(highs.run))
        highs.changeColBounds(index, low, high)
        highs.setBasis(basis)
    return median(asked), median(alone)


def refused(problem: Problem) -> None:
    """A plan that ends in a contradiction."""
    try:
        allocate(problem)
    except Contradiction:
        return
    raise AssertionError("these rules should contradict each other")


def report(n_areas: int, rounds: int = 5) -> None:
    """All figures for one size; of what is repeated the median."""
    problem = town(n_areas)
    alone_run, decided = bare(problem), decide(problem)
    pairs = [(seconds(alone_run), seconds(lambda: decide(problem))) for _ in range(rounds)]
    alone, whole = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    ratio = median(pair[1] / pair[0] for pair in pairs)
    reasons = median(seconds(lambda: explained(problem, decided)) for _ in range(3))
    asked, warm = what_ifs(problem)
    r = np.random.default_rng(0)
    futures = problem.claims[..., None] * r.lognormal(0, 0.15, (*problem.shape, 200))
    uncertain = replace(problem, scenarios=futures)
    model, live = solvable(uncertain)
    risk = seconds(lambda: Risk(model, 0.9).minimise(live, model.costs(gap(model)), 1.0))
    given = problem.choices.ceiling_dt.copy()
    given[3, 0] = np.rint(problem.last_ceiling[3] * 1.2)
    clash = seconds(lambda: refused(replace(problem, choices=replace(problem.choices, ceiling_dt=given))))
    proof = explained(problem, decided).certificate
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines = (
        f"{n_areas} x 8 x 4: HiGHS alone {alone:.2f} s",
        f"decided (build, stages, whole cents, causes) {whole:.2f} s = {ratio:.1f} x; its reasons {reasons:.2f} s",
        f"what-if {asked * 1000:.1f} ms = {asked / warm:.2f} x warm HiGHS",
        f"CVaR over 200 futures {risk:.2f} s; contradiction with repairs {clash:.2f} s",
        f"proven within {proof.cents if proof else np.nan:.2f} cents; peak memory {memory:.0f} MB",
    )
    print("\n    ".join(lines))


def n_areas_of(number: int) -> int:
    """Ten on average, as in the Netherlands: 3,400 areas in 342 municipalities."""
    return 3 + 7 * number % 15


def decided_town(number: int) -> tuple[int, float]:
    """One municipality of the country: its areas, and the seconds of processor time that its decision took."""
    problem = town(n_areas_of(number), seed=number)
    return len(problem.areas), seconds(lambda: decide(problem))


def country(n_municipalities: int = 342, n_processes: int = 4) -> None:
    """Every municipality decided, the largest first; a process gets a number and makes the town itself."""
    numbers = sorted(range(1, n_municipalities + 1), key=n_areas_of, reverse=True)
    with ProcessPoolExecutor(n_processes) as pool:
        list(pool.map(decided_town, range(1, 2 * n_processes + 1)))
        start = perf_counter()
        done = list(pool.map(decided_town, numbers, chunksize=2))
        wall = perf_counter() - start
    print(
        f"{len(done)} municipalities, {sum(areas for areas, _ in done)} areas: {wall:.1f} s in {n_processes} "
        f"processes, {sum(spent for _, spent in done):.1f} s of processor time"
    )


if __name__ == "__main__":
    for word in sys.argv[1:] or ["20", "130", "country"]:
        if word == "country":
            country()
        else:
            report(int(word))
