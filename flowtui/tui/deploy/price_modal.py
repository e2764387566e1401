"""The price table, to set one's own prices; what is emptied goes back to AWS's list price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from flowtui.errors import UsageError
from flowtui.insight.cost import PRICES, Prices
from flowtui.stacks.prices import TABLE, Priced, price_text, with_price
from flowtui.tui.widgets.facts import key_line


class PricesModal(ModalScreen[Mapping[str, str] | None]):
    """Gives the table as it was typed, every price of it readable; None when it was left."""

    DEFAULT_CSS = """
    PricesModal > .box { width: 76; }
    PricesModal .price-line { height: 1; }
    PricesModal .price-label { width: 29; color: $muted; }
    PricesModal .price-line:focus-within .price-label { color: $foreground; }
    PricesModal .price-whose { width: 18; color: $muted; padding: 0 0 0 1; }
    PricesModal Input { width: 1fr; background: $background; }
    PricesModal Input:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    PricesModal #price-unit { height: 2; margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "cancel"),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
        Binding("ctrl+r", "list_prices", "list prices"),
    ]

    def __init__(self, prices: Prices) -> None:
        super().__init__()
        self._prices = prices

    def compose(self) -> ComposeResult:
        """A line a price, below what the one under the cursor is for."""
        with Vertical(classes="box"):
            title = f"Prices: AWS's of {self._prices.as_of}, {self._prices.region}, and yours"
            yield Static(Content.assemble((title, "bold $accent")), classes="box-title")
            for priced in TABLE:
                with Horizontal(classes="price-line"):
                    yield Static(Content(priced.label), classes="price-label")
                    text = price_text(self._prices, priced.name)
                    yield Input(text, select_on_focus=False, compact=True, id=f"price-{priced.name}")
                    yield Static(Content(self._whose(priced)), classes="price-whose")
            yield Static(id="price-unit", markup=False)
            keys = (("enter", "keep"), ("^r", "AWS's list prices"), ("esc", "leave as they were"))
            yield Static(key_line(*keys), classes="box-keys")

    def _whose(self, priced: Priced) -> str:
        since = self._prices.own.get(priced.name)
        return f"yours, {since}" if since else "list price"

    def texts(self) -> Mapping[str, str]:
        """What stands in the lines now, by the prices' names."""
        return {priced.name: self.query_one(f"#price-{priced.name}", Input).value.strip() for priced in TABLE}

    @on(Input.Submitted)
    def _given(self) -> None:
        texts = self.texts()
        for name, text in texts.items():
            try:
                if text:
                    with_price(PRICES, name, text, "")
            except UsageError as error:
                self.query_one(f"#price-{name}", Input).focus()
                self.query_one("#price-unit", Static).update(
                    Content.assemble((f"{error.message} {error.hint}", "$warning"))
                )
                return
        self.dismiss(texts)

    def action_list_prices(self) -> None:
        """Empty every line, which stands for AWS's list price; the list price shows in its place."""
        for priced in TABLE:
            line = self.query_one(f"#price-{priced.name}", Input)
            line.value, line.placeholder = "", price_text(PRICES, priced.name)

    def on_descendant_focus(self) -> None:
        """Say what the price is for, and what an empty line means."""
        name = (self.focused.id or "").removeprefix("price-") if self.focused else ""
        for priced in TABLE:
            if priced.name == name:
                said = f"{priced.unit}. Empty stands for the list price, {price_text(PRICES, name)}."
                self.query_one("#price-unit", Static).update(Content.assemble((said, "$muted")))
