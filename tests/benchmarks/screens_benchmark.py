"""How long a page takes with many readers at once: `python tests/benchmarks/screens_benchmark.py [--users 100]`.

Every reader is a session of its own over the same socket that a browser uses. Each opens a shared link to the plan,
thinks, turns to another page, and so on; what counts is the time from asking for a page to its last element.
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
from pathlib import Path
from random import Random
from urllib.request import urlopen

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

ROOT = Path(__file__).parents[2]
PAGES = (
    "",
    "verdeling",
    "waarom",
    "prognose",
    "preventie",
    "contracten",
    "afwegen",
    "jaar",
    "verantwoording",
)
APP = """
import gc, os, pickle
from pathlib import Path
import streamlit as st
from starlette.middleware import Middleware
from ui.border import Border
from ui.work import plans

plans.put("plan", pickle.loads(Path(os.environ["PLAN"]).read_bytes()))
gc.collect()
gc.freeze()
app = st.App(Path(os.environ["MAIN"]), middleware=[Middleware(Border)])
"""


async def _page(reader: ClientConnection, page: str) -> float:
    """Ask for a page and wait until its script has run; seconds."""
    asked = BackMsg()
    asked.rerun_script.query_string = "gegevens=plan"
    asked.rerun_script.page_name = page
    begun = time.perf_counter()
    await reader.send(asked.SerializeToString())
    while True:
        told = ForwardMsg.FromString(await reader.recv(decode=False))
        if told.WhichOneof("type") == "script_finished":
            return time.perf_counter() - begun


async def _reader(port: int, seed: int, think: float, until: float) -> list[float]:
    """One reader's waits, the first page of the session left out."""
    chance, waits = Random(seed), []
    await asyncio.sleep(chance.uniform(0, think))
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None, ping_interval=None) as reader:  # type: ignore[list-item]
        await _page(reader, "verdeling")
        while time.perf_counter() < until:
            await asyncio.sleep(chance.uniform(0.5 * think, 1.5 * think))
            waits.append(await _page(reader, chance.choice(PAGES)))
    return waits


async def _all(port: int, users: int, think: float, seconds: float) -> np.ndarray:
    until = time.perf_counter() + seconds
    waits = await asyncio.gather(*(_reader(port, user, think, until) for user in range(users)))
    return np.concatenate([np.array(some) for some in waits])


def _plan(workbook: Path, into: Path) -> None:
    """Forecast and plan once, outside the server."""
    sys.path.insert(0, str(ROOT))
    from budget.plan import make_plan
    from budget.workbook.reading import read_inputs

    into.write_bytes(pickle.dumps(make_plan(read_inputs(workbook))))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--users", type=int, default=100)
    asked.add_argument("--think", type=float, default=10.0, help="seconds between pages")
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--workbook", type=Path, default=ROOT / "sample_data" / "voorbeeldstad.xlsx")
    asked.add_argument("--plan", type=Path, help="a pickled plan, instead of forecasting the workbook")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app, plan = Path(folder) / "app.py", options.plan or Path(folder) / "plan.pickle"
        app.write_text(APP)
        if options.plan is None:
            _plan(options.workbook, plan)
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            port = door.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)]
        settings = [
            "--server.fileWatcherType",
            "none",
            "--runner.postScriptGC",
            "false",
            "--server.address",
            "127.0.0.1",
        ]
        around = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PLAN": str(plan),
            "MAIN": str(ROOT / "ui" / "main.py"),
        }
        server = subprocess.Popen([*command, *settings], env=around, stdout=subprocess.DEVNULL)
        try:
            for _ in range(120):
                try:
                    urlopen(f"http://127.0.0.1:{port}/_stcore/health")
                    break
                except OSError:
                    time.sleep(0.5)
            waits = asyncio.run(_all(port, options.users, options.think, options.seconds))
        finally:
            server.terminate()
            server.wait()
    middle, most, worst = np.quantile(waits, (0.5, 0.95, 1.0)) * 1000
    print(f"{options.users} readers, {options.think:g} s between pages: {len(waits)} pages")
    print(f"p50 {middle:.0f} ms, p95 {most:.0f} ms, longest {worst:.0f} ms")


if __name__ == "__main__":
    main()
