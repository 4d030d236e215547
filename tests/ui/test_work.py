"""Long work: in a process of its own, shared by content, with every outcome in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from ui.work import Kept, Upload, plans, start

SAMPLE = Path(__file__).parents[2] / "sample_data"


def _upload(name: str = "driehoek.xlsx", extra: bytes = b"") -> Upload:
    return Upload({name: (SAMPLE / "driehoek.xlsx").read_bytes() + extra})


def test_the_same_bytes_have_the_same_mark_and_others_another() -> None:
    assert _upload().digest == _upload().digest
    assert _upload().digest != _upload(extra=b"x").digest


def test_boundaries_come_to_lie_beside_the_workbook(tmp_path: Path) -> None:
    book = Upload({"plan.xlsx": b"book", "kaart.geojson": b"{}"}).write(tmp_path)
    assert book == tmp_path / "plan.xlsx"
    assert (tmp_path / "plan.geojson").read_bytes() == b"{}"


def test_csv_files_are_read_as_a_folder(tmp_path: Path) -> None:
    assert Upload({"Vraag.csv": b"", "Wijken.csv": b""}).write(tmp_path) == tmp_path


def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    Upload({"../../escape.xlsx": b"x"}).write(inside)
    assert [path.name for path in tmp_path.rglob("*.xlsx")] == ["escape.xlsx"]
    assert (inside / "escape.xlsx").exists()


def test_a_run_ends_in_a_plan_that_is_kept_under_its_mark() -> None:
    upload = _upload()
    run = start(upload)
    assert run.finished.wait(120)
    assert run.plan is not None
    assert run.plan.inputs.municipality.name.startswith("Driehoek")
    assert plans.get(upload.digest) is run.plan


def test_a_faulty_workbook_ends_in_its_faults() -> None:
    run = start(Upload({"leeg.csv": b"niets;hier\n1;2\n"}))
    assert run.finished.wait(120)
    assert run.plan is None
    assert run.faults
    assert not run.mishap


def test_a_cancelled_run_leaves_no_process_and_no_plan() -> None:
    upload = Upload({"voorbeeldstad.xlsx": (SAMPLE / "voorbeeldstad.xlsx").read_bytes()})
    run = start(upload)
    assert start(upload) is run
    while run.process is None:
        assert not run.finished.wait(0.05)
    run.cancel()
    assert run.finished.wait(30)
    assert run.process.poll() is not None
    assert (run.plan, run.mishap, plans.get(upload.digest)) == (None, "", None)


def test_what_was_longest_unused_makes_room() -> None:
    kept: Kept[int] = Kept(2)
    for value, key in enumerate("abc"):
        kept.put(key, value)
        kept.get("a")
    assert [kept.get(key) for key in "abc"] == [0, None, 2]


@pytest.mark.parametrize("name", ["plan.xlsx", "PLAN.XLSX"])
def test_a_workbook_is_known_by_its_ending(name: str) -> None:
    assert Upload({"kaart.geojson": b"", name: b""}).name == name
