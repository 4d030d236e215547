from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from budget.faults import FaultyInput
from budget.inputs import CITY, FREE, Actual, District, Inputs, Reserve
from budget.year.months_to_come import Origin
from budget.year.overrun import Cover, cover_overruns
from budget.year.settlement import Settlement
from budget.year.year_end import FINAL, PROVISIONAL, UNSETTLED, AreaYear, YearSoFar, year_so_far
from forecasts.completion import FADING, PRIOR_RAISE
from tests.budget.small_city import flat_demand, rule
from tests.budget.year_rows import CHOICES, booked, city, whole_year

NEWEST = PRIOR_RAISE[12]


def of(year: YearSoFar, place: str) -> AreaYear:
    return year.areas[year.places.index(place)]


def cell(year: YearSoFar, place: str, stream: str) -> tuple[int, int]:
    return year.places.index(place), year.streams.index(stream)


# a complete year


def test_the_surplus_of_a_complete_year_is_divided_by_the_local_choices() -> None:
    area = of(year_so_far(city(whole_year(), *CHOICES)), "A")
    surplus = (90_000 + 40_000) - 12 * (7_000 + 3_000)
    assert area.tally.surplus == surplus * 100
    assert area.settlement == Settlement(
        prevention=surplus * 50, general=surplus * 30, carried=surplus * 100 - surplus * 50 - surplus * 30
    )
    assert area.cover == Cover(0, 0, 0, 0)


def test_the_caps_send_what_is_too_much_to_the_general_means() -> None:
    caps = (rule("herinvesteren_max", "4000"), rule("meenemen_max", "1000", district="A"))
    area = of(year_so_far(city(whole_year(), *CHOICES, *caps)), "A")
    assert area.settlement == Settlement(4_000_00, 10_000_00 - 4_000_00 - 1_000_00, 1_000_00)


def test_a_rule_of_the_year_itself_goes_before_a_rule_of_every_year_and_one_of_a_plan_year_says_nothing() -> (
    None
):
    rules = (
        *CHOICES,
        rule("herinvesteren_aandeel", "1", year=2026),
        rule("herinvesteren_aandeel", "0", year=2027),
    )
    area = of(year_so_far(city(whole_year(), *rules)), "A")
    assert area.settlement == Settlement(10_000_00, 0, 0)


def test_without_local_choices_all_is_carried_over_and_the_year_says_so() -> None:
    year = year_so_far(city(whole_year()))
    assert of(year, "A").settlement == Settlement(0, 0, 10_000_00)
    assert any("geen herinvesteren_aandeel in 2026" in note for note in year.notes)


def test_a_complete_definitive_year_is_final_and_certain() -> None:
    year = year_so_far(city(whole_year(), *CHOICES))
    assert year.final
    assert {area.state for area in year.areas} == {FINAL}
    assert of(year, "A").tally.band == (10_000_00,) * 3
    assert of(year, "B").tally.overrun_chance == 1.0


def test_an_overrun_is_covered_by_buffer_then_reserve_then_council() -> None:
    inputs = city(whole_year(), *CHOICES)
    inputs = replace(
        inputs,
        last_budget={**inputs.last_budget, (CITY, FREE): 3_000_00},
        reserves=(Reserve("Egalisatie", 50_000_00, 10_000_00, None, 2_000_00, None),),
    )
    overrun = 12 * (6_500 + 5_000) - (70_000 + 60_000)
    assert of(year_so_far(inputs), "B").cover == Cover(
        own=0, central=3_000_00, reserve=2_000_00, council=(overrun - 3_000 - 2_000) * 100
    )


def test_the_central_buffer_covers_and_is_no_surplus_of_the_city_wide_part() -> None:
    inputs = city((*whole_year(), *booked(CITY, "j", 1_000)))
    money = {**inputs.last_budget, (CITY, "j"): 12_000_00, (CITY, FREE): 3_000_00}
    year = year_so_far(replace(inputs, last_budget=money))
    assert (year.central_buffer, of(year, CITY).tally.surplus) == (3_000_00, 0)


def test_free_room_in_the_areas_own_budget_pays_first_and_what_is_left_of_it_is_surplus() -> None:
    inputs = city(whole_year(), *CHOICES)
    inputs = replace(inputs, last_budget={**inputs.last_budget, ("B", FREE): 9_000_00})
    area = of(year_so_far(inputs), "B")
    assert area.cover == Cover(own=8_000_00, central=0, reserve=0, council=0)
    assert area.tally.surplus == (9_000 - 8_000) * 100


def test_a_reserve_that_ended_or_stands_at_its_minimum_pays_nothing() -> None:
    reserves = (
        Reserve("Op", 10_000_00, 10_000_00, None, 5_000_00, None),
        Reserve("Afgelopen", 90_000_00, 0, None, 5_000_00, date(2025, 12, 31)),
    )
    assert year_so_far(city(whole_year(), reserves=reserves)).reserve_room == 0


