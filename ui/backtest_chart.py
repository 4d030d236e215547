"""How far forecasts were off, per stream: ours beside last year."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from budget.report.verdicts import NAIVE, OURS
from ui.chart_style import finish, type_size
from ui.language import share, text
from ui.look import palette
from ui.remembered import remembered


@remembered
def missed_chart(rows: Sequence[tuple[str, str, float]]) -> alt.LayerChart:
    """Two bars per stream from zero, shorter is better: stream, method and share of the clients missed.

    Every bar carries its share, so there is no axis.
    """
    colours = palette()
    names = {OURS: text("backtest.ours"), NAIVE: text("backtest.naive")}
    frame = pd.DataFrame(
        [(stream, names[method], missed, share(missed)) for stream, method, missed in rows],
        columns=["stream", "method", "missed", "label"],
    )
    order = list(names.values())
    y = alt.Y(
        "stream:N",
        sort=list(dict.fromkeys(frame["stream"])),
        title=None,
        axis=alt.Axis(ticks=False, domain=False, labelLimit=260, labelPadding=8),
        scale=alt.Scale(paddingInner=0.3),
    )
    offset = alt.YOffset("method:N", sort=order)
    room = alt.Scale(domain=[0, 1.2 * max(float(frame["missed"].max()), 0.001)], nice=False)
    x = alt.X("missed:Q", axis=None, scale=room)
    colour = alt.Color(
        "method:N",
        scale=alt.Scale(domain=order, range=[colours.total, colours.quiet]),
        legend=alt.Legend(orient="top", title=None, labelLimit=400),
    )
    base = alt.Chart(frame)
    tooltip = [alt.Tooltip(f"{field}:N", title=" ") for field in ("stream", "method", "label")]
    bars = base.mark_bar(cornerRadius=1).encode(y=y, yOffset=offset, x=x, color=colour, tooltip=tooltip)
    words = base.mark_text(align="left", dx=5, fontSize=type_size(), color=colours.ink)
    labels = words.encode(y=y, yOffset=offset, x=x, text=alt.Text("label:N"))
    return finish([bars, labels], 5 * type_size() * frame["stream"].nunique() + 30)
