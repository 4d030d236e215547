"""Demography, completion, events and level shifts: how a past period is put in today's terms."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecasts.completion import completion_factors
from forecasts.demography import growth_of_group
from forecasts.events import in_force, levels_of_events
from forecasts.forecast import forecast_demand
from forecasts.history import Event, History, Population, Status, StreamHistory
from forecasts.level_shifts import find_level_shifts

MONTHS = pd.period_range("2020-01", periods=48, freq="M")


def months(start: str, n: int) -> pd.PeriodIndex:
    return pd.period_range(start, periods=n, freq="M")


def event(
    shape: str, start: str, end: str | None, effect: float | None, districts: tuple[str, ...] = ()
) -> Event:
    until = pd.Period(end, freq="M") if end else None
    return Event("Beleid", (), districts, pd.Period(start, freq="M"), until, shape, effect, "")  # type: ignore[arg-type]


def test_a_group_that_grows_by_a_quarter_brings_a_quarter_more_clients() -> None:
    years = pd.period_range("2020", periods=4, freq="Y")
    clients = np.array([[100.0] * 4, [200.0] * 4])
    stream = StreamHistory("WMO", "65+", years, clients, np.zeros((2, 4), dtype=np.int8))
    history = History(("A", "B"), ("", ""), (stream,))
    persons = np.array([[[1000.0] * 4 + [1250.0]], [[1000.0] * 5]])
    people = Population(("A", "B"), ("65+",), (2020, 2021, 2022, 2023, 2024), persons)
    demand = forecast_demand(history, people, 2024, n_draws=2000).streams[0]
    assert demand.yearly.mean(axis=2)[:, 0] == pytest.approx([100 * 1250 / 1000, 200], rel=0.02)
    assert demand.parts["groei van de groep"][:, 0] == pytest.approx([25, 0])
    assert demand.methods[0].endswith("per hoofd van de leeftijdsgroep")


def test_without_a_projection_the_count_is_forecast() -> None:
    people = Population(("A",), ("totaal",), (2019, 2020), np.array([[[900.0, 1000.0]]]))
    assert growth_of_group(people, ("A",), "totaal", MONTHS, months("2024-01", 12)) is None


def test_after_the_last_projection_the_group_stays_and_the_reader_is_told(make_history) -> None:
    people = Population(("A",), ("totaal",), (2024, 2026), np.array([[[1000.0, 1100.0]]]))
    history = make_history([[100.0] * 4], start="2021", frequency="Y", districts=("A",))
    demand = forecast_demand(history, people, 2028, n_draws=10)
    assert demand.streams[0].parts["groei van de groep"][0] == pytest.approx([5, 10, 10, 10], abs=0.01)
    assert (
        "S0: de bevolkingscijfers lopen tot en met 2026; daarna is de groep gelijk gehouden." in demand.notes
    )


def test_the_population_of_a_month_lies_between_two_januaries() -> None:
    people = Population(("A",), ("totaal",), (2023, 2024, 2025), np.array([[[1000.0, 1120.0, 1240.0]]]))
    growth = growth_of_group(people, ("A", "STAD"), "totaal", MONTHS, months("2024-01", 12))
    december = 1000 + 120 * 11 / 12
    assert growth is not None
    assert growth[:, -12:] == pytest.approx(np.tile((1120 + 10 * np.arange(12)) / december, (2, 1)))


def test_provisional_counts_are_raised_by_experience_and_by_what_the_stream_shows() -> None:
    status = np.zeros((2, 48), dtype=np.int8)
    status[:, -2:] = Status.PROVISIONAL
    steady = np.full((2, 48), 100.0)
    alike = StreamHistory("JEUGD", "totaal", MONTHS, steady, status)
    low = StreamHistory("JEUGD", "totaal", MONTHS, steady * np.r_[np.ones(46), 0.95, 0.9], status)
    factor_alike, doubt = completion_factors(alike)
    factor_low, _ = completion_factors(low)
    assert factor_alike[:46] == pytest.approx(1)
    assert factor_alike[-1] == pytest.approx(1, abs=0.002)
    assert factor_low[-2:] == pytest.approx([1 / 0.95, 1 / 0.9], abs=0.002)
    assert doubt[-1] < 0.03


def test_a_short_stream_is_completed_by_experience_alone() -> None:
    status = np.array([[Status.FINAL, Status.PROVISIONAL]], dtype=np.int8)
    stream = StreamHistory("JEUGD", "totaal", months("2024-01", 2), np.array([[100.0, 90.0]]), status)
    factor, doubt = completion_factors(stream)
    assert factor[1] == pytest.approx(1 + 0.03)
    assert doubt[1] == pytest.approx(0.03)


def test_the_shapes_of_events() -> None:
    year = months("2024-01", 12)
    assert in_force(event("step", "2024-04", None, 0.1), year).tolist() == [0] * 3 + [1] * 9
    assert in_force(event("pulse", "2024-04", "2024-05", 0.1), year).tolist() == [0] * 3 + [1] * 2 + [0] * 7
    ramp = in_force(event("ramp", "2024-01", "2024-12", 0.1), year)
    assert ramp[0] == 0
    assert np.all(np.diff(ramp) > 0)


def test_a_step_to_come_raises_the_forecast_from_its_start(make_history, nobody: Population) -> None:
    step = event("step", "2025-04", None, 0.2, districts=("A",))
    history = make_history([[100.0] * 36, [50.0] * 36], events=[step])
    stream = forecast_demand(history, nobody, 2025, n_draws=400).streams[0]
    mean = stream.draws.mean(axis=2)
    assert mean[0, 3:] == pytest.approx(100 * 1.2, rel=0.02)
    assert mean[:, 2] == pytest.approx([100, 50], rel=0.02)
    assert stream.parts["gebeurtenissen"][0, 3:] == pytest.approx(mean[0, 3:] / 6, rel=0.02)


def test_an_unknown_effect_is_estimated_from_the_districts_it_covers() -> None:
    counts = np.full((2, 48), 200.0)
    counts[0, 30:] *= 1.5
    level, applied = levels_of_events(
        [event("step", "2022-07", None, None, ("A",))], "WMO", ("A", "B"), counts, MONTHS
    )
    assert applied[0].event.effect == pytest.approx(0.5, abs=0.02)
    assert level[1] == pytest.approx(1)


def test_an_effect_in_some_districts_is_measured_against_the_others_whatever_the_city_does() -> None:
    course = np.exp(np.random.default_rng(4).normal(0, 0.04, 48).cumsum())
    noise = np.random.default_rng(5).normal(1, 0.01, (6, 48))
    counts = 200 * course * noise
    counts[:2, 24:] *= 1.06
    step = event("step", "2022-01", None, None, ("A", "B"))
    _, applied = levels_of_events([step], "WMO", tuple("ABCDEF"), counts, MONTHS)
    assert applied[0].event.effect == pytest.approx(0.06, abs=0.01)
    assert 0 < applied[0].doubt < 0.02


def test_an_effect_everywhere_stands_out_from_growth_and_season() -> None:
    counts = 200 * np.exp(0.02 * np.arange(48) / 12) * np.ones((2, 48))
    counts[:, 30:] *= 1.2
    _, applied = levels_of_events([event("step", "2022-07", None, None)], "WMO", ("A", "B"), counts, MONTHS)
    assert applied[0].event.effect == pytest.approx(0.2, abs=0.01)


def test_growth_of_some_districts_is_not_taken_for_an_effect() -> None:
    counts = 200 * np.random.default_rng(6).normal(1, 0.01, (6, 48))
    counts[:2] *= np.exp(0.03 * np.arange(48) / 12)
    step = event("step", "2022-01", None, None, ("A", "B"))
    _, applied = levels_of_events([step], "WMO", tuple("ABCDEF"), counts, MONTHS)
    assert applied[0].event.effect == pytest.approx(0, abs=0.02)


def test_a_step_that_took_half_a_year_to_work_through_counts_in_full() -> None:
    counts = 200 * np.random.default_rng(7).normal(1, 0.01, (6, 48))
    counts[:2] *= 1 + 0.2 * np.clip((np.arange(48) - 23) / 6, 0, 1)
    step = event("step", "2022-01", None, None, ("A", "B"))
    _, applied = levels_of_events([step], "WMO", tuple("ABCDEF"), counts, MONTHS)
    assert applied[0].event.effect == pytest.approx(0.2, abs=0.03)


def test_the_reader_is_told_how_sure_an_estimated_effect_is(make_history, nobody: Population) -> None:
    counts = 200 * np.random.default_rng(7).normal(1, 0.02, (3, 48))
    counts[0, 30:] *= 1.2
    step = event("step", "2022-07", None, None, ("A",))
    history = make_history(counts, start="2020-01", events=[step])
    notes = " ".join(forecast_demand(history, nobody, 2024, n_draws=5, method="naive").notes)
    assert "geschat op +2" in notes
    assert "80 %-band +1" in notes


def test_an_effect_that_the_history_cannot_show_is_not_guessed() -> None:
    counts = np.full((1, 48), 200.0)
    calendar = months("2020-01", 60)
    level, applied = levels_of_events([event("step", "2024-06", None, None)], "WMO", ("A",), counts, calendar)
    assert applied[0].event.effect is None
    assert level == pytest.approx(1)


def moved_desk() -> np.ndarray:
    counts = np.random.default_rng(5).normal(100, 3, (5, 48))
    counts[1, 30:] += 60
    counts[3, 30:] -= 60
    return counts


def test_a_desk_that_moves_to_another_district_is_recognised_as_a_move() -> None:
    shifts = find_level_shifts("WMO", tuple("ABCDE"), moved_desk(), MONTHS, 12)
    assert [(shift.district, str(shift.period), shift.moved_with) for shift in shifts] == [
        ("B", "2022-07", "D"),
        ("D", "2022-07", "B"),
    ]
    assert shifts[0].clients == pytest.approx(60, abs=8)


def test_the_quarter_of_a_level_shift_is_written_as_in_the_workbook(make_history, nobody: Population) -> None:
    counts = moved_desk()[:, ::2]
    history = make_history(counts, start="2020Q1", frequency="Q", districts=tuple("ABCDE"))
    notes = forecast_demand(history, nobody, 2026, n_draws=5, method="naive").notes
    assert any("niveausprong in B vanaf 2023-K4" in note for note in notes)


def test_noise_is_not_a_level_shift() -> None:
    counts = np.random.default_rng(6).poisson(80, (20, 48)).astype(float)
    assert find_level_shifts("WMO", tuple(f"{n:02}" for n in range(20)), counts, MONTHS, 12) == ()


def test_a_named_move_is_not_reported_again(make_history, nobody: Population) -> None:
    up, down = event("step", "2022-07", None, 0.6, ("B",)), event("step", "2022-07", None, -0.6, ("D",))
    unnamed = make_history(moved_desk(), start="2020-01", districts=tuple("ABCDE"))
    named = make_history(moved_desk(), start="2020-01", districts=tuple("ABCDE"), events=[up, down])
    notes = [
        forecast_demand(history, nobody, 2024, n_draws=5, method="naive").notes
        for history in (unnamed, named)
    ]
    assert sum("niveausprong" in note for note in notes[0]) == 2
    assert not any("niveausprong" in note for note in notes[1])