def test_the_central_buffer_is_a_share_of_the_money_of_the_year_where_that_is_given() -> None:
    inputs = city(whole_year(), rule("buffer_centraal", "0.01"))
    assert year_so_far(inputs).central_buffer == 0
    money = replace(inputs.funding[0], year=2026, cents=400_000_00)
    assert year_so_far(replace(inputs, funding=(*inputs.funding, money))).central_buffer == 4_000_00


def test_what_the_city_wide_part_has_left_returns_to_the_general_means() -> None:
    inputs = city((*whole_year(), *booked(CITY, "j", 1_000)), *CHOICES)
    inputs = replace(inputs, last_budget={**inputs.last_budget, (CITY, "j"): 15_000_00})
    assert of(year_so_far(inputs), CITY).settlement == Settlement(0, (15_000 - 12_000) * 100, 0)


# late invoices


def test_provisional_months_are_raised_before_anything_counts_as_surplus() -> None:
    rows = [
        replace(row, status="voorlopig") if row.period in ("2026-11", "2026-12") else row
        for row in whole_year()
    ]
    year = year_so_far(city(rows, *CHOICES))
    november, december = 10_000 * NEWEST * FADING[12], 10_000 * NEWEST
    assert of(year, "A").tally.late == round((november + december) * 100)
    assert of(year, "A").tally.surplus == 10_000_00 - round((november + december) * 100)
    assert of(year, "A").state == PROVISIONAL
    low, _, high = of(year, "A").tally.band or (0, 0, 0)
    assert low < (of(year, "A").tally.surplus or 0) < high


def test_what_was_granted_tells_what_is_still_to_be_booked_and_where() -> None:
    """In eleven definitive months 95 % of what was granted was booked; in December A lacks 1,500."""
    rows = [
        row
        for place in ("A", "B")
        for stream in ("j", "w")
        for row in booked(place, stream, 9_500, range(1, 12), granted=10_000)
    ]
    rows += booked("A", "j", 8_000, [12], granted=10_000, status="voorlopig")
    rows += booked("B", "j", 9_500, [12], granted=10_000, status="voorlopig")
    rows += [*booked("A", "w", 9_500, [12]), *booked("B", "w", 9_500, [12])]
    year = year_so_far(city(rows))
    assert year.late[cell(year, "A", "j")][11] == round(0.95 * 10_000 - 8_000) * 100
    assert year.late[cell(year, "B", "j")][11] == 0


def test_grants_that_promise_less_than_experience_do_not_lower_what_is_still_to_come() -> None:
    rows = [*booked("A", "j", 9_500, range(1, 12), granted=10_000)]
    rows += booked("A", "j", 9_500, [12], granted=9_500, status="voorlopig")
    year = year_so_far(city(rows))
    assert year.late[cell(year, "A", "j")][11] == round(9_500 * NEWEST * 100)


# months that are not booked yet


def test_without_a_forecast_the_run_rate_of_the_last_twelve_months_goes_on() -> None:
    rows = [*booked("A", "j", 5_000, range(1, 13), year=2025), *booked("A", "j", 8_000, range(1, 9))]
    year = year_so_far(city(rows))
    place = cell(year, "A", "j")
    run_rate = (4 * 5_000 + 8 * 8_000) / 12
    assert year.ahead[place].tolist() == [0] * 8 + [round(run_rate * 100)] * 4
    assert year.origin[place][8:].tolist() == [Origin.RUN_RATE] * 4


def test_with_a_forecast_months_follow_clients_times_price_at_the_level_of_what_was_booked() -> None:
    """Ten clients at 10,000 a year, of which the area carries 0.8; booked is 10 % above that."""
    listed = 10 * 10_000 / 12 * 0.8
    inputs = city(booked("A", "j", 1.1 * listed, range(1, 10)))
    year = year_so_far(inputs, flat_demand(inputs))
    place = cell(year, "A", "j")
    assert year.ahead[place][9:].tolist() == pytest.approx([1.1 * listed * 100] * 3, abs=1)
    assert year.origin[place][9:].tolist() == [Origin.FORECAST] * 3


def test_the_band_follows_the_futures_of_the_forecast() -> None:
    listed = 10 * 10_000 / 12 * 0.8
    inputs = city(booked("A", "j", listed, range(1, 10)))
    demand = flat_demand(inputs, spread=0.2, n_draws=400)
    year = year_so_far(inputs, demand)
    tally = year.tally(*([at] for at in cell(year, "A", "j")))
    assert tally.band is not None
    low, middle, high = tally.band
    assert middle == pytest.approx(tally.surplus, abs=0.05 * 3 * listed * 100)
    assert high - low == pytest.approx(0.8 * 2 * 0.2 * 3 * listed * 100, rel=0.1)


