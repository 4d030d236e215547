"""Names in a chart: none over another, whatever the width of the screen."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from budget.tables import Kind
from ui.label_places import WIDTHS, Spot, box_of, mark_of, overlap, places_of
from ui.trade_off_chart import Dot, Goal, dots_chart, names_of

HEIGHT, SIZE = 320.0, 13.0
_shares = st.floats(0, 1)
_names = st.sampled_from([(), ("Evenwicht",), ("Gelijke dekking",), ("Mijn variant", "(Zekerheid)")])
_spots = st.lists(st.builds(Spot, _shares, _shares, st.floats(3, 21), _names), min_size=1, max_size=12)


@given(_spots)
@settings(max_examples=60)
def test_no_name_lies_over_another_or_outside_the_plot_on_any_screen(spots: list[Spot]) -> None:
    places = places_of(spots, height=HEIGHT, size=SIZE)
    for width in WIDTHS:
        boxes = [
            box_of(spot, place, width, HEIGHT, SIZE)
            for spot, place in zip(spots, places, strict=True)
            if place is not None
        ]
        assert all(box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= HEIGHT for box in boxes)
        assert not any(overlap(one, other) for one, other in combinations(boxes, 2))


@given(_spots)
@settings(max_examples=60)
def test_no_name_covers_a_mark_that_has_one(spots: list[Spot]) -> None:
    for spot, place in zip(spots, places_of(spots, height=HEIGHT, size=SIZE), strict=True):
        if place is None:
            continue
        for width in WIDTHS:
            box = box_of(spot, place, width, HEIGHT, SIZE)
            others = (other for other in spots if other.lines and other is not spot)
            assert not any(overlap(box, mark_of(other, width, HEIGHT)) for other in others)


def test_a_name_on_its_own_stands_right_of_its_point_and_not_on_it() -> None:
    spot = Spot(0.2, 0.5, 10.0, ("Evenwicht",))
    (place,) = places_of([spot], height=HEIGHT, size=SIZE)
    assert place is not None
    assert place.align == "left"
    for width in WIDTHS:
        assert box_of(spot, place, width, HEIGHT, SIZE)[0] >= mark_of(spot, width, HEIGHT)[2]


def test_a_name_at_the_right_edge_turns_inwards() -> None:
    (place,) = places_of([Spot(1.0, 0.5, 10.0, ("Evenwicht",))], height=HEIGHT, size=SIZE)
    assert place is not None
    assert place.align == "right"


def test_plans_in_the_same_place_share_one_name_and_the_own_plan_comes_first() -> None:
    dots = [
        Dot("a", "Evenwicht", 1.0, 2.0, "", "named"),
        Dot("workbook", "Werkmap", 1.0, 2.0, "", "workbook"),
        Dot("here", "Mijn variant", 1.0, 2.0, "", "here"),
        Dot("b", "Zekerheid", 3.0, 4.0, "", "named"),
    ]
    found = names_of(dots, (0.0, 4.0), (0.0, 5.0), height=HEIGHT, size=SIZE)
    assert [lines for _, lines, _ in found] == [("Mijn variant", "(Werkmap, Evenwicht)"), ("Zekerheid",)]


def test_the_own_plan_and_the_workbook_differ_in_shape_and_not_only_in_colour() -> None:
    dots = [
        Dot("a", "Evenwicht", 1.0, 2.0, "", "named"),
        Dot("workbook", "Werkmap", 1.0, 2.0, "", "workbook"),
        Dot("here", "Mijn variant", 3.0, 3.0, "", "here"),
    ]
    spec = dots_chart(dots, Goal("x", Kind.CENTS), Goal("y", Kind.SHARE)).to_dict()
    outlines = [layer["mark"] for layer in spec["layer"] if layer["mark"].get("strokeWidth", 0) > 1]
    assert {mark.get("shape", "circle") for mark in outlines} == {"square", "circle"}
    assert len({tuple(mark.get("strokeDash", ())) for mark in outlines}) == 2
