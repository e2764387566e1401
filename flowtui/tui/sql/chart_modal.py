"""A chart over the screen. Importing this module imports plotext (some 600 ms): done in a worker, when asked for."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static
from textual_plotext import PlotextPlot

from flowtui.records.labels import clean
from flowtui.tui.sql.charts import Chart
from flowtui.tui.widgets.facts import key_line
from flowtui.tui.widgets.short import short_count

_LABEL_WIDTH = 34
_TICKS = 6
_COLOUR = (90, 169, 230)
"""The accent of both themes, between them in brightness; plotext knows no theme."""


class ChartModal(ModalScreen[None]):
    """Draws one chart; any of esc, enter, q and c closes it."""

    DEFAULT_CSS = """
    ChartModal > .box { width: 94%; max-width: 140; height: 86%; }
    ChartModal PlotextPlot { height: 1fr; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q,c", "dismiss", "close")]

    def __init__(self, chart: Chart) -> None:
        super().__init__()
        self._chart = chart

    def compose(self) -> ComposeResult:
        """Title, plot, keys."""
        chart = self._chart
        rest = f"   the first {len(chart.values)}, {chart.left_out:,} more rows" if chart.left_out else ""
        with Vertical(classes="box"):
            yield Static(Content.assemble((clean(chart.title), "bold $accent"), (rest, "$muted")), classes="box-title")
            yield PlotextPlot()
            yield Static(key_line(("esc", "close")), classes="box-keys")

    def on_mount(self) -> None:
        """Draw."""
        plot = self.query_one(PlotextPlot)
        chart, plt = self._chart, plot.plt
        if chart.kind == "bars":
            labels = [_short(f"{number + 1:>2} {clean(label)}") for number, label in enumerate(chart.labels)]
            plt.bar(labels[::-1], list(chart.values)[::-1], orientation="horizontal", width=0.6, color=_COLOUR)
        elif chart.kind == "lines":
            positions = [float(number) for number in range(len(chart.values))]
            plt.plot(positions, list(chart.values), marker="braille", color=_COLOUR)
            step = max(1, len(positions) // _TICKS)
            plt.xticks(positions[::step], [clean(label) for label in chart.labels[::step]])
            plt.ylim(0, max(chart.values) or 1)
        else:
            plt.hist(list(chart.values), 30, color=_COLOUR)
        self._amount_ticks()
        plot.refresh()

    def _amount_ticks(self) -> None:
        chart, plt = self._chart, self.query_one(PlotextPlot).plt
        top = max(chart.values, default=0)
        if chart.kind == "histogram" or top <= 0:
            return
        ticks = [top * part / 4 for part in range(5)]
        labels = [short_count(round(tick)) for tick in ticks]
        (plt.xticks if chart.kind == "bars" else plt.yticks)(ticks, labels)


def _short(label: str) -> str:
    return label if len(label) <= _LABEL_WIDTH else label[: _LABEL_WIDTH - 1] + "…"
