"""What a scenario may not say: the locks that a workbook would refuse, in a sentence each."""

from __future__ import annotations

from budget.inputs import Inputs
from ui.language import text
from ui.scenarios import Scenario


def refusals(scenario: Scenario, inputs: Inputs) -> list[str]:
    """Why the locks that there is nothing to lock with are refused; [] when there are none."""
    names = {stream.code: stream.name for stream in inputs.streams}
    return [
        text("rules.lock_city_wide", stream=names.get(str(lock.stream), lock.stream), year=year)
        for lock, year in scenario.city_wide_locks(inputs).items()
    ]
