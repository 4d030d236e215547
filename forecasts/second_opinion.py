"""An outside forecast beside our own: compared, blended in or used instead.

For district d, stream s and year y with our draws x[k], their mean m, the outside number o and weight w
(0 compares only, 1 uses the outside number):

    x'[k] = x[k] * ((1 - w) m + w o) / m

so the new mean is (1 - w) m + w o, the relative spread stays ours, nothing becomes negative, and draws still
belong together over districts, streams and years. The months of a year move by the factor of their year.
Where our mean is 0 there is no spread to keep: every draw becomes w o. A year that has begun is compared only,
because part of it is no forecast.

A number for the whole city is shared by the districts in proportion to our own means, so that all move by one factor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from forecasts.demand import Comparison, Demand, OutsideForecast, SampleArray, StreamDemand
from forecasts.history import FloatArray
from wording.sentence import Template

SECOND_OPINION = "tweede mening"
"""The name of its part in what a forecast is made of."""
_WITH_OPINION = Template("{method}; tweede mening {how}")
_USED = Template("gebruikt")
_MIXED = Template("gemengd")
_USED_FROM = Template("gebruikt ({source})")
_MIXED_FROM = Template("gemengd ({source})")
_COMPARED = Template(
    "{stream}: tweede mening over {n} {n:getal|getallen}; {outside} buiten de eigen 80 %-band, {used} gebruikt, "
    "{mixed} gemengd, {compared} alleen vergeleken."
)
_COMPARED_WITH = Template(
    "{stream}: tweede mening van {sources} over {n} {n:getal|getallen}; {outside} buiten de eigen 80 %-band, {used} "
    "gebruikt, {mixed} gemengd, {compared} alleen vergeleken."
)
_BEGUN = Template("{stream}: {years} is al begonnen; daar is de tweede mening alleen vergeleken.")
_LEFT_OUT = Template("Tweede mening: {n} {n:getal|getallen} buiten de prognose, niet gebruikt.")


def blend(
    demand: Demand, outside: Iterable[OutsideForecast], whole: str = ""
) -> tuple[Demand, tuple[Comparison, ...]]:
    """Our demand with the outside numbers worked in, and every number compared. Numbers outside it are left out.

    `whole` is the code that means all districts together; a number of a district goes before one of the city.
    The comparisons stay with the demand. Raises ValueError for a negative number or a weight outside 0-1.
    """
    opinions = {(o.district, o.stream, o.year): _checked(o) for o in outside}
    if not opinions:
        return demand, ()
    comparisons: list[Comparison] = []
    streams = []
    for stream in demand.streams:
        mine = [
            opinion
            for key, opinion in sorted(opinions.items())
            if key[1] == stream.stream
            and key[2] in stream.years
            and (key[0] in demand.districts or key[0] == whole)
        ]
        comparisons += [_compare(stream, demand.districts, opinion) for opinion in mine]
        streams.append(_moved(stream, demand.districts, mine))
    compared = tuple(comparisons)
    notes = (*demand.notes, *_notes(compared, len(opinions) - len(compared)))
    return replace(demand, streams=tuple(streams), notes=notes, second_opinion=compared), compared


def _checked(opinion: OutsideForecast) -> OutsideForecast:
    if opinion.clients < 0 or not 0 <= opinion.weight <= 1:
        raise ValueError(f"not a forecast of clients with a weight of 0-1: {opinion}")
    return opinion


def _compare(stream: StreamDemand, districts: Sequence[str], opinion: OutsideForecast) -> Comparison:
    places = _places(districts, opinion)
    draws = stream.yearly[places, stream.years.index(opinion.year)].sum(axis=0, dtype=np.float64)
    low, high = np.quantile(draws, (0.1, 0.9))
    expected, begun = float(draws.mean()), _has_begun(stream, opinion.year)
    weight = 0.0 if begun else opinion.weight
    used = (1 - weight) * expected + weight * opinion.clients
    return Comparison(opinion, float(low), expected, float(high), used, begun)


def _places(districts: Sequence[str], opinion: OutsideForecast) -> list[int]:
    """The district of an opinion, or all of them."""
    if opinion.district in districts:
        return [districts.index(opinion.district)]
    return list(range(len(districts)))


def _moved(
    stream: StreamDemand, districts: Sequence[str], opinions: Iterable[OutsideForecast]
) -> StreamDemand:
    """The stream with the numbers that weigh worked in; its parts and methods tell."""
    worked_in = [o for o in opinions if o.weight > 0 and not _has_begun(stream, o.year)]
    if not worked_in:
        return stream
    factor, instead, names = _factors(stream, districts, worked_in)
    of_period = np.array([stream.years.index(year) for year in stream.periods.year], dtype=np.int64)
    draws = _scaled(stream.draws, factor[:, of_period], instead[:, of_period])
    change = draws.mean(axis=-1, dtype=np.float64) - stream.draws.mean(axis=-1, dtype=np.float64)
    return replace(
        stream,
        yearly=_scaled(stream.yearly, factor, instead),
        draws=draws,
        methods=tuple(
            _WITH_OPINION(method=method, how=names[place]) if place in names else method
            for place, method in enumerate(stream.methods)
        ),
        parts={**stream.parts, SECOND_OPINION: change} if stream.parts else stream.parts,
    )


def _factors(
    stream: StreamDemand, districts: Sequence[str], opinions: Sequence[OutsideForecast]
) -> tuple[FloatArray, FloatArray, Mapping[int, tuple[str, ...]]]:
    """What to multiply with, what to put where there is nothing to multiply, both (districts, years), and whose.

    Numbers for the city come first, so that those of districts replace them.
    """
    mean = stream.yearly.astype(np.float64).mean(axis=-1)
    factor, instead = np.ones_like(mean), np.zeros_like(mean)
    names: dict[int, list[str]] = {place: [] for place in range(len(districts))}
    for opinion in sorted(opinions, key=lambda opinion: opinion.district in districts):
        places, y = _places(districts, opinion), stream.years.index(opinion.year)
        own = mean[places, y]
        shares = own / own.sum() if own.sum() > 0 else np.full(len(places), 1 / len(places))
        wanted = (1 - opinion.weight) * own + opinion.weight * opinion.clients * shares
        factor[places, y] = np.where(own > 0, wanted / np.where(own > 0, own, 1.0), 1.0)
        instead[places, y] = np.where(own > 0, 0.0, wanted)
        alone, named = (_USED, _USED_FROM) if opinion.weight == 1 else (_MIXED, _MIXED_FROM)
        for place in places:
            names[place].append(named(source=opinion.source) if opinion.source else alone())
    used = {place: tuple(dict.fromkeys(told)) for place, told in names.items() if told}
    return factor, instead, used


def _notes(compared: Sequence[Comparison], n_left_out: int) -> Iterator[str]:
    """What was done with the outside numbers, in Dutch."""
    for stream in dict.fromkeys(comparison.outside.stream for comparison in compared):
        mine = [comparison for comparison in compared if comparison.outside.stream == stream]
        sources = tuple(dict.fromkeys(filter(None, (one.outside.source for one in mine))))
        yield (_COMPARED_WITH if sources else _COMPARED)(
            stream=stream,
            sources=sources,
            n=len(mine),
            outside=sum(one.surprising for one in mine),
            used=sum(one.weight == 1 for one in mine),
            mixed=sum(0 < one.weight < 1 for one in mine),
            compared=sum(one.weight == 0 for one in mine),
        )
        begun = sorted({one.outside.year for one in mine if one.begun and one.outside.weight > 0})
        if begun:
            yield _BEGUN(stream=stream, years=tuple(begun))
    if n_left_out:
        yield _LEFT_OUT(n=n_left_out)


def _has_begun(stream: StreamDemand, year: int) -> bool:
    """Whether some periods of a year are observed."""
    periods_per_year = {"M": 12, "Q": 4, "Y": 1}[stream.periods.freqstr[0]]
    return int((stream.periods.year == year).sum()) < periods_per_year


def _scaled(samples: SampleArray, factor: FloatArray, instead: FloatArray) -> SampleArray:
    scaled: SampleArray = np.empty(samples.shape, dtype=np.float32)
    for place, own in enumerate(samples):
        scaled[place] = own * factor[place, :, None] + instead[place, :, None]
    return scaled
