"""How fast a whole country is planned: invented municipalities with a flat yearly history, so that models cost little.

    python tests/benchmarks/national_benchmark.py --municipalities 342

Prints the time per step for one municipality, then the whole run in one process and in several: seconds,
municipalities per second, the peak memory of a process, and how many times faster several are.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

from budget.national.crew import Lost, outcomes
from budget.national.files import Source, packed, sources_in, unpacked
from budget.national.processes import in_processes
from budget.national.run import Job, plan_one
from budget.workbook.template import write_input_workbook

N_DRAWS, SEED = 20, 2027
PLAN = range(2027, 2031)
HISTORY = range(2019, 2027)
STREAMS = ("WMO-BEG", "WMO-HO", "JEUGD", "PART", "BIJZ", "SCHULD", "ARMOEDE")
TARIFF = 4_000


def n_districts(number: int) -> int:
    """Ten on average, as in the Netherlands: 3,400 districts in 342 municipalities."""
    return 3 + 7 * number % 15


def write_municipality(folder: Path, number: int) -> None:
    """Every district the same clients in every year, a little less money than they cost, a pace limit."""
    districts = [f"WK{number:04}{district:02}" for district in range(n_districts(number))]
    clients = {
        (district, stream): 20 + (31 * d + 17 * s + 7 * number) % 80
        for d, district in enumerate(districts)
        for s, stream in enumerate(STREAMS)
    }
    fields = {
        "Gemeentecode": f"GM{number:04}",
        "Naam": f"Gemeente {number}",
        "Eerste planjaar": PLAN[0],
        "Aantal planjaren": len(PLAN),
        "Prijspeil": PLAN[0],
    }
    write_input_workbook(
        folder / f"GM{number:04}.xlsx",
        {
            "Gemeente": [{"Veld": name, "Waarde": value} for name, value in fields.items()],
            "Wijken": [{"Wijkcode": code, "Wijknaam": code, "Inwoners": 5_000} for code in districts],
            "Stromen": [
                {
                    "Stroom": stream,
                    "Naam": stream,
                    "Domein": "Wmo",
                    "Soort": "open einde",
                    "Aandeel brede stroom": 1.0,
                    "Leeftijdsgroep": "totaal",
                    "Basispakket": 0.8,
                    "Taakveld": "6.711",
                    "Prioriteit": 1,
                    "Verdeelsleutel": "gebruik",
                }
                for stream in STREAMS
            ],
            "Vraag": [
                {
                    "Wijkcode": district,
                    "Stroom": stream,
                    "Periode": str(year),
                    "Clienten": count,
                    "Status": "definitief",
                }
                for (district, stream), count in clients.items()
                for year in HISTORY
            ],
            "Tarieven": [
                {"Stroom": stream, "Jaar": year, "Kosten per clientjaar": TARIFF, "Bron": "verzonnen"}
                for stream in STREAMS
                for year in PLAN
            ],
            "Middelen": [
                {
                    "Bron": "Algemene middelen",
                    "Jaar": year,
                    "Bedrag": round(0.95 * TARIFF * sum(clients.values())),
                    "Structureel": "ja",
                    "Versie": "1",
                }
                for year in PLAN
            ],
            "Vorig budget": [
                {
                    "Wijkcode": district,
                    "Stroom": stream,
                    "Bedrag": TARIFF * (count + (5 * number + count) % 9 - 4),
                }
                for (district, stream), count in clients.items()
            ],
            "Regels": [
                {"Regel": rule, "Waarde": value, "Bron": "verzonnen"}
                for rule, value in (("groei_min", 0.1), ("groei_max", 0.1), ("buffer_centraal", 0.01))
            ],
        },
    )


def measured(job: Job) -> tuple[str, int]:
    """The outcome of a municipality, and the peak memory of this process so far in kB."""
    result, _ = plan_one(job)
    status = Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return result.outcome, int(peak.split()[1])


def seconds_per_step(source: Source) -> dict[str, float]:
    """Processor time of one municipality, warm, step by step in this process."""
    from budget.export import workbook_bytes
    from budget.plan import forecast, plan_demand
    from budget.report import plan_tables
    from budget.workbook.reading import read_inputs

    def moments() -> Iterator[float]:
        yield time.process_time()
        with tempfile.TemporaryDirectory() as scratch:
            inputs = read_inputs(unpacked(packed(source.path), Path(scratch)))
        yield time.process_time()
        demand = forecast(inputs, n_draws=N_DRAWS, seed=SEED)
        yield time.process_time()
        plan = plan_demand(inputs, demand)
        yield time.process_time()
        workbook_bytes(plan_tables(plan))
        yield time.process_time()

    steps = ("read", "forecast", "price, allocate, audit", "write")
    runs = [[after - before for before, after in pairwise(moments())] for _ in range(4)][1:]
    return dict(zip(steps, map(statistics.median, zip(*runs, strict=True)), strict=True))


def run(sources: list[Source], n_processes: int) -> float:
    """Seconds for all municipalities; prints what it took."""
    jobs = (Job(source, packed(source.path), N_DRAWS, SEED) for source in sources)
    start = time.perf_counter()
    answers = [answer for _, answer in outcomes(partial(in_processes, measured, n_processes), jobs)]
    seconds = time.perf_counter() - start
    planned = [answer for answer in answers if not isinstance(answer, Lost) and answer[0] == "plan"]
    peak = max(kilobytes for _, kilobytes in planned) / 1024
    print(
        f"{n_processes} process(es): {len(planned)} of {len(sources)} planned in {seconds:.1f} s, "
        f"{len(planned) / seconds:.1f} per second, peak memory of a process {peak:.0f} MB"
    )
    return seconds


def main() -> None:
    """Make the municipalities, plan them, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--municipalities", type=int, default=12)
    parser.add_argument("--processes", type=int, default=4)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1, wanted.municipalities + 1):
            write_municipality(Path(folder), number)
        sources = sources_in(Path(folder))
        total = sum(n_districts(number) for number in range(1, wanted.municipalities + 1))
        print(
            f"{len(sources)} municipalities, {total} districts, {len(STREAMS)} streams, {len(PLAN)} plan years"
        )
        typical = sources[len(sources) // 2]
        for step, seconds in seconds_per_step(typical).items():
            print(f"  {step}: {1000 * seconds:.0f} ms of processor time ({typical.name})")
        one, several = run(sources, 1), run(sources, wanted.processes)
        print(f"{wanted.processes} processes are {one / several:.1f} times faster than 1")


if __name__ == "__main__":
    main()
