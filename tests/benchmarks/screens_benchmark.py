"""How long the screens take, alone and with many readers at once: `python tests/benchmarks/screens_benchmark.py`.

Every reader is a session of its own over the same socket that a browser uses: it opens a shared link to the plan,
thinks, turns to another page or moves a slider, and so on. Three waits are told apart, in wall time:

    cold page       a new session asks for Verdeling, until its last element
    page            an open session turns to another page, until its last element
    rule change     a slider is moved to where nobody had it, until the tables of the new allocation are there:
                    before its surplus is reinvested, after, and until the last element

and beside them the processor time that the server and what it started used per wait, which does not depend on who
else uses the machine. `--twice` plans the workbook's districts twice over (20 become 40).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import pickle
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.request import urlopen

import numpy as np
import psutil  # type: ignore[import-untyped]
from larger_city import twice
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from budget.plan import forecast, plan_demand
from budget.workbook.reading import read_inputs
from ui.main import PAGES

ROOT = Path(__file__).parents[2]
PATHS = ("", *(path for _, path, _ in PAGES[1:]))
SERVER = """
import os, pickle, sys
from pathlib import Path
from streamlit.web.cli import main
from ui.work import plans

plans.put("plan", pickle.loads(Path(os.environ["PLAN"]).read_bytes()))
sys.argv = ["streamlit", "run", os.environ["APP"], "--server.port", os.environ["PORT"]]
main()
"""
"""What `ui.launch` starts, with a plan at hand that was made before."""
SLIDERS = ("share_groei_min", "share_groei_max", "share_buffer_centraal", "share_preventie_max")
_TABLE = b"gb-table"


class Reader:
    """One session: what it knows of its page is what a browser would know."""

    def __init__(self, socket_: ClientConnection) -> None:
        self._socket = socket_
        self._query = "gegevens=plan"
        self._sliders: dict[str, tuple[str, list[str]]] = {}

    async def turn(self, page: str) -> float:
        """Ask for a page; seconds until its last element."""
        asked = BackMsg()
        asked.rerun_script.page_name = page
        *_, finished = await self._ask(asked)
        return finished

    async def move(self, chance: Random) -> tuple[float, float, float]:
        """Move a slider of Verdeling; seconds until the first allocation is shown, the last, and until the end."""
        asked = BackMsg()
        asked.rerun_script.page_name = "verdeling"
        widget, options = self._sliders[chance.choice(sorted(self._sliders))]
        state = asked.rerun_script.widget_states.widgets.add()
        state.id = widget
        state.string_array_value.data.append(chance.choice(options))
        return await self._ask(asked)

    async def _ask(self, asked: BackMsg) -> tuple[float, float, float]:
        """Send a question; seconds until the last table of the first run, until the last table, and until the end."""
        asked.rerun_script.query_string = self._query
        begun, first, shown = time.perf_counter(), 0.0, 0.0
        await self._socket.send(asked.SerializeToString())
        while True:
            raw = await self._socket.recv(decode=False)
            told = ForwardMsg.FromString(raw)
            match told.WhichOneof("type"):
                case "script_finished" if told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    first = first or shown
                case "script_finished":
                    took = time.perf_counter() - begun
                    return first or shown or took, shown or took, took
                case "page_info_changed":
                    self._query = told.page_info_changed.query_string
                case "delta" if told.delta.new_element.WhichOneof("type") == "slider":
                    self._note(told.delta.new_element.slider)
                case "delta" if _TABLE in raw:
                    shown = time.perf_counter() - begun

    def _note(self, slider: object) -> None:
        for name in SLIDERS:
            if name in slider.id:  # type: ignore[attr-defined]
                self._sliders[name] = (slider.id, list(slider.options))  # type: ignore[attr-defined]


Waits = dict[str, list[float]]


async def _read(port: int, seed: int, options: argparse.Namespace, until: float, waits: Waits) -> None:
    """One reader from opening the link to going away."""
    chance = Random(seed)
    await asyncio.sleep(chance.uniform(0, options.think))
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None, ping_interval=None) as opened:  # type: ignore[list-item]
        reader = Reader(opened)
        waits["cold page"].append(await reader.turn("verdeling"))
        here = "verdeling"
        while time.perf_counter() < until:
            await asyncio.sleep(chance.uniform(0.5, 1.5) * options.think)
            if chance.random() < options.changes:
                if here != "verdeling":
                    waits["page"].append(await reader.turn("verdeling"))
                    await asyncio.sleep(chance.uniform(0.5, 1.5) * options.think)
                here = "verdeling"
                first, shown, finished = await reader.move(chance)
                waits["rule change"].append(first)
                waits["rule change, reinvested"].append(shown)
                waits["rule change, all of the page"].append(finished)
            else:
                here = chance.choice(PATHS)
                waits["page"].append(await reader.turn(here))
                waits[f"  of which {here or 'gegevens'}"].append(waits["page"][-1])


async def _all(port: int, options: argparse.Namespace, waits: Waits) -> None:
    until = time.perf_counter() + options.seconds
    seeds = range(options.seed, options.seed + options.users)
    await asyncio.gather(*(_read(port, seed, options, until, waits) for seed in seeds))


def _plan(options: argparse.Namespace, into: Path) -> None:
    """Forecast and plan once, outside the server."""
    if options.demand is None:
        inputs = read_inputs(options.workbook)
        demand = forecast(inputs)
    else:
        inputs, demand = pickle.loads(options.demand.read_bytes())
    if options.twice:
        inputs, demand = twice(inputs, demand)
    into.write_bytes(pickle.dumps(plan_demand(inputs, demand)))


@contextmanager
def _serving(plan: Path, port: int) -> Iterator[psutil.Process]:
    """The app with the plan at hand."""
    around = {
        "PYTHONPATH": str(ROOT),
        "PLAN": str(plan),
        "PORT": str(port),
        "APP": str(ROOT / "ui" / "app.py"),
    }
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], env={**os.environ, **around}, stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(240):
            try:
                urlopen(f"http://127.0.0.1:{port}/_stcore/health")
                break
            except OSError:
                time.sleep(0.25)
        yield psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


def _processor_time(server: psutil.Process) -> tuple[float, float]:
    """Seconds of the server, and of the processes that it started."""
    own, *started = [server.cpu_times(), *(child.cpu_times() for child in server.children(recursive=True))]
    return own.user + own.system, sum(times.user + times.system for times in started)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--users", type=int, default=100)
    asked.add_argument("--think", type=float, default=10.0, help="seconds between waits")
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--changes", type=float, default=0.1, help="share of the waits that change a rule")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--workbook", type=Path, default=ROOT / "sample_data" / "voorbeeldstad.xlsx")
    asked.add_argument(
        "--demand", type=Path, help="pickled (inputs, demand), instead of forecasting the workbook"
    )
    asked.add_argument("--twice", action="store_true", help="every district twice")
    options = asked.parse_args()
    waits: Waits = defaultdict(list)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _plan(options, folder / "plan.pickle")
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            port = door.getsockname()[1]
        with _serving(folder / "plan.pickle", port) as server:
            before = _processor_time(server)
            begun = time.perf_counter()
            asyncio.run(_all(port, options, waits))
            took = time.perf_counter() - begun
            own, started = (now - then for now, then in zip(_processor_time(server), before, strict=True))
            memory = server.memory_info().rss / 2**20
    n = sum(len(waits[kind]) for kind in ("cold page", "page", "rule change") if kind in waits)
    print(f"{options.users} readers, {options.think:g} s between waits, {took:.0f} s: {n} waits")
    for kind, seconds in sorted(waits.items(), key=lambda item: item[0].startswith(" ")):
        middle, most, worst = np.quantile(seconds, (0.5, 0.95, 1.0)) * 1000
        print(
            f"{kind:30s} {len(seconds):5d} × p50 {middle:5.0f} ms, p95 {most:5.0f} ms, longest {worst:5.0f} ms"
        )
    print(
        f"per wait {1000 * own / n:.0f} ms of the server's processor, {1000 * started / n:.0f} ms of its workers;"
    )
    print(f"{100 * own / took:.0f} % of one core; {memory:.0f} MB")


if __name__ == "__main__":
    main()
