"""A municipality twice the size: every district has a twin next door, with somewhat more or less of everything."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from budget.inputs import CITY, Inputs
from forecasts.demand import Demand, StreamDemand
from forecasts.history import History, StreamHistory

_Numbers = npt.NDArray[Any]
_EAST = 0.09
"""Degrees between a district and its twin on the map."""


def twice(inputs: Inputs, demand: Demand) -> tuple[Inputs, Demand]:
    """The inputs and their demand with every district twice; what is city-wide and all money is doubled."""
    districts = [
        replace(district, code=_twin(district.code), name=f"{district.name} Zuid")
        for district in inputs.districts
    ]
    people = inputs.population
    larger = replace(
        inputs,
        districts=tuple(sorted((*inputs.districts, *districts), key=lambda district: district.code)),
        population=replace(
            people, districts=_both(people.districts), persons=_rows(people.districts, people.persons)
        ),
        history=_history(inputs.history),
        last_budget=_last_budget(inputs),
        funding=tuple(replace(funding, cents=2 * funding.cents) for funding in inputs.funding),
        norm=(
            *inputs.norm,
            *(replace(n, district=_twin(n.district)) for n in inputs.norm if n.district != CITY),
        ),
        actuals=(
            *inputs.actuals,
            *(replace(a, district=_twin(a.district)) for a in inputs.actuals if a.district != CITY),
        ),
        contracts=tuple(
            replace(
                contract,
                districts=_both(contract.districts),
                minimum_cents=_double(contract.minimum_cents),
                maximum_cents=_double(contract.maximum_cents),
            )
            for contract in inputs.contracts
        ),
        reserves=tuple(
            replace(
                reserve,
                balance_cents=2 * reserve.balance_cents,
                minimum_cents=2 * reserve.minimum_cents,
                maximum_cents=_double(reserve.maximum_cents),
                draw_limit_cents=2 * reserve.draw_limit_cents,
            )
            for reserve in inputs.reserves
        ),
        boundaries=None if inputs.boundaries is None else _boundaries(inputs.boundaries),
    )
    codes, quarters = demand.districts, demand.quarters
    streams = tuple(_stream_demand(stream, codes) for stream in demand.streams)
    return larger, replace(
        demand, districts=_both(codes), quarters=_of_both(codes, quarters), streams=streams
    )


def _twin(code: str) -> str:
    return f"{code}Z"


def _both(codes: Sequence[str]) -> tuple[str, ...]:
    """Codes with their twins, in order; the city has none."""
    return tuple(sorted((*codes, *(_twin(code) for code in codes if code != CITY))))


def _of_both(codes: Sequence[str], values: Sequence[str]) -> tuple[str, ...]:
    """Values by district for the districts and their twins."""
    return tuple(values[codes.index(code.removesuffix("Z"))] for code in _both(codes))


def _rows(codes: Sequence[str], numbers: _Numbers, *, twins_differ: bool = False) -> _Numbers:
    """Rows by district for the districts and their twins; a twin may have up to a fifth more or less."""
    both = _both(codes)
    found = numbers[[codes.index(code.removesuffix("Z")) for code in both]]
    if twins_differ:
        factors = [_factor(code) for code in both]
        found = (found * np.reshape(factors, (-1, *(1,) * (found.ndim - 1)))).astype(numbers.dtype)
    return found


def _factor(code: str) -> float:
    """How much a district has of its original: the city twice as much, a twin between 0.8 and 1.2 times."""
    if code == CITY:
        return 2.0
    return 0.8 + 0.4 * np.random.default_rng(list(code.encode())).random() if code.endswith("Z") else 1.0


def _history(history: History) -> History:
    streams = tuple(_stream_history(stream, history.districts) for stream in history.streams)
    quarters = _of_both(history.districts, history.quarters)
    return replace(history, districts=_both(history.districts), quarters=quarters, streams=streams)


def _stream_history(stream: StreamHistory, codes: Sequence[str]) -> StreamHistory:
    clients = _rows(codes, stream.clients, twins_differ=True)
    return replace(stream, clients=clients, status=_rows(codes, stream.status), totals=None)


def _stream_demand(stream: StreamDemand, codes: Sequence[str]) -> StreamDemand:
    return replace(
        stream,
        draws=_rows(codes, stream.draws, twins_differ=True),
        yearly=_rows(codes, stream.yearly, twins_differ=True),
        methods=_of_both(codes, stream.methods),
        parts={name: _rows(codes, part, twins_differ=True) for name, part in stream.parts.items()},
    )


def _last_budget(inputs: Inputs) -> dict[tuple[str, str], int]:
    larger = {}
    for (area, stream), cents in inputs.last_budget.items():
        larger[area, stream] = 2 * cents if area == CITY else cents
        if area != CITY:
            larger[_twin(area), stream] = round(_factor(_twin(area)) * cents)
    return larger


def _double(cents: int | None) -> int | None:
    return None if cents is None else 2 * cents


def _boundaries(boundaries: Any) -> dict[str, Any]:
    """The map with every district once more, further to the east."""
    twins = deepcopy(boundaries["features"])
    for feature in twins:
        feature["properties"]["wijkcode"] = _twin(feature["properties"]["wijkcode"])
        feature["geometry"]["coordinates"] = _moved(feature["geometry"]["coordinates"])
    return {**boundaries, "features": [*boundaries["features"], *twins]}


def _moved(place: Any) -> Any:
    return [_moved(part) for part in place] if isinstance(place[0], list) else [place[0] + _EAST, place[1]]