def test_a_stream_without_any_booking_is_priced_but_not_settled() -> None:
    inputs = city(booked("A", "j", 5_000))
    priced, bare = of(year_so_far(inputs, flat_demand(inputs)), "A"), of(year_so_far(inputs), "A")
    assert priced.tally.expected == 12 * 5_000_00 + 12 * round(10 * 2_000 * 100 / 12)
    assert bare.tally.expected is None
    assert priced.state == bare.state == UNSETTLED
    assert "w: geen lasten bekend" in priced.reasons


# unknown is never zero


def test_an_area_with_a_month_missing_in_the_middle_says_so_and_is_not_settled() -> None:
    rows = [row for row in whole_year() if (row.district, row.stream, row.period) != ("A", "j", "2026-03")]
    year = year_so_far(city(rows, *CHOICES))
    area = of(year, "A")
    assert area.state == UNSETTLED
    assert area.reasons == ("j: maart ontbreekt",)
    assert (area.settlement, area.cover) == (None, None)
    assert area.tally.ahead == 7_000_00
    assert not year.final


def test_a_row_without_an_amount_is_a_missing_month() -> None:
    rows = [replace(row, cost_cents=None) if row.period == "2026-05" else row for row in whole_year()]
    assert of(year_so_far(city(rows)), "B").reasons == ("j: mei ontbreekt", "w: mei ontbreekt")


def test_an_area_whose_budget_is_unknown_is_not_settled() -> None:
    inputs = city(whole_year())
    budget = {key: cents for key, cents in inputs.last_budget.items() if key != ("B", "w")}
    area = of(year_so_far(replace(inputs, last_budget=budget)), "B")
    assert (area.state, area.reasons) == (UNSETTLED, ("w: budget onbekend",))
    assert (area.tally.budget, area.tally.surplus) == (None, None)
    assert area.tally.expected == 12 * 11_500_00


def test_a_stream_without_budget_and_without_costs_is_no_part_of_the_year() -> None:
    inputs = city([row for row in whole_year() if (row.district, row.stream) != ("A", "w")])
    area = of(year_so_far(replace(inputs, last_budget={**inputs.last_budget, ("A", "w"): 0})), "A")
    assert (area.state, area.tally.surplus) == (FINAL, (90_000 - 12 * 7_000) * 100)


def test_clients_without_a_known_budget_and_without_costs_leave_the_area_unsettled() -> None:
    inputs = city([row for row in whole_year() if (row.district, row.stream) != ("A", "w")])
    budget = {key: cents for key, cents in inputs.last_budget.items() if key != ("A", "w")}
    area = of(year_so_far(replace(inputs, last_budget=budget)), "A")
    assert (area.state, area.reasons) == (UNSETTLED, ("w: budget onbekend", "w: geen lasten bekend"))


def test_an_overrun_that_is_not_known_takes_nothing_from_the_buffer() -> None:
    rows = [row for row in whole_year() if (row.district, row.period) != ("B", "2026-02")]
    inputs = city(rows)
    year = year_so_far(replace(inputs, last_budget={**inputs.last_budget, (CITY, FREE): 3_000_00}))
    assert of(year, "B").cover is None
    assert of(year, "A").cover == Cover(0, 0, 0, 0)


# amounts per year, and faults


def test_an_amount_for_a_whole_year_is_settled_when_the_year_is_over() -> None:
    rows = [row for row in whole_year() if (row.district, row.stream) != ("A", "j")]
    rows.append(Actual("A", "j", "2026", 84_000_01, None, "definitief"))
    year = year_so_far(city(rows, *CHOICES))
    assert of(year, "A").tally.surplus == 10_000_00 - 1
    assert of(year, "A").state == FINAL


def test_an_amount_for_a_year_that_is_not_over_is_not_taken_for_the_whole() -> None:
    inputs = city([*whole_year(), Actual(CITY, "j", "2026", 50_000_00, None, "voorlopig")])
    running = replace(inputs.municipality, reference_date=date(2026, 9, 15))
    area = of(year_so_far(replace(inputs, municipality=running)), CITY)
    assert area.state == UNSETTLED
    assert "jaarbedrag van een lopend jaar" in " ".join(area.reasons)
    assert area.tally.provisional == 0


def test_without_actuals_of_the_year_there_is_a_fault_that_says_which_year_is_wanted() -> None:
    with pytest.raises(
        FaultyInput, match=r"Realisatie: verwacht ten minste één rij met Lasten in 2026.*geen rijen"
    ):
        year_so_far(city(()))
    with pytest.raises(FaultyInput, match=r"alleen rijen .* van 2025"):
        year_so_far(city(booked("A", "j", 1_000, year=2025)))


