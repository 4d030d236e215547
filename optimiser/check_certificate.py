"""Recheck a certificate with nothing but whole numbers: how far any plan could be better than this one.

The certificate states a linear programme in cents (columns: cost, least, most; rows: low, high, terms), the value
that the plan reaches, and one price per row. Whatever the prices, no plan costs less than

    sum_rows price * (low if price > 0 else high)  +  sum_columns min over [least, most] of (cost - priced terms) * z

so the difference is proven, however the prices were found.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from functools import cache
from typing import Any

_number = cache(Fraction)


def least_cost(certificate: dict[str, Any]) -> Fraction:
    """The proven lower bound, in weighted cents."""
    reduced = [_number(cost) for cost, _, _ in certificate["columns"]]
    bound = Fraction(0)
    for (low, high, terms), price_text in zip(certificate["rows"], certificate["prices"], strict=True):
        price = _number(price_text)
        side = low if price > 0 else high
        if price == 0 or side is None:
            continue
        bound += price * _number(side)
        for column, coefficient in terms:
            reduced[column] -= price * _number(coefficient)
    for cost, (_, least, most) in zip(reduced, certificate["columns"], strict=True):
        if cost:
            bound += cost * _number(least if cost > 0 else most)
    return bound


def cents_from_the_best(certificate: dict[str, Any]) -> Fraction:
    """No plan is more than this many weighted cents better."""
    return Fraction(certificate["value"]) - least_cost(certificate)


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(f"geen plan is meer dan {float(cents_from_the_best(json.load(file))):.4f} cent beter")
