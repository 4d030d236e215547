"""What explaining costs beside deciding: `python tests/benchmarks/explanation_benchmark.py [areas ...]`.

CPU seconds within one run on invented towns (see `optimiser_benchmark`), and their ratio to the decision alone. The
order-free causes are 32 allocations; one is timed and counted 32 times.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import process_time
from typing import Any

from optimiser_benchmark import town

from optimiser.allocate import decide, solvable
from optimiser.drivers import area_budgets
from optimiser.lock_costs import lock_costs
from optimiser.order import in_the_order_of_the_model, neutral_order, reordered
from optimiser.reasons import reasons
from optimiser.shadow_prices import alternatives, shadow_prices
from optimiser.whatif import WhatIf

N_COALITIONS = 2**5


def seconds(job: Callable[[], Any]) -> float:
    """CPU time of one run."""
    start = process_time()
    job()
    return process_time() - start


def main(sizes: list[int]) -> None:
    """One line per part and size."""
    for n in sizes:
        problem = town(n)
        order = neutral_order(problem)
        plan = in_the_order_of_the_model(decide(problem), order)
        what_if = WhatIf(*solvable(reordered(problem, order)))
        base = seconds(lambda: decide(problem))  # noqa: B023
        print(f"{n} areas: decision {base:.2f} s")
        parts = {
            "shadow prices, both ways": lambda: shadow_prices(what_if),  # noqa: B023
            "ceilings and streams": lambda: alternatives(what_if, plan),  # noqa: B023
            "reasons": lambda: reasons(what_if, plan),  # noqa: B023
            "locks": lambda: lock_costs(what_if),  # noqa: B023
        }
        for name, job in parts.items():
            cost = seconds(job)
            print(f"  {name}: {cost:.2f} s ({cost / base:.2f} x)")
        cost = N_COALITIONS * seconds(lambda: area_budgets(problem))  # noqa: B023
        print(f"  order-free causes: {cost:.1f} s ({cost / base:.0f} x)")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [20, 40, 130])
