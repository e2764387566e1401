"""The form of a template's own parameters: one line a parameter, choices by arrow keys, text typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static

from flowtui.tui.commands import Command, bindings, declare
from flowtui.tui.widgets.fit import shorten

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp

LABEL_CELLS = 36
CHOICE_COMMANDS = declare(
    Command("form.value_before", "left,h", "step(-1)", "value before", "The value before, of those to choose from."),
    Command("form.next_value", "right,l,space", "step(1)", "next value", "The next value of those to choose from."),
)
FORM_COMMANDS = declare(
    Command("form.next", "down", "app.focus_next", "next field", "The next field; tab does so too."),
    Command("form.previous", "up", "app.focus_previous", "field before", "The field before."),
    # The form scrolls with its fields; these are left for the plan beside or below it.
    Command("form.plan_down", "pagedown", "screen.scroll_plan(1)", "plan down", "More of a plan longer than its pane."),
    Command("form.plan_up", "pageup", "screen.scroll_plan(-1)", "plan up", "Back towards the plan's beginning."),
)


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form. With ``options`` a choice, else text; ``suggestions`` complete the text.

    ``picker`` is ``vpc`` or ``bucket`` where the account has things to pick from.
    """

    name: str
    label: str
    value: str
    help: str = ""
    group: str = ""
    options: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    placeholder: str = ""
    picker: str = ""


class _Text(Input):
    """A text whose enter is shown among the keys as that of the whole form."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.make", "change set", id="deploy.make")]


class Choice(Widget, can_focus=True):
    """One of several values, changed with the left and right keys."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*CHOICE_COMMANDS)]
    DEFAULT_CSS = """
    Choice { height: 1; width: 1fr; }
    Choice:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    """
    value: reactive[str] = reactive("")

    class Changed(Message):
        """Another value was chosen."""

    def __init__(self, options: Sequence[str], value: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.options = tuple(options)
        self.set_reactive(Choice.value, value)

    def render(self) -> Content:
        """The value; with the focus, where it stands among the others."""
        value = self.value or "(none)"
        if not self.has_focus or len(self.options) < 2:
            return Content(f" {value}")
        at = self.options.index(self.value) + 1 if self.value in self.options else 0
        ascii_only = cast("FlowTuiApp", self.app).context.settings.ascii
        left, right = ("<", ">") if ascii_only else ("◂", "▸")
        return Content.assemble((f"{left} {value} {right}", "bold"), (f"   {at} of {len(self.options)}", ""))

    def action_step(self, by: int) -> None:
        """Choose the next value round."""
        at = self.options.index(self.value) if self.value in self.options else -by
        self.value = self.options[(at + by) % len(self.options)]
        self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """A click goes on to the next value."""
        self.action_step(1)


class Form(VerticalScroll, can_focus=False):
    """Fields in their groups. Posts :class:`Changed` at every change and :class:`Given` on enter in a text."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(*FORM_COMMANDS)]
    DEFAULT_CSS = """
    Form { height: 1fr; width: 1fr; scrollbar-gutter: stable; }
    Form .form-line { height: 1; width: 1fr; padding: 0 1; }
    Form .form-label { width: 36; color: $muted; }
    Form .form-group { height: 1; padding: 0 1; color: $accent; }
    Form .form-line:focus-within .form-label { color: $foreground; }
    Form Input { width: 1fr; background: $background; }
    Form Input:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    """

    class Changed(Message):
        """A value changed."""

    class Entered(Message):
        """Another field has the focus; ``field`` is its declaration."""

        def __init__(self, field: Field) -> None:
            super().__init__()
            self.field = field

    def __init__(self, fields: Sequence[Field], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.fields = tuple(fields)

    def compose(self) -> ComposeResult:
        """One line a field, a heading a group."""
        yield from self._lines()

    def _lines(self) -> Iterator[Widget]:
        group = ""
        for field in self.fields:
            if field.group and field.group != group:
                group = field.group
                yield Static(Content(group), classes="form-group")
            label = Static(Content(shorten(field.label, LABEL_CELLS - 2)), classes="form-label")
            yield Horizontal(label, _editor(field), classes="form-line")

    def values(self) -> Mapping[str, str]:
        """All values by field name."""
        return {field.name: self._value(field) for field in self.fields}

    def _value(self, field: Field) -> str:
        widget = self.query_one(f"#field-{field.name}")
        return widget.value.strip() if isinstance(widget, Input) else cast("Choice", widget).value

    def set_value(self, name: str, value: str) -> None:
        """Fill a field in, saying nothing about it."""
        widget = self.query_one(f"#field-{name}")
        with self.prevent(Input.Changed):
            if isinstance(widget, Input) or (isinstance(widget, Choice) and value in widget.options):
                widget.value = value

    def offer(self, name: str, value: str) -> None:
        """Make a value one of those to choose from."""
        widget = self.query_one(f"#field-{name}", Choice)
        if value not in widget.options:
            widget.options = (*widget.options, value)

    def enter(self, name: str) -> None:
        """Put the focus on a field."""
        self.query_one(f"#field-{name}").focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Tell which field the help is about."""
        name = (event.widget.id or "").removeprefix("field-")
        for field in self.fields:
            if field.name == name:
                self.post_message(self.Entered(field))

    @on(Input.Changed)
    @on(Choice.Changed)
    def _changed(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Changed())


def _editor(field: Field) -> Widget:
    id = f"field-{field.name}"
    if field.options:
        return Choice(field.options, field.value, id=id)
    suggester = SuggestFromList(field.suggestions) if field.suggestions else None
    return _Text(
        field.value,
        placeholder=field.placeholder,
        suggester=suggester,
        select_on_focus=False,
        compact=True,
        id=id,
    )
