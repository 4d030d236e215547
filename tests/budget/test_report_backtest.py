"""The back-test as a controller reads it: who was nearer, by how much, and what to do about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from budget.backtest import TooShort, run_backtest
from budget.inputs import Inputs
from budget.report.backtest import backtest_tables
from budget.report.cells import value_of
from budget.report.verdicts import margins, sentences_of, verdicts_of
from budget.tables import RowStyle, Table
from forecasts.completion import completion_factors
from forecasts.history import Status, StreamHistory
from tests.budget.small_city import small_inputs

ACTUAL = 100.0


def city(frequency: str = "Y", n_periods: int = 8) -> Inputs:
    """The small city with longer series: 10 clients, ever 1 more."""
    inputs = small_inputs()
    last = pd.Period("2026", freq="Y").asfreq(frequency, how="end")
    periods = pd.period_range(end=last, periods=n_periods, freq=frequency)
    clients = np.tile(10.0 + np.arange(n_periods), (2, 1))
    streams = tuple(
        StreamHistory(code, "totaal", periods, clients, np.zeros(clients.shape, dtype=np.int8))
        for code in inputs.stream_codes
    )
    return replace(inputs, history=replace(inputs.history, streams=streams))


def outcomes(errors: dict[str, dict[str, float]], span: str = "jaar", inside: float = 1.0) -> pd.DataFrame:
    """Per stream and method how far every forecast was off; both districts, twelve moments, one year ahead."""
    rows = [
        {
            **{"method": method, "origin": f"{2014 + moment}-12", "stream": stream, "district": district},
            **{"level": "wijk", "size": "50 en meer", "span": span, "ahead": 1, "actual": ACTUAL},
            **{"forecast": ACTUAL - off, "missed": abs(off), "error": abs(off) / 5, "squared": off**2},
            **{"crps": abs(off) / 10, "inside80": inside, "inside95": 1.0},
        }
        for stream, of_methods in errors.items()
        for method, off in of_methods.items()
        for moment in range(12)
        for district in ("A", "B")
    ]
    return pd.DataFrame(rows)


def sentences(errors: dict[str, float], **how: object) -> list[str]:
    """Those of youth care, a yearly stream."""
    found = outcomes({"j": errors}, **how)  # type: ignore[arg-type]
    return list(sentences_of(verdicts_of(city(), found)[0]))


def sheets_of(inputs: Inputs, found: pd.DataFrame) -> dict[str, Table]:
    return {table.sheet: table for table in backtest_tables(inputs, found)}


def records(table: Table) -> list[dict[str, object]]:
    names = [column.name for column in table.columns]
    return [dict(zip(names, map(value_of, row), strict=True)) for row in table.rows]


@pytest.mark.parametrize(
    ("ours", "naive", "sentence"),
    [
        (8.6, 10.0, "14 % dichter bij de werkelijkheid dan 'vorig jaar'."),
        (12.0, 10.0, "20 % verder van de werkelijkheid dan 'vorig jaar'."),
        (10.0, 10.02, "even dicht bij de werkelijkheid als 'vorig jaar'."),
        (0.0, 1e-9, "even dicht bij de werkelijkheid als 'vorig jaar'."),
    ],
)
def test_the_verdict_compares_with_last_year(ours: float, naive: float, sentence: str) -> None:
    first = sentences({"ensemble": ours, "naive": naive})[0]
    assert first == f"De prognose van Jeugdhulp zat in de terugtoets {sentence}"


def test_a_monthly_stream_is_compared_by_the_month_and_over_the_year() -> None:
    inputs = city("M", 48)
    months = outcomes({"j": {"ensemble": 5.0, "naive": 10.0}}, span="periode")
    years = outcomes({"j": {"ensemble": 3.0, "naive": 4.0}})
    first = next(sentences_of(verdicts_of(inputs, pd.concat([months, years]))[0]))
    assert first == (
        "De prognose van Jeugdhulp zat in de terugtoets 50 % dichter bij de werkelijkheid dan 'zelfde maand vorig"
        " jaar', en over een heel jaar 25 % dichterbij dan 'vorig jaar'."
    )


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (
            0,
            "0 (0 %) binnen de band van 80 %; op den duur ligt het aandeel tussen 0 % en 14 %: de marges zijn te smal",
        ),
        (
            24,
            "24 (100 %) binnen de band van 80 %; op den duur ligt het aandeel tussen 86 % en 100 %: de marges zijn",
        ),
        (
            19,
            "19 (79 %) binnen de band van 80 %; op den duur ligt het aandeel tussen 60 % en 91 %: dat zijn er te",
        ),
    ],
)
def test_the_margins_are_judged_by_what_fell_inside_and_by_how_many_there_were(
    inside: int, words: str
) -> None:
    found = outcomes({"j": {"ensemble": 1.0, "naive": 2.0}})
    ours = found.index[found["method"] == "ensemble"]
    found["inside80"] = found.index.isin(ours[:inside]).astype(float)
    _, said = sentences_of(verdicts_of(city(), found)[0])
    assert said.startswith(f"Van 24 jaren in een wijk vielen er {words}")


@given(st.integers(1, 4000), st.data())
def test_the_interval_of_the_share_inside_solves_the_equation_of_wilson(n: int, data: st.DataObject) -> None:
    inside = data.draw(st.integers(0, n))
    found, share = margins(inside, n), inside / n
    assert 0 <= found.low <= share <= found.high <= 1
    for end in (found.low, found.high):
        assert abs(share - end) == pytest.approx(1.96 * (end * (1 - end) / n) ** 0.5, abs=1e-6)


@given(st.integers(1, 400), st.data())
def test_more_inside_never_makes_the_margins_look_narrower(n: int, data: st.DataObject) -> None:
    inside = data.draw(st.integers(0, n - 1))
    order = ["smal", "onbekend", "passend", "ruim"]
    fits = [margins(count, n).fit for count in (inside, inside + 1)]
    if "onbekend" not in fits:
        assert order.index(fits[0]) <= order.index(fits[1])
    assert "smal" not in fits[1:] or fits[0] == "smal"
    assert "ruim" not in fits[:1] or fits[1] == "ruim"


@given(st.integers(0, 5), st.integers(0, 5))
def test_a_handful_of_years_never_shows_that_margins_fit(inside: int, outside: int) -> None:
    assert margins(inside, inside + outside).fit != "passend"


@given(st.integers(500, 5000))
def test_enough_years_at_eighty_percent_show_that_margins_fit(n: int) -> None:
    assert margins(round(0.8 * n), n).fit == "passend"


@given(st.integers(0, 40), st.integers(0, 40), st.integers(2, 50))
def test_more_years_with_the_same_share_narrow_the_interval(inside: int, outside: int, times: int) -> None:
    n = inside + outside
    few, many = margins(inside, n), margins(times * inside, times * n)
    assert many.high - many.low <= few.high - few.low


def test_a_share_of_seventy_percent_of_sixty_years_is_not_called_right() -> None:
    assert margins(42, 60).fit == "onbekend"


def test_a_stream_without_outcomes_is_said_to_be_untested() -> None:
    untested = verdicts_of(city(), outcomes({"w": {"ensemble": 1.0, "naive": 1.0}}))[0]
    assert list(sentences_of(untested)) == [
        "Jeugdhulp is niet te toetsen: de reeks is te kort of te onvolledig."
    ]


def test_where_last_year_was_nearer_it_is_offered_in_the_columns_of_the_input() -> None:
    found = outcomes({"j": {"ensemble": 12.0, "naive": 10.0}, "w": {"ensemble": 1.0, "naive": 2.0}})
    sheets = sheets_of(city(), found)
    assert [row["Oordeel"] for row in records(sheets["Stromen"])] == [
        "slechter dan vorig jaar",
        "beter dan vorig jaar",
    ]
    assert records(sheets["Tweede mening"])[0] == {
        "Wijkcode": "A",
        "Stroom": "j",
        "Jaar": 2027,
        "Clienten": 17.0,
        "Gebruik": "gebruiken",
        "Gewicht": None,
        "Bron": "vorig jaar (terugtoets)",
    }
    assert len(sheets["Tweede mening"].rows) == 2 * 2
    assert any(
        "Advies: reken voor Jeugdhulp met vorig jaar." in str(row[1]) for row in sheets["Oordeel"].rows
    )
    better = outcomes({"j": {"ensemble": 1.0, "naive": 2.0}})
    assert "Tweede mening" not in sheets_of(city(), better)


def test_last_year_is_offered_with_its_provisional_counts_completed() -> None:
    inputs = city()
    for stream in inputs.history.streams:
        stream.status[:, -1] = Status.PROVISIONAL
    found = outcomes({"j": {"ensemble": 12.0, "naive": 10.0}, "w": {"ensemble": 1.0, "naive": 2.0}})
    (factors, _) = completion_factors(inputs.history.streams[0])
    offered = records(sheets_of(inputs, found)["Tweede mening"])[0]["Clienten"]
    assert factors[-1] > 1
    assert offered == pytest.approx(17.0 * factors[-1], abs=0.001)


def test_every_year_stands_with_its_actual_its_forecast_and_what_others_would_have_said() -> None:
    found = outcomes({"j": {"ensemble": 5.0, "naive": 10.0, "prophet": -20.0}})
    row = records(sheets_of(city(n_periods=14), found)["Werkelijk en prognose"])[0]
    assert (row["Wijkcode"], row["Wijknaam"], row["Prognose na"], row["Over"]) == (
        "A",
        "Noord",
        "2014-12",
        "2015",
    )
    assert (row["Werkelijk"], row["Prognose"], row["Verschil"]) == (100, 100 - 5, 5)
    assert row["Verschil %"] == pytest.approx(5 / 95)
    assert (row["Vorig jaar"], row["Alleen Prophet"]) == (100 - 10, 100 + 20)


def test_a_year_that_does_not_begin_in_january_is_named_by_its_months() -> None:
    found = outcomes({"j": {"ensemble": 5.0, "naive": 10.0}})
    found["origin"] = "2024-06"
    rows = records(sheets_of(city("M", 60), found.head(1))["Werkelijk en prognose"])
    assert rows[0]["Over"] == "2024-07 t/m 2025-06"


def test_scores_stand_per_stream_per_size_and_for_all() -> None:
    found = outcomes({"j": {"ensemble": 5.0, "naive": 10.0}, "w": {"ensemble": 5.0, "naive": 5.0}})
    found = pd.concat([found, found.assign(span="periode")])
    rows = records(sheets_of(city(), found)["Scores"])
    assert {(row["Stroom"], row["Wijkgrootte"]) for row in rows} == {
        (stream, size) for stream in ("alle", "j", "w") for size in ("alle", "50 en meer")
    }
    assert len(rows) == len({tuple(row.values())[:6] for row in rows})
    own = next(row for row in rows if (row["Stroom"], row["Methode"]) == ("j", "prognose"))
    assert own["WAPE"] == pytest.approx(5 / 100)
    assert own["MASE t.o.v. vorig jaar"] == pytest.approx(0.5)


def test_the_back_test_runs_on_a_municipality_and_its_page_is_sentences_above_numbers() -> None:
    inputs = city()
    page = sheets_of(inputs, run_backtest(inputs, n_moments=2, n_draws=20))["Oordeel"]
    assert page.page
    assert page.chart is not None
    assert [page.styles.get(number) for number in range(4)] == [
        RowStyle.SENTENCE,
        RowStyle.SENTENCE,
        None,
        None,
    ]


def test_provisional_counts_at_the_end_are_no_outcomes() -> None:
    inputs = city()
    for stream in inputs.history.streams:
        stream.status[:, -1] = Status.PROVISIONAL
    found = run_backtest(inputs, n_moments=1, n_draws=20)
    assert set(found["origin"]) == {"2024-12"}
    assert set(found.loc[found["level"] == "wijk", "actual"]) == {16.0}


def test_series_that_are_too_short_cannot_be_tested() -> None:
    with pytest.raises(TooShort):
        run_backtest(small_inputs())
