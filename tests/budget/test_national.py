"""Every municipality in a folder is planned or told of, whatever happens to files and processes on the way."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from budget.export import write_workbook
from budget.faults import Fault
from budget.national.crew import TRIES, Lost, outcomes
from budget.national.files import apart_from_input, is_national, packed, sources_in, unpacked
from budget.national.processes import in_processes
from budget.national.run import Job, Result, YearTotals, plan_all, plan_one
from budget.report.cells import value_of
from budget.report.national import national_tables
from budget.workbook.template import write_input_workbook
from forecasts.fit_cache import FOLDER_VARIABLE
from forecasts.workers import WORKERS_VARIABLE
from sample_data.driehoek import rows
from tests.budget.deadly_jobs import ALWAYS, ONCE, double
from tests.budget.input_rows import write_csv_folder
from tests.local_cluster import local_cluster
from ui.command_line import app

DRAWS, SEED = 20, 7


def town(path: Path, code: str = "GM9998", *rules: tuple[str, float]) -> Path:
    """Driehoek under another code, with other rules: a workbook, or a folder of csv where the name has no ending."""
    own = rows()
    own["Gemeente"] = [
        {"Veld": "Gemeentecode", "Waarde": code} if row["Veld"] == "Gemeentecode" else row
        for row in own["Gemeente"]
    ]
    others = [row for row in own["Regels"] if row["Regel"] not in dict(rules)]
    own["Regels"] = [*others, *({"Regel": name, "Waarde": value} for name, value in rules)]
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix:
        write_input_workbook(path, own)
    else:
        write_csv_folder(path, own)
    return path


CLASH = (("vast", 100_000.0), ("plafond", 50_000.0))
"""Two streams of € 100.000 in an area with a ceiling of € 50.000."""


def names(folder: Path, *leave_out: Path) -> list[str]:
    return sorted(source.name for source in sources_in(folder, leave_out))


@pytest.fixture(scope="module", autouse=True)
def nothing_known() -> Iterator[None]:
    """No fits from an earlier run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, "")
        yield


# what counts as a municipality


def test_a_folder_of_csv_files_is_one_municipality(tmp_path: Path) -> None:
    assert not is_national(town(tmp_path / "driehoek"))


def test_a_folder_with_nothing_in_it_is_not_national(tmp_path: Path) -> None:
    assert not is_national(tmp_path)
    assert not is_national(tmp_path / "absent")


def test_workbooks_and_csv_folders_at_any_depth_are_municipalities(tmp_path: Path) -> None:
    town(tmp_path / "a.xlsx")
    town(tmp_path / "west" / "b.xlsx")
    town(tmp_path / "west" / "c")
    (tmp_path / "lijst.csv").write_text("los;bestand")
    assert is_national(tmp_path)
    assert names(tmp_path) == ["a.xlsx", "west/b.xlsx", "west/c"]


def test_lock_files_and_hidden_files_are_nobodys_municipality(tmp_path: Path) -> None:
    for name in ("~$a.xlsx", "._a.xlsx", ".~lock.a.xlsx#", "leesmij.txt"):
        (tmp_path / name).write_text("")
    assert not is_national(tmp_path)
    town(tmp_path / "a.xlsx")
    assert names(tmp_path) == ["a.xlsx"]


def test_files_of_another_kind_are_told_of_rather_than_passed_over(tmp_path: Path) -> None:
    for name in ("oud.xls", "libre.ods", "macro.xlsm"):
        (tmp_path / name).write_text("")
    (tmp_path / "verkeerd genoemd").mkdir()
    (tmp_path / "verkeerd genoemd" / "tabel1.csv").write_text("")
    assert names(tmp_path) == ["libre.ods", "macro.xlsm", "oud.xls", "verkeerd genoemd"]


