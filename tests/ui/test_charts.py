"""The charts draw the plan's numbers, in the reader's notation."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from budget.plan import Plan
from ui import charts, time_charts
from ui.area_map import class_of, fitting_edges
from ui.fans import QUANTILES, fan_of
from ui.look import DARK, LIGHT, Palette
from ui.screens.why import waterfall_bars
from ui.view import Record, View


def test_a_waterfall_begins_and_ends_at_the_ceilings_and_has_no_gaps(city_plan: Plan) -> None:
    view = View(city_plan)
    for code in city_plan.inputs.area_codes:
        for year in view.years:
            (ceiling,) = view.records("Plafonds", Wijkcode=code, Jaar=year)
            bars = waterfall_bars(
                view.records("Verklaring", Wijkcode=code, Jaar=year), int(str(ceiling["Plafond"])), year
            )
            assert bars[0].end * 100 == pytest.approx(float(str(ceiling["Vorig jaar"])))
            assert bars[-1].end * 100 == ceiling["Plafond"]
            assert all(after.start == pytest.approx(before.end) for before, after in pairwise(bars[:-1]))
            assert bars[-2].end == pytest.approx(bars[-1].end)


def test_a_waterfall_never_hides_a_bar_below_its_floor() -> None:
    bars = [
        charts.Bar("2026", 0, 1000, "", "total"),
        charts.Bar("Prijs", 1000, 1040, "", "more"),
        charts.Bar("Vraag", 1040, 990, "", "less"),
        charts.Bar("2027", 0, 990, "", "total"),
    ]
    assert 0 < charts.floor_of(bars) < 990


def test_a_step_of_less_than_half_a_euro_is_no_bar_and_leaves_no_gap() -> None:
    steps: list[Record] = [
        {"Stap": "Vorig jaar", "Bedrag": 100_00},
        {"Stap": "Prijs", "Bedrag": 5_00},
        {"Stap": "Afronding", "Bedrag": 1},
    ]
    bars = waterfall_bars(steps, 105_01, 2027)
    assert [bar.name for bar in bars] == ["2026", "Prijs", "2027"]
    assert bars[1].end == bars[2].end == 105.01


def test_bands_are_drawn_from_the_lowest_to_the_highest_of_bands_and_yardsticks() -> None:
    rows = [charts.Range("A", "", 0.95, 0.97, 0.99, 1.0), charts.Range("B", "", 1.4, 1.5, 1.6, 1.0)]
    spec = charts.range_rows(rows, title="", written=".0%").to_dict()
    low, high = spec["layer"][1]["encoding"]["x"]["scale"]["domain"]
    assert low < 0.95
    assert high > 1.6


def test_charts_speak_dutch(city_plan: Plan) -> None:
    fan = fan_of(city_plan, city_plan.inputs.stream_codes[0], city_plan.demand.districts)
    spec = json.loads(time_charts.fan_chart(fan, unit="cliënten").to_json())
    assert spec["config"]["locale"]["number"]["decimal"] == ","
    assert spec["config"]["locale"]["time"]["shortMonths"][2] == "mrt"


def test_a_fan_is_the_quantiles_of_the_summed_draws(city_plan: Plan) -> None:
    stream = city_plan.inputs.stream_codes[0]
    fan = fan_of(city_plan, stream, city_plan.demand.districts)
    summed = city_plan.demand.stream(stream).draws.sum(axis=0, dtype=float)
    np.testing.assert_allclose(fan.quantiles[0.5], np.median(summed, axis=-1))
    assert (np.diff(fan.quantiles[list(QUANTILES)].to_numpy(), axis=1) >= 0).all()


def test_classes_of_change_mirror_around_zero() -> None:
    edges = fitting_edges([0.4, -0.2, 0.01])
    assert [-edge for edge in reversed(edges)] == list(edges)
    assert [class_of(-change, edges) for change in (0.3, 0.15, 0.0)] == [
        6 - class_of(change, edges) for change in (0.3, 0.15, 0.0)
    ]


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_text_on_the_map_reads(palette: Palette) -> None:
    for fill, ink in zip(palette.diverging, palette.diverging_ink, strict=True):
        assert _contrast(fill, ink) >= 4.5, (fill, ink)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_less_and_more_read_on_the_page(palette: Palette) -> None:
    for colour in (palette.less, palette.more, palette.total, palette.observed):
        assert _contrast(colour, palette.ground) >= 4.5, colour


def _contrast(one: str, other: str) -> float:
    """Contrast ratio by WCAG 2.1."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
