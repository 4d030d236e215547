"""Public panels as histories: real hierarchical series that nobody here made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from forecasts.history import History, Population, Status, StreamHistory

NOBODY = Population((), ("totaal",), (), np.empty((0, 1, 0)))
THE_HAGUE_STREAMS = {
    "wmo": "wmo",
    "jeugd": "jeugd",
    "participatie": "participatie",
    "schuldhulp": "wanbetalers",
}


def history_of(tables: dict[str, pd.DataFrame], quarters: dict[str, str] | None = None) -> History:
    """A history from tables with a row per period (PeriodIndex) and a column per district; NaN is unknown."""
    districts = tuple(sorted(set().union(*(table.columns for table in tables.values()))))
    streams = []
    for code, table in tables.items():
        clients = table.reindex(columns=list(districts)).to_numpy(dtype=float).T
        periods = pd.PeriodIndex(table.index)
        streams.append(
            StreamHistory(code, "totaal", periods, clients, np.zeros(clients.shape, dtype=np.int8))
        )
    names = quarters or {}
    return History(districts, tuple(names.get(code, "") for code in districts), tuple(streams))


def tourism(data: Path, months: int, n_regions: int, last: str = "2014-12") -> History:
    """Visitor nights in Australian regions by purpose, monthly: regions as districts, purposes as streams."""
    wide = pd.read_csv(data / "benchmark_hts/tourismlarge_data_1998_2014.csv", index_col=0)
    wide.index = pd.PeriodIndex(wide.index, freq="M")
    wide = wide.loc[:last].iloc[-months:]
    bottom = [name for name in wide.columns if len(name) == 6 and not name.endswith("All")]
    regions = sorted({name[:3] for name in bottom})[:: max(1, 76 // n_regions)][:n_regions]
    tables = {}
    for purpose in ("Hol", "Vis", "Bus", "Oth"):
        tables[purpose] = pd.DataFrame({region: wide[region + purpose] for region in regions})
    return history_of(tables, {region: region[0] for region in regions})


def wards(data: Path, n_wards: int, group: int = 1) -> History:
    """Claimant count in small areas of Northern Ireland, monthly, 27 months; `group` areas taken together."""
    wide = pd.read_csv(data / "benchmark_uk/nisra_claimant_soa_monthly_2017-10_2019-12.csv")
    months = [column for column in wide.columns if column[:2] == "20"]
    if group > 1:
        wide = wide.groupby(["lgd1992", "ward1992"], as_index=False)[months].sum()
        wide["soa_code"] = wide["ward1992"]
    wide = wide.iloc[:: max(1, len(wide) // n_wards)].iloc[:n_wards]
    table = wide.set_index("soa_code")[months].T
    table.index = pd.PeriodIndex(table.index, freq="M")
    return history_of({"claimants": table}, dict(zip(wide["soa_code"], wide["lgd1992"], strict=True)))


def emergency(data: Path, n_organisations: int, months: int = 36) -> History:
    """A&E attendances of English organisations by type, monthly."""
    long = pd.read_csv(data / "benchmark_uk/nhs_england_ae_attendances_monthly_2016-04_2019-03.csv")
    long["period"] = pd.PeriodIndex(long["period"].str[:7], freq="M")
    tables = {}
    for kind in ("1", "other"):
        table = long[long["type"].astype(str) == kind].pivot_table(
            index="period", columns="org_code", values="attendances"
        )
        table = table.iloc[-months:]
        table = table.loc[:, table.notna().all() & (table.min() > 0)]
        tables[kind] = table.iloc[:, :: max(1, table.shape[1] // n_organisations)].iloc[:, :n_organisations]
    return history_of(tables)


def labour(data: Path, months: int, last: str = "2018-11") -> History:
    """Employed persons in Australian states by kind of work, monthly."""
    wide = pd.read_csv(data / "benchmark_hts/labour_data.csv", index_col=0)
    wide.index = pd.PeriodIndex(wide.index.str[:7], freq="M")
    wide = wide.loc[:last].iloc[-months:]
    tables: dict[str, dict[str, pd.Series]] = {}
    for name in wide.columns:
        parts = [part.strip(" '\"") for part in name.strip("[]").split(",")]
        if len(parts) == 3:
            tables.setdefault(parts[0], {})[f"{parts[2]}-{parts[1]}"] = wide[name]
    quarters = {code: code.split("-")[0] for columns in tables.values() for code in columns}
    return history_of({code: pd.DataFrame(columns) for code, columns in tables.items()}, quarters)


def prison(data: Path, n_quarters: int, last: str = "2016Q4") -> History:
    """Prisoners on remand in Australian states by sex and origin, quarterly."""
    long = pd.read_csv(data / "benchmark_hts/prison_population.csv")
    long["period"] = pd.PeriodIndex(long["date"], freq="Q")
    long["district"] = long["state"] + "-" + long["gender"]
    tables = {}
    for origin, part in long[long["legal"] == "Remanded"].groupby("indigenous"):
        table = part.pivot_table(index="period", columns="district", values="count", aggfunc="sum")
        tables[str(origin)] = table.loc[:last].iloc[-n_quarters:]
    quarters = {code: code.split("-")[0] for code in long["district"].unique()}
    return history_of(tables, quarters)


def the_hague(data: Path, last: int = 2020) -> tuple[History, Population]:
    """The Hague, 42 districts, yearly: users of support, defaulters and welfare, with the population."""
    long = pd.read_csv(data / "den_haag/denhaag_wijk_jaar_tidy_2009_2020_SAMPLE.csv")
    districts = tuple(sorted(long["wijk_code"].unique()))
    quarter = dict(zip(long["wijk_code"], long["stadsdeel"], strict=True))
    streams = []
    for stream, column in THE_HAGUE_STREAMS.items():
        counts = long.pivot(index="wijk_code", columns="jaar", values=column).loc[list(districts)]
        hidden = long.pivot(index="wijk_code", columns="jaar", values=f"{column}_onderdrukt").loc[
            list(districts)
        ]
        known = counts.columns[counts.notna().any()]
        known = [year for year in known if year <= last]
        clients = counts[known].to_numpy(dtype=float)
        suppressed = hidden[known].to_numpy() == 1
        status = np.where(suppressed, Status.SUPPRESSED, Status.FINAL).astype(np.int8)
        clients[suppressed] = np.nan
        age_group = "0-20" if stream == "jeugd" else "totaal"
        periods = pd.PeriodIndex([str(year) for year in known], freq="Y")
        streams.append(StreamHistory(stream, age_group, periods, clients, status))
    years = tuple(sorted(long["jaar"].unique()))
    groups = {"totaal": "bevolking", "0-20": "bev_0_20"}
    persons = np.stack(
        [
            long.pivot(index="wijk_code", columns="jaar", values=column).loc[list(districts)].to_numpy(float)
            for column in groups.values()
        ],
        axis=1,
    )
    history = History(districts, tuple(quarter[code] for code in districts), tuple(streams))
    return history, Population(districts, tuple(groups), tuple(int(year) for year in years), persons)