def test_plans_of_equal_names_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for name in ("a.xlsx", "A.xlsm", "noord/a.xlsx", "a/Gemeente.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    workbooks = {source.name: source.workbook for source in sources_in(tmp_path)}
    assert workbooks == {
        "a.xlsx": "a.xlsx",
        "A.xlsm": "A (2).xlsx",
        "a": "a (3).xlsx",
        "noord/a.xlsx": "noord/a.xlsx",
    }


def test_the_largest_comes_first(tmp_path: Path) -> None:
    for name, size in (("a", 10), ("b", 30), ("c", 20)):
        (tmp_path / f"{name}.xlsx").write_bytes(b"x" * size)
    assert [source.name for source in sources_in(tmp_path)] == ["b.xlsx", "c.xlsx", "a.xlsx"]


def test_a_link_that_goes_round_is_followed_once(tmp_path: Path) -> None:
    town(tmp_path / "west" / "a.xlsx")
    (tmp_path / "west" / "rond").symlink_to(tmp_path / "west", target_is_directory=True)
    assert names(tmp_path) == ["west/a.xlsx"]


def test_the_map_of_a_municipality_travels_with_it(tmp_path: Path) -> None:
    town(tmp_path / "a.xlsx")
    (tmp_path / "a.geojson").write_text("{}")
    town(tmp_path / "b")
    (tmp_path / "b" / "grens.geojson").write_text("{}")
    there = unpacked(packed(tmp_path / "a.xlsx"), tmp_path / "there")
    assert there.name == "a.xlsx"
    assert there.with_suffix(".geojson").exists()
    assert (unpacked(packed(tmp_path / "b"), tmp_path / "there") / "grens.geojson").exists()


# where the plans go


def test_plans_never_come_in_the_place_of_input(tmp_path: Path) -> None:
    towns = tmp_path / "steden"
    town(towns / "a.xlsx")
    town(towns / "b")
    apart_from_input(towns, tmp_path / "overzicht.xlsx", tmp_path / "overzicht")
    apart_from_input(towns, towns / "overzicht.xlsx", towns / "overzicht")
    for output in (tmp_path / "steden.xlsx", towns / "a.xlsx", towns / "b.xlsx"):
        with pytest.raises(FileExistsError):
            apart_from_input(towns, output, output.with_suffix(""))


def test_plans_of_an_earlier_run_are_not_input(tmp_path: Path) -> None:
    town(tmp_path / "a.xlsx")
    summary, plans = tmp_path / "overzicht.xlsx", tmp_path / "overzicht"
    write_workbook(national_tables([], n_draws=DRAWS, seed=SEED), summary)
    town(plans / "a.xlsx")
    apart_from_input(tmp_path, summary, plans)
    assert names(tmp_path, summary, plans) == ["a.xlsx"]


# processes that die


def test_a_dead_process_takes_no_job_with_it_but_the_one_that_kills_it(tmp_path: Path) -> None:
    crew = partial(in_processes, double, 2)
    answers = {number: answer for (_, number), answer in outcomes(crew, ((tmp_path, n) for n in range(1, 8)))}
    lost = answers.pop(ALWAYS)
    assert answers == {1: 2, 2: 4, ONCE: 2 * ONCE, 5: 10, 6: 12, 7: 14}
    assert isinstance(lost, Lost)
    assert "-9" in lost.reason
    assert not multiprocessing.active_children()


def test_no_process_outlives_a_run_that_is_broken_off(tmp_path: Path) -> None:
    run = in_processes(double, 2, ((tmp_path, n) for n in (1, 2, 5, 6)), False)
    next(run)
    run.close()
    assert not multiprocessing.active_children()


def test_jobs_are_made_only_when_there_is_a_process_for_them(tmp_path: Path) -> None:
    made: list[int] = []

    def jobs() -> object:
        for number in (1, 2, 5, 6, 7):
            made.append(number)
            yield tmp_path, number

    run = in_processes(double, 2, jobs(), False)  # type: ignore[arg-type]
    next(run)
    run.close()
    assert len(made) <= 1 + 2 + 1


def test_a_job_that_is_killed_every_time_is_tried_a_few_times_and_told_of() -> None:
    tried: list[tuple[int, bool]] = []

    def crew(jobs: list[int], alone: bool) -> object:
        for job in jobs:
            tried.append((job, alone))
            yield job, Lost("gestopt", killed=True)

    assert [job for job, _ in outcomes(crew, [5])] == [5]  # type: ignore[arg-type]
    assert tried == [(5, False)] + [(5, True)] * (TRIES - 1)


# the whole run


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five municipalities that can be planned."""
    folder = tmp_path_factory.mktemp("towns")
    for number in range(5):
        rule = ("buffer_centraal", 0.01 * number)
        town(folder / ("deel" if number % 2 else "") / f"stad{number}.xlsx", f"GM800{number}", rule)
    return folder


@pytest.fixture(scope="module")
def alone(towns: Path) -> dict[str, tuple[Result, bytes]]:
    """The result and the workbook of each, planned in this process."""
    return {
        source.name: plan_one(Job(source, packed(source.path), DRAWS, SEED)) for source in sources_in(towns)
    }


def assert_all_planned_as_alone(
    results: list[Result], plans: Path, alone: dict[str, tuple[Result, bytes]]
) -> None:
    assert results == sorted((result for result, _ in alone.values()), key=lambda result: result.name)
    for result, workbook in alone.values():
        assert result.outcome == "plan"
        assert (plans / result.workbook).read_bytes() == workbook


def after_the_first(kill: Callable[[], None]) -> Callable[[str, float], None]:
    """A progress that kills when the first municipality is done."""
    told: list[float] = []

    def progress(_text: str, done: float) -> None:
        told.append(done)
        if len(told) == 2:
            kill()

    return progress


def test_a_process_killed_halfway_loses_nothing(
    towns: Path, alone: dict[str, tuple[Result, bytes]], tmp_path: Path
) -> None:
    def kill() -> None:
        os.kill(next(child.pid for child in multiprocessing.active_children() if child.pid), signal.SIGKILL)

    results = plan_all(
        sources_in(towns), tmp_path, after_the_first(kill), n_draws=DRAWS, seed=SEED, n_processes=2
    )
    assert_all_planned_as_alone(results, tmp_path, alone)


def test_every_file_is_planned_or_told_of_and_the_lowest_status_is_returned(tmp_path: Path) -> None:
    folder, summary = tmp_path / "in", tmp_path / "uit" / "landelijk.xlsx"
    town(folder / "goed.xlsx", "GM0001")
    town(folder / "ook" / "goed", "GM0002")
    town(folder / "strijd.xlsx", "GM0003", *CLASH)
    town(folder / "vol.xlsx", "GM0004")
    (folder / "stuk.xlsx").write_bytes(b"PK\x03\x04 geen werkboek")
    (folder / "~$goed.xlsx").write_bytes(b"slot")
    (tmp_path / "uit" / "landelijk" / "vol.xlsx").mkdir(parents=True)
    told = tmp_path / "uit" / "landelijk.json"
    arguments = ["plan", str(folder), "-o", str(summary), "--json", str(told), "--trekkingen", str(DRAWS)]
    status = app(arguments, standalone_mode=False)
    rows = {row["Bestand"]: row for row in json.loads(told.read_text())["Gemeenten"]}
    assert {name: row["Uitkomst"] for name, row in rows.items()} == {
        "goed.xlsx": "plan",
        "ook/goed": "plan",
        "strijd.xlsx": "strijdige regels",
        "stuk.xlsx": "fouten",
        "vol.xlsx": "mislukt",
    }
    assert status == 1
    assert "kunnen niet samen" in rows["strijd.xlsx"]["Melding"]
    assert rows["goed.xlsx"]["Middelen (cent)"] == (730_000 + 150_000 + 620_000 + 200_000) * 100
    assert 0 < rows["goed.xlsx"]["Tekort (cent)"] <= rows["goed.xlsx"]["Niet gedekte lasten (cent)"]
    assert [row["Bestand"] for row in json.loads(told.read_text())["Fouten"]] == ["stuk.xlsx"]
    assert summary.exists()
    assert (summary.with_suffix("") / "goed.xlsx").exists()
    assert (summary.with_suffix("") / "ook" / "goed.xlsx").exists()
    assert not (summary.with_suffix("") / "strijd.xlsx").exists()


@pytest.mark.parametrize(("kinds", "status"), [("goed", 0), ("goed strijd", 3), ("strijd stuk", 2)])
def test_the_exit_status_is_the_lowest_of_those_without_a_plan(
    kinds: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WORKERS_VARIABLE, "1")
    for kind in kinds.split():
        town(tmp_path / f"{kind}.xlsx", "GM0001", *(CLASH if kind == "strijd" else ()))
        if kind == "stuk":
            (tmp_path / "stuk.xlsx").write_bytes(b"geen werkboek")
    output = tmp_path / "uit" / "landelijk.xlsx"
    arguments = ["plan", str(tmp_path), "-o", str(output), "--trekkingen", str(DRAWS)]
    assert app(arguments, standalone_mode=False) == status
    assert output.exists()


def test_a_file_that_vanishes_before_its_turn_is_told_of(tmp_path: Path) -> None:
    sources = sources_in(town(tmp_path / "in" / "a.xlsx").parent)
    sources[0].path.unlink()
    told: list[str] = []
    (result,) = plan_all(
        sources, tmp_path / "uit", lambda text, _: told.append(text), n_draws=DRAWS, seed=SEED
    )
    assert result.outcome == "mislukt"
    assert told == ["0 van 1", "1 van 1, laatst a.xlsx"]


def test_a_map_belongs_to_one_municipality(towns: Path, tmp_path: Path) -> None:
    import typer

    with pytest.raises(typer.BadParameter):
        app(
            ["plan", str(towns), "-o", str(tmp_path / "uit.xlsx"), "--kaart", "x.geojson"],
            standalone_mode=False,
        )


@pytest.mark.slow
def test_a_worker_of_a_cluster_killed_halfway_loses_nothing(
    towns: Path, alone: dict[str, tuple[Result, bytes]], tmp_path: Path
) -> None:
    with local_cluster(3, tmp_path) as cluster:
        progress = after_the_first(cluster.kill_a_worker)
        results = plan_all(
            sources_in(towns), tmp_path / "uit", progress, n_draws=DRAWS, seed=SEED, scheduler=cluster.address
        )
    assert_all_planned_as_alone(results, tmp_path / "uit", alone)


@pytest.mark.slow
def test_a_cluster_that_is_lost_halfway_loses_no_plan_that_was_made_and_hides_none_that_was_not(
    towns: Path, tmp_path: Path
) -> None:
    with local_cluster(1, tmp_path) as cluster:
        progress = after_the_first(cluster.scheduler.kill)
        results = plan_all(
            sources_in(towns), tmp_path / "uit", progress, n_draws=DRAWS, seed=SEED, scheduler=cluster.address
        )
    planned = [result for result in results if result.outcome == "plan"]
    assert len(results) == 5
    assert 1 <= len(planned) < 5
    assert {result.message for result in results if result.outcome != "plan"} == {
        "de verbinding met het cluster is weggevallen"
    }
    assert all((tmp_path / "uit" / result.workbook).exists() for result in planned)


@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_one_sentence(
    towns: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("budget.national.cluster.PATIENCE", 1)
    with pytest.raises(ConnectionError, match="geen Dask-cluster op dit adres"):
        plan_all(sources_in(towns), tmp_path, print, n_draws=DRAWS, seed=SEED, scheduler="tcp://127.0.0.1:1")


@pytest.mark.parametrize(
    "address", ["", "localhost:8786", "foo://localhost:8786", "tcp://", "tcp://localhost:poort"]
)
def test_what_is_no_address_of_a_cluster_is_one_sentence(address: str, towns: Path, tmp_path: Path) -> None:
    with pytest.raises(ConnectionError, match="geen adres als tcp"):
        plan_all(sources_in(towns), tmp_path, print, n_draws=DRAWS, seed=SEED, scheduler=address)


# the summary


def result(name: str, code: str, *years: YearTotals) -> Result:
    return Result(name, "plan", code=code, municipality="Stad", n_districts=3, workbook=name, years=years)


def test_the_summary_adds_up_and_shows_every_fault() -> None:
    year = YearTotals(
        year=2027, funding=100_00, reserve_out=5_00, areas=70_00, prevention=2_00, free=3_00, city=20_00,
        buffer=6_00, reserve_in=4_00, unspent=5_00, shortfall=8_00, gap=9_00,
    )  # fmt: skip
    faulty = Result(
        "b.xlsx", "fouten", "1 fout in de invoer", faults=(Fault("Vraag", "E2", "een getal", "veel"),)
    )
    municipalities, years, faults, _ = national_tables(
        [result("a.xlsx", "GM1", year, year), faulty], n_draws=20, seed=1
    )
    assert municipalities.title == "1 van 2 gemeenten gepland"
    totals = [row[municipalities.column_index("Middelen")] for row in municipalities.rows]
    assert totals == [100_00 + 100_00, None]
    assert [value_of(row[years.column_index("Verschil")]) for row in years.rows] == [0, 0]
    assert list(faults.rows) == [("b.xlsx", "Vraag", "E2", "een getal", "veel")]


def test_two_files_about_one_municipality_are_pointed_out() -> None:
    table = national_tables([result("a.xlsx", "GM1"), result("b.xlsx", "GM1")], n_draws=20, seed=1)[0]
    messages = [row[table.column_index("Melding")] for row in table.rows]
    assert messages == [f"gemeentecode GM1 staat ook in {other}.xlsx" for other in "ba"]
