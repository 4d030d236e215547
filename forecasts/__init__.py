"""Demand per district and stream, with its uncertainty. Knows clients and months, no euros, no Excel."""
