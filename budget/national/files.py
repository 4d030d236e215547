"""The municipalities in a folder: where each stands, what it is called, and its files ready to travel."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from errno import EEXIST
from pathlib import Path

from budget.workbook.boundaries import beside
from budget.workbook.sheets import SHEET_BY_NAME
from budget.workbook.untrusted import LARGEST_FILE, refuse

SPREADSHEETS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""What people keep a municipality in. Only the first kind is read; of the others the reader says so."""

_SHEETS = {name.casefold() for name in SHEET_BY_NAME}

PackedFiles = tuple[tuple[str, bytes], ...]
"""Path and content of each; the first path starts with the name of the workbook or csv folder."""


@dataclass(frozen=True)
class Source:
    """A municipality in the folder, and the name of its plan in the folder of plans."""

    name: str
    """Its path within the folder."""
    path: Path
    workbook: str


def is_national(folder: Path) -> bool:
    """Whether a folder holds municipalities (workbooks, or folders of csv) rather than the csv files of one."""
    return folder.is_dir() and not _holds_sheets(folder) and any(_municipalities(folder, set()))


def sources_in(folder: Path, leave_out: Sequence[Path] = ()) -> list[Source]:
    """The municipalities in a folder and the folders in it, the largest first.

    Hidden files, the lock files of Excel (`~$x.xlsx`) and what is at or under `leave_out` do not count. The plan of
    `Utrecht/begroting.xlsx` goes by the same name; that of another `begroting` there by `begroting (2).xlsx`.
    """
    taken: set[str] = set()
    sources = []
    found = _municipalities(folder, {path.resolve() for path in leave_out})
    for path in sorted(found, key=lambda path: (path.suffix.lower() != ".xlsx", path)):
        name = path.relative_to(folder).as_posix()
        workbook = _free_name(name if path.is_dir() else name.removesuffix(path.suffix), taken)
        sources.append(Source(name, path, f"{workbook}.xlsx"))
    return sorted(sources, key=lambda source: (-_size(source.path), source.name))


def apart_from_input(folder: Path, output: Path, target: Path) -> None:
    """Raise OSError when the summary `output` or the plans in the folder `target` would come in the place of input.

    What an earlier run left is no input: a summary, and the folder that goes with it.
    """
    own, plans = folder.resolve(), target.resolve()
    again = _is_summary(output)
    over_input = output.exists() and not again and output.resolve().is_relative_to(own)
    among_input = plans.is_relative_to(own) and plans.is_dir() and not again and any(_within(plans, set()))
    if over_input or among_input or own.is_relative_to(plans):
        raise FileExistsError(EEXIST, "hier staat invoer; kies een andere naam voor de uitkomst", str(output))


def _is_summary(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as workbook:
            return b'name="Gemeenten"' in workbook.read("xl/workbook.xml")
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def packed(path: Path) -> PackedFiles:
    """The files of a municipality, map included. Raises OSError, or `FaultyInput` for what is too large to carry."""
    files = _files(path)
    if sum(file.stat().st_size for file in files) > 2 * LARGEST_FILE:
        refuse(path, "bestanden die samen te groot zijn", f"samen tot {2 * LARGEST_FILE // 2**20} MB")
    return tuple((file.relative_to(path.parent).as_posix(), file.read_bytes()) for file in files)


def unpacked(files: PackedFiles, folder: Path) -> Path:
    """Write the files in an empty folder; the path to read the municipality from."""
    for name, content in files:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder / Path(files[0][0]).parts[0]


def _municipalities(folder: Path, visited: set[Path]) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "~")) or entry.resolve() in visited:
            continue
        if entry.is_dir():
            visited.add(entry.resolve())
            yield from _within(entry, visited)
        elif entry.suffix.lower() in SPREADSHEETS:
            yield entry


def _within(folder: Path, visited: set[Path]) -> Iterator[Path]:
    """The folder itself when it is a municipality, or when nobody can tell; else the municipalities in it."""
    try:
        found = [] if _holds_sheets(folder) else list(_municipalities(folder, visited))
        yield from found or ([folder] if _csv_files(folder) else [])
    except OSError:
        yield folder


def _csv_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix.lower() == ".csv" and file.is_file())


def _holds_sheets(folder: Path) -> bool:
    return any(file.stem.strip().casefold() in _SHEETS for file in _csv_files(folder))


def _files(path: Path) -> list[Path]:
    drawing = beside(path)
    return [*(_csv_files(path) if path.is_dir() else [path]), *([drawing] if drawing else [])]


def _size(path: Path) -> int:
    try:
        return sum(file.stat().st_size for file in _files(path))
    except OSError:
        return 0


def _free_name(name: str, taken: set[str]) -> str:
    """The name, numbered when it is taken; upper and lower case are one name, as they are on many disks."""
    free, number = name, 1
    while free.casefold() in taken:
        number += 1
        free = f"{name} ({number})"
    taken.add(free.casefold())
    return free