def test_months_beside_an_amount_for_the_year_are_a_fault() -> None:
    rows = (*whole_year(), Actual("A", "j", "2026", 84_000_00, None, "definitief"))
    with pytest.raises(FaultyInput, match="gevonden beide voor A j 2026"):
        year_so_far(city(rows))


# always

AMOUNTS = st.none() | st.integers(-50_000, 2_000_000)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", CITY]),
        st.sampled_from(["j", "w"]),
        st.sampled_from([f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)]),
        AMOUNTS,
        st.none() | st.integers(0, 2_000_000),
        st.sampled_from(["definitief", "voorlopig"]),
    ),
    max_size=60,
    unique_by=lambda row: row[:3],
)
SHARE = st.integers(0, 100).map(lambda percent: str(percent / 100))


@settings(max_examples=150, deadline=None)
@given(ROWS, SHARE, SHARE, st.integers(0, 10**6), st.integers(0, 10**6), st.booleans())
def test_parts_always_add_up_to_the_cent_and_are_never_negative(
    rows: list[tuple[str, str, str, int | None, int | None, str]],
    retained: str,
    general: str,
    buffer: int,
    reserve: int,
    with_forecast: bool,
) -> None:
    actuals = [Actual(*row) for row in rows]  # type: ignore[arg-type]
    actuals.append(Actual("A", "j", "2026", 5_00, None, "definitief"))
    actuals = [row for row in actuals if row is actuals[-1] or (row.district, row.stream) != ("A", "j")]
    inputs = city(
        actuals,
        rule("herinvesteren_aandeel", retained),
        rule("algemene_middelen_aandeel", general),
        reserves=(Reserve("Egalisatie", reserve, 0, None, reserve, None),),
    )
    inputs = replace(inputs, last_budget={**inputs.last_budget, (CITY, FREE): buffer})
    year = year_so_far(inputs, flat_demand(inputs) if with_forecast else None, n_draws=20)
    assert (year.late >= 0).all()
    assert (year.ahead >= 0).all()
    for area in year.areas:
        tally = area.tally
        if tally.expected is not None:
            assert tally.expected == tally.definitive + tally.provisional + tally.late + tally.ahead
        if area.settlement is None or area.cover is None:
            assert area.state == UNSETTLED
            continue
        parts = (area.settlement.prevention, area.settlement.general, area.settlement.carried)
        payers = (area.cover.own, area.cover.central, area.cover.reserve, area.cover.council)
        assert min(*parts, *payers) >= 0
        assert tally.surplus == sum(parts) - sum(payers) + area.cover.own
    covers = [area.cover for area in year.areas if area.cover]
    assert sum(cover.central for cover in covers) <= buffer
    assert sum(cover.reserve for cover in covers) <= reserve
    whole = year.tally()
    assert whole.definitive + whole.provisional == sum(
        row.cost_cents or 0 for row in actuals if row.period.startswith("2026")
    )
    assert year.month_budget().sum(axis=2).tolist() == year.budget.tolist()


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=6),
    st.integers(0, 10**9),
    st.integers(0, 10**9),
)
def test_cover_is_the_gap_and_no_payer_gives_more_than_it_has(
    places: list[tuple[int, int]], buffer: int, reserve: int
) -> None:
    gaps, free = [gap for gap, _ in places], [room for _, room in places]
    covers = cover_overruns(gaps, free, buffer, reserve)
    assert [cover.gap for cover in covers] == gaps
    assert all(min(c.own, c.central, c.reserve, c.council) >= 0 for c in covers)
    assert all(cover.own <= room for cover, room in zip(covers, free, strict=True))
    assert sum(cover.central for cover in covers) <= buffer
    assert sum(cover.reserve for cover in covers) <= reserve


def test_names_and_order_of_the_districts_do_not_change_an_amount() -> None:
    rows = [
        replace(row, status="voorlopig") if row.period == "2026-08" else row
        for row in whole_year()
        if row.period <= "2026-08"
    ]
    year, swapped = year_so_far(city(rows, *CHOICES)), year_so_far(_renamed(city(rows, *CHOICES)))
    for place, other in (("A", "Z"), ("B", "B")):
        assert replace(of(swapped, other), place=place) == of(year, place)
    np.testing.assert_array_equal(year.tally().band, swapped.tally().band)


def _renamed(inputs: Inputs) -> Inputs:
    """The same city in which A is called Z, and so comes last."""
    names = {"A": "Z", "B": "B"}
    return replace(
        inputs,
        districts=(inputs.districts[1], District("Z", "Noord", "Stad", 1000)),
        actuals=tuple(replace(row, district=names[row.district]) for row in inputs.actuals),
        last_budget={(names[place], stream): cents for (place, stream), cents in inputs.last_budget.items()},
    )
