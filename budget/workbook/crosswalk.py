"""Yesterday's districts in today's: what was counted under codes that merged, split or were renamed since.

A row of sheet Wijkwijzigingen says that from 1 January of `year` on a share of the old district belongs to a
district. A count under code c in period t passes through every change of c after t, in order:

    count[d, t] = sum over codes c of share[c -> d, t] * count[c, t]

with the same shares for every stream and age group. A part that is unknown, or has no row, makes the sum unknown.
A sum of suppressed parts is suppressed; beside known parts a suppressed one counts as `HIDDEN_PART` clients.
Budgets of the year before the plan are divided by the same shares, to the cent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, TypeVar

from budget.workbook.row_models import (
    DemandRow,
    DemandStatus,
    DistrictChangeRow,
    LastBudgetRow,
    PopulationRow,
)
from budget.workbook.typed_tables import TypedTables
from wording.sentence import Template

_CARRIED = Template(
    "Wijkwijzigingen: aantallen van vóór de wijziging van {districts} zijn omgerekend naar de wijken van nu ({n} keer),"
    " met één aandeel voor alle stromen en leeftijden."
)
_JOINED = Template(
    "Wijkwijzigingen: {districts} had van vóór de wijziging al eigen aantallen; de omgerekende zijn erbij opgeteld."
)
_PAID = Template("Wijkwijzigingen: het vorige budget van {districts} is verdeeld over de wijken van nu.")
_HIDDEN = Template(
    "Wijkwijzigingen: een onderdrukt deel van een samengevoegde wijk is {n} keer geteld als {clients:.0f} cliënten; "
    "het totaal heeft dan status afgeleid."
)
_UNKNOWN = Template(
    "Wijkwijzigingen: een samengevoegde wijk is {n} keer onbekend gelaten, omdat een deel ervan onbekend is."
)

HIDDEN_PART = 5.0
"""Clients of a suppressed part of a merged district: half of the usual limit of 10."""


R = TypeVar("R", DemandRow, PopulationRow)


class Part(NamedTuple):
    """What one former code brings to one of today's districts."""

    share: float
    row: DemandRow | PopulationRow | None
    """None: the code existed but was not counted."""


