"""Starts the screens from the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def launch(port: int | None = None) -> None:
    """Serve the screens on this machine and return when the reader stops them (Ctrl+C).

    `port` None: the first free one from 8501 on. Raises SystemExit with the server's status when it fails.
    """
    root = Path(__file__).parents[1]
    command = [sys.executable, "-m", "streamlit", "run", str(root / "ui" / "app.py")]
    if port is not None:
        command += ["--server.port", str(port)]
    path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    try:
        status = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=False).returncode
    except KeyboardInterrupt:
        return
    if status:
        raise SystemExit(status)
