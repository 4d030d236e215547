"""The README is executed: its commands run, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line.split("#")[0])
    for line in README.splitlines()
    if line.startswith("    .venv/bin/gebiedsbudget ")
]


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command line, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "ui.command_line", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(cwd)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the reader followed the README and filled the template in."""
    folder = tmp_path_factory.mktemp("town")
    (made, *_) = COMMANDS
    assert made[1] == "template"
    assert run(*made[1:], cwd=folder).returncode == 0
    assert (folder / made[2]).stat().st_size > 0
    shutil.copy(ROOT / "sample_data" / "driehoek.xlsx", folder / made[2])
    return folder


@pytest.mark.parametrize("command", COMMANDS[1:], ids=" ".join)
def test_every_command_in_the_readme_runs(command: list[str], town: Path) -> None:
    done = run(*command[1:], *(["--trekkingen", "50"] if command[1] == "plan" else []), cwd=town)
    assert done.returncode == 0, done.stderr
    for written in (word for word in command[2:] if word.endswith((".xlsx", ".json"))):
        assert (town / written).exists()


def test_every_link_in_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert len(links) > 10
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_fits_on_one_screen() -> None:
    assert len(README.splitlines()) <= 75
