"""The tables of a plan: every sheet of the output workbook, before it is written anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from budget.inputs import Inputs
from budget.plan import Plan
from budget.report.area_budgets import area_budgets_table, ceilings_table
from budget.report.balance import balance_table, sources_table
from budget.report.causes import causes_table
from budget.report.certainty import certainty_tables
from budget.report.certificate import certificate_table
from budget.report.checks import checks_table
from budget.report.contracts import contracts_table
from budget.report.forecast import forecast_table
from budget.report.forecast_parts import forecast_parts_tables
from budget.report.ledger import area_ledger_table, ledger_table
from budget.report.prevention import prevention_table
from budget.report.provenance import forecast_provenance_table, imprint, plan_provenance_table
from budget.report.reasons import explanation_table, shadow_prices_table
from budget.report.reinvestment import reinvestment_tables
from budget.report.second_opinion import second_opinion_tables
from budget.report.summary import summary_table
from budget.report.task_fields import task_fields_table
from budget.report.trade_offs import trade_offs_tables
from budget.report.variants import beside_table
from budget.report.why_not_more import locks_table, why_not_more_table
from budget.tables import Table
from budget.trade_offs import TradeOffs
from forecasts.demand import Demand

__all__ = ["forecast_tables", "plan_tables"]


def plan_tables(
    plan: Plan,
    forecast: Table | None = None,
    beside: Mapping[str, Plan | None] | None = None,
    trade_offs: TradeOffs | None = None,
) -> tuple[Table, ...]:
    """Every sheet of a plan, in the order of the workbook. Their formulas refer to each other by sheet name.

    `forecast` is the sheet Prognose if it is at hand already: changed rules leave demand as it was. `beside` are the
    plans of `plans_beside`, and `trade_offs` what `weigh` found, for sheets of their own.
    """
    budgets = area_budgets_table(plan)
    ceilings = ceilings_table(plan, budgets)
    sources = sources_table(plan)
    balance = balance_table(plan, sources, ceilings, budgets)
    forecast = forecast or forecast_table(plan.inputs, plan.demand)
    tables = (
        budgets,
        ceilings,
        balance,
        sources,
        forecast,
        *forecast_parts_tables(plan.inputs, plan.demand, forecast),
        *second_opinion_tables(plan.inputs, plan.demand),
        prevention_table(plan),
        *reinvestment_tables(plan),
        *([ledger_table(plan), area_ledger_table(plan)] if plan.inputs.prevention else []),
        *([beside_table(plan, beside)] if beside else []),
        explanation_table(plan, ceilings),
        causes_table(plan, ceilings),
        shadow_prices_table(plan),
        why_not_more_table(plan),
        locks_table(plan),
        *certainty_tables(plan, ceilings, balance),
        *(trade_offs_tables(plan, trade_offs) if trade_offs else ()),
        contracts_table(plan),
        task_fields_table(plan),
    )
    sheets = {table.sheet: table for table in tables}
    checks = checks_table(plan, sheets)
    summary = summary_table(plan, sheets | {checks.sheet: checks})
    every = (summary, *tables, checks, plan_provenance_table(plan, weighed=trade_offs is not None))
    return _published(plan.inputs, (*every, certificate_table(plan, every)))


def forecast_tables(inputs: Inputs, demand: Demand) -> tuple[Table, ...]:
    """The sheets of a forecast alone."""
    forecast = forecast_table(inputs, demand)
    return _published(
        inputs,
        (
            forecast,
            *forecast_parts_tables(inputs, demand, forecast),
            *second_opinion_tables(inputs, demand),
            forecast_provenance_table(inputs, demand),
        ),
    )


def _published(inputs: Inputs, tables: tuple[Table, ...]) -> tuple[Table, ...]:
    return tuple(replace(table, imprint=imprint(inputs)) for table in tables)