class Crosswalk:
    """From the codes of a year to today's."""

    def __init__(self, rows: Sequence[DistrictChangeRow]) -> None:
        self._changes: dict[str, dict[int, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
        self._began: dict[str, set[int]] = defaultdict(set)
        for row in rows:
            self._changes[row.old][row.year][row.district] = row.share
            self._began[row.district].add(row.year)
        for years in self._changes.values():
            for shares in years.values():
                whole = sum(shares.values())
                shares.update({code: share / whole for code, share in shares.items()})

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code that a change speaks of, old or new."""
        return frozenset(self._changes) | frozenset(self._began)

    def heirs(self, code: str, year: int) -> Mapping[str, float]:
        """Today's districts of what was `code` in a year, with the share of each; together 1."""
        later = [change for change in self._changes.get(code, ()) if change > year]
        if not later:
            return {code: 1.0}
        shares: dict[str, float] = defaultdict(float)
        for new, share in self._changes[code][min(later)].items():
            for today, part in self.heirs(new, min(later)).items():
                shares[today] += share * part
        return shares

    def era(self, code: str, year: int) -> int:
        """Which of its lives a code was in; a code that changes starts another."""
        return bisect_right(self._borders(code), year)

    def ends_later(self, code: str, year: int) -> bool:
        """Whether the next change that touches a code is one of the code itself: then it was there before."""
        coming = [border for border in self._borders(code) if border > year]
        return bool(coming) and coming[0] in self._changes.get(code, ())

    def _borders(self, code: str) -> list[int]:
        return sorted(self._began.get(code, set()).union(self._changes.get(code, ())))


def in_todays_districts(tables: TypedTables) -> tuple[TypedTables, tuple[str, ...]]:
    """The tables with demand, population and last budget in today's districts, and Dutch sentences on how."""
    if not tables.district_changes.rows:
        return tables, ()
    crosswalk = Crosswalk(tables.district_changes.rows)
    carrying = _Carrying(crosswalk)
    demand = carrying.carry(
        tables.demand.rows, lambda row: (row.stream, row.period, int(row.period[:4])), carrying.clients
    )
    population = carrying.carry(
        tables.population.rows, lambda row: (row.age_group, str(row.year), row.year), carrying.persons
    )
    first_year = tables.municipality.rows[0].first_year
    last_budget = carrying.budgets(tables.last_budget.rows, first_year - 1)
    today = replace(
        tables,
        last_budget=replace(tables.last_budget, rows=last_budget),
        demand=replace(tables.demand, rows=demand),
        population=replace(tables.population, rows=population),
    )
    return today, tuple(carrying.notes())


class _Carrying:
    """Carries rows over, and remembers what a reader should know of it."""

    def __init__(self, crosswalk: Crosswalk) -> None:
        self._crosswalk = crosswalk
        self._n_rows = 0
        self._n_hidden = 0
        self._n_unknown = 0
        self._moved: set[str] = set()
        self._joined: set[str] = set()
        self._paid: set[str] = set()

    def carry(
        self,
        rows: Sequence[R],
        place_of: Callable[[R], tuple[str, str, int]],
        merge: Callable[[str, Sequence[Part]], R],
    ) -> list[R]:
        """The rows in today's districts. `place_of` gives the series (stream, age group), moment and year of a row."""
        kept = [row for row in rows if row.district not in self._crosswalk.codes]
        touched: dict[str, dict[tuple[str, str], R]] = defaultdict(dict)
        years: dict[str, dict[str, int]] = defaultdict(dict)
        for row in rows:
            series, moment, year = place_of(row)
            years[series][moment] = year
            if row.district in self._crosswalk.codes:
                touched[series][row.district, moment] = row
        for series, counted in touched.items():
            for (today, _), parts in self._parts(counted, years[series]).items():
                if any(part.row is not None for part in parts):
                    kept.append(merge(today, parts))
        return kept

    def _parts(
        self, counted: Mapping[tuple[str, str], R], years: Mapping[str, int]
    ) -> Mapping[tuple[str, str], list[Part]]:
        """Per district of today and moment: every code that was a part of it then."""
        crosswalk = self._crosswalk
        lived = {(code, crosswalk.era(code, years[moment])) for code, moment in counted}
        parts: dict[tuple[str, str], list[Part]] = defaultdict(list)
        for code in sorted(crosswalk.codes):
            for moment, year in years.items():
                row = counted.get((code, moment))
                existed = (code, crosswalk.era(code, year)) in lived or crosswalk.ends_later(code, year)
                if row is None and not existed:
                    continue
                for today, share in crosswalk.heirs(code, year).items():
                    parts[today, moment].append(Part(share, row))
                    if row is not None and (today, share) != (code, 1.0):
                        self._n_rows += 1
                        self._moved.add(code)
        for (today, moment), found in parts.items():
            own = counted.get((today, moment))
            if len(found) > 1 and own is not None and not crosswalk.ends_later(today, years[moment]):
                self._joined.add(today)
        return parts

    def budgets(self, rows: Sequence[LastBudgetRow], year: int) -> list[LastBudgetRow]:
        """The budgets of a year in today's districts; what is divided adds up to what it was."""
        carried: dict[tuple[str, str], LastBudgetRow] = {}
        for row in rows:
            heirs = self._crosswalk.heirs(row.district, year)
            for today, amount in zip(heirs, _divided(row.amount, list(heirs.values())), strict=True):
                if today != row.district:
                    self._paid.add(row.district)
                before = carried.get((today, row.stream))
                if before is not None:
                    amount = None if before.amount is None or amount is None else before.amount + amount
                update = {"district": today, "amount": amount}
                carried[today, row.stream] = row.model_copy(update=update)
        return list(carried.values())

    def clients(self, district: str, parts: Sequence[Part]) -> DemandRow:
        """The clients of the parts together, and how far that can be trusted."""
        rows = [part.row for part in parts if isinstance(part.row, DemandRow)]
        hidden = [row.status == "onderdrukt" for row in rows]
        clients: float | None = None
        status: DemandStatus = "afgeleid"
        if len(rows) < len(parts) or any(
            row.clients is None and not is_hidden for row, is_hidden in zip(rows, hidden, strict=True)
        ):
            self._n_unknown += len(parts) > 1
        elif all(hidden):
            status = "onderdrukt"
        else:
            counts = [
                HIDDEN_PART if is_hidden else row.clients or 0.0
                for row, is_hidden in zip(rows, hidden, strict=True)
            ]
            clients = sum(part.share * count for part, count in zip(parts, counts, strict=True))
            self._n_hidden += any(hidden)
            given = {row.status for row in rows}
            if "voorlopig" in given:
                status = "voorlopig"
            elif given == {"definitief"} and all(part.share == 1.0 for part in parts):
                status = "definitief"
        return rows[0].model_copy(update={"district": district, "clients": clients, "status": status})

    def persons(self, district: str, parts: Sequence[Part]) -> PopulationRow:
        """The inhabitants of the parts together; unknown where one of them is."""
        rows = [part.row for part in parts if isinstance(part.row, PopulationRow)]
        counts = [row.persons for row in rows]
        known = [count for count in counts if count is not None]
        persons = None
        if len(known) == len(parts):
            persons = sum(part.share * count for part, count in zip(parts, known, strict=True))
        return rows[0].model_copy(update={"district": district, "persons": persons})

    def notes(self) -> Iterator[str]:
        """What was carried over, and what had to be assumed."""
        if self._moved:
            yield _CARRIED(districts=tuple(sorted(self._moved)), n=self._n_rows)
        if self._joined:
            yield _JOINED(districts=tuple(sorted(self._joined)))
        if self._paid:
            yield _PAID(districts=tuple(sorted(self._paid)))
        if self._n_hidden:
            yield _HIDDEN(n=self._n_hidden, clients=HIDDEN_PART)
        if self._n_unknown:
            yield _UNKNOWN(n=self._n_unknown)


def _divided(amount: Decimal | None, shares: Sequence[float]) -> list[Decimal | None]:
    """An amount in parts that add up to it; the last takes what rounding leaves.

    >>> _divided(Decimal("100.00"), [1 / 3, 2 / 3]), _divided(Decimal("0.125"), [1.0])
    ([Decimal('33.33'), Decimal('66.67')], [Decimal('0.125')])
    """
    if amount is None:
        return [None] * len(shares)
    parts = [(amount * Decimal(str(share))).quantize(Decimal("0.01")) for share in shares[:-1]]
    return [*parts, amount - sum(parts, Decimal(0))]
