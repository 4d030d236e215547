"""The forecast on data that nobody here made: ensemble beside plain Prophet and seasonal naive.

    python tests/benchmarks/forecast_benchmark.py --data ../shared/data

Every panel is forecast again from earlier moments (rolling origins) and scored on what then happened: mean
absolute scaled error, CRPS and the coverage of the 80 % interval, of single periods and of whole years, for
districts and for their sum; and beside every model of the ensemble by itself. `--panels` picks some, `--origins`
sets how many moments, `--out` writes the outcomes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import forecast_panels as panels
import pandas as pd
from forecast_members import member_errors

from forecasts.backtest import DISTRICT_LEVEL, PERIOD_SPAN, YEAR_SPAN, backtest, summary
from forecasts.history import History, Population

Panel = tuple[History, Population, int]
"""History, population and years ahead to test."""

N_DRAWS = 500
PANELS: dict[str, Callable[[Path], Panel]] = {
    "den haag": lambda data: (*panels.the_hague(data), 2),
    "wards NI 27m": lambda data: (panels.wards(data, 80, group=2), panels.NOBODY, 1),
    "SEH Engeland 36m": lambda data: (panels.emergency(data, 20), panels.NOBODY, 1),
    "toerisme 48m": lambda data: (panels.tourism(data, 48, 15), panels.NOBODY, 1),
    "toerisme 84m": lambda data: (panels.tourism(data, 84, 15), panels.NOBODY, 2),
    "arbeid 84m": lambda data: (panels.labour(data, 84), panels.NOBODY, 2),
    "gevangenis 36k": lambda data: (panels.prison(data, 36), panels.NOBODY, 1),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--panels", nargs="*", default=list(PANELS), choices=list(PANELS))
    parser.add_argument("--origins", type=int, default=2)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    outcomes, tables, best = [], [], {}
    for name in arguments.panels:
        history, population, years_ahead = PANELS[name](arguments.data)
        began = time.perf_counter()
        panel = backtest(
            history, population, n_origins=arguments.origins, years_ahead=years_ahead, n_draws=N_DRAWS
        )
        print(
            f"\n{name}: {len(history.districts)} x {len(history.streams)}, {time.perf_counter() - began:.0f} s",
            flush=True,
        )
        outcomes.append(panel.assign(panel=name))
        tables.append(summary(panel).assign(panel=name))
        print(_readable(tables[-1]))
        alone = member_errors(history, population, n_origins=arguments.origins, years_ahead=years_ahead)
        best[name] = alone.min()
        print("Each model by itself (MASE): " + ", ".join(f"{m} {e:.3f}" for m, e in alone.items()))
        if len({len(stream.periods) for stream in history.streams}) > 1:
            print(_readable(summary(panel, by=["stream"]).query("level == 'wijk' and span == 'jaar'")))
    _conclude(pd.concat(tables), pd.Series(best))
    if arguments.out:
        pd.concat(outcomes).to_csv(arguments.out, index=False)


def _readable(table: pd.DataFrame) -> str:
    names = ["level", "span", *[name for name in ("stream",) if name in table], "method", "n"]
    names += ["mase_relative", "crps_relative", "wape", "cover80", "cover95"]
    return table[names].round(3).to_string(index=False)


def _conclude(table: pd.DataFrame, best: pd.Series[float]) -> None:
    districts = table[(table["level"] == DISTRICT_LEVEL)]
    periods = districts[districts["span"] == PERIOD_SPAN]
    wide = periods.pivot_table(index="panel", columns="method", values=["mase_relative", "crps_relative"])
    against_prophet = (wide["mase_relative"]["ensemble"] / wide["mase_relative"]["prophet"]).mean() - 1
    against_naive = wide["mase_relative"]["ensemble"].mean() - 1
    years = districts[(districts["span"] == YEAR_SPAN) & (districts["method"] == "ensemble")]
    ours = periods[periods["method"] == "ensemble"].set_index("panel")["mase"]
    against_best = (ours / best).round(3).to_string()
    print("\nMASE and CRPS relative to seasonal naive\n" + wide.round(3).to_string())
    print(
        f"\nMean error of the ensemble against plain Prophet {against_prophet:+.1%}, against naive {against_naive:+.1%}"
    )
    print(f"Error relative to the best single model\n{against_best}")
    print(f"Coverage of yearly sums at nominal 80 %, mean over the panels: {years['cover80'].mean():.0%}")


if __name__ == "__main__":
    main()
