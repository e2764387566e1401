"""Step 1: the form and what it would lead to, worked out locally at every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from flowtui.aws.models import Vpc
from flowtui.errors import UsageError
from flowtui.stacks.plan import Plan, plan
from flowtui.stacks.templates import Template
from flowtui.tui.deploy.asking import STACK, TEMPLATE, answers, fields_for, stack_name, volume_gb
from flowtui.tui.deploy.form import Field, Form
from flowtui.tui.widgets.title import PaneTitle

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp

CLOSING = "Nothing is changed by a plan. enter makes the change set: an empty stack until it is run or removed."


class PlanPane(Vertical):
    """Form on one side, its consequences on the other; below, what the field under the cursor means."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._templates: dict[str, Template] = {}
        self._template: Template | None = None
        self._vpc: Vpc | None = None
        self._regions: tuple[str, ...] = ()
        self._vpc_ids: tuple[str, ...] = ()
        self.planned: Plan | None = None
        self.problem: UsageError | None = None

    def compose(self) -> ComposeResult:
        """Form and plan side by side, or one over the other where it is narrow."""
        with Horizontal(id="plan-sides"):
            with Vertical(id="plan-form"):
                yield PaneTitle("Parameters")
                yield Vertical(id="plan-form-slot")
            with Vertical(id="plan-result"):
                yield PaneTitle("Plan")
                with VerticalScroll(id="plan-scroll", can_focus=False):
                    yield Static(id="plan-lines", markup=False)
        yield PaneTitle()
        yield Static(id="plan-help", markup=False)

    async def ask(
        self, templates: Sequence[Template], vpc: Vpc | None, regions: Sequence[str], vpc_ids: Sequence[str]
    ) -> None:
        """Show the form for a VPC, with the template used last."""
        self._templates = {template.name: template for template in templates}
        self._vpc, self._regions, self._vpc_ids = vpc, tuple(regions), tuple(vpc_ids)
        name = self._template.name if self._template else templates[0].name
        await self._show_form(name, {})

    async def _show_form(self, name: str, kept: Mapping[str, str]) -> None:
        self._template = self._templates[name]
        fields = fields_for(self._template, tuple(self._templates), self._vpc, self._regions, self._vpc_ids)
        slot = self.query_one("#plan-form-slot", Vertical)
        await slot.remove_children()
        form = Form([_with_kept(field, kept) for field in fields], id="deploy-form")
        await slot.mount(form)
        form.enter(TEMPLATE)
        self._work_out()

    @property
    def form(self) -> Form | None:
        """The form, once templates are read."""
        return next(iter(self.query(Form)), None)

    @on(Form.Changed)
    async def _changed(self, event: Form.Changed) -> None:
        event.stop()
        form = self.form
        if form is None or self._template is None:
            return
        values = form.values()
        if values[TEMPLATE] != self._template.name:
            kept = {name: value for name, value in values.items() if name not in (TEMPLATE, STACK)}
            if values[STACK] != stack_name(self._template.name, self._vpc):
                kept[STACK] = values[STACK]
            await self._show_form(values[TEMPLATE], kept)
        else:
            self._work_out()

    @on(Form.Entered)
    def _entered(self, event: Form.Entered) -> None:
        event.stop()
        self.query_one("#plan-help", Static).update(Content(event.field.help))

    def _work_out(self) -> None:
        form = self.form
        if form is None or self._template is None:
            return
        values = form.values()
        self.planned, self.problem, cost = None, None, ""
        try:
            self.planned = plan(self._template, answers(values))
            cost = self.planned.cost(volume_gb(values))
        except UsageError as error:
            self.problem = error
        shown = self._problem_text() if self.problem else self._plan_text(cost)
        self.query_one("#plan-lines", Static).update(shown)

    def _problem_text(self) -> Content:
        assert self.problem is not None
        glyph = cast("FlowTuiApp", self.app).glyphs.warning
        return Content.assemble((f"{glyph} {self.problem.message}", "$warning"), f"\n{self.problem.hint}")

    def _plan_text(self, cost: str) -> Content:
        planned = self.planned
        if planned is None:
            return Content("")
        lines: list[tuple[str, str]] = []
        for n, resource in enumerate(planned.resources):
            kept = "  kept when the stack is deleted" if resource.kept else ""
            lines += [(f"{'Makes' if n == 0 else '':<7}", "$accent"), (resource.type, ""), (f"{kept}\n", "$muted")]
        for capability in planned.capabilities:
            lines += [("Needs  ", "$accent"), (f"{capability}: it makes an IAM role\n", "")]
        lines += [("Keeps  ", "$accent"), (f"{planned.keeping}\n", "")]
        lines += [("Costs  ", "$accent"), (f"{cost}\n", "")]
        lines += [("\n" + CLOSING, "$muted")]
        return Content.assemble(*lines)


def _with_kept(field: Field, kept: Mapping[str, str]) -> Field:
    value = kept.get(field.name)
    if value is None or (field.options and value not in field.options):
        return field
    return Field(
        field.name,
        field.label,
        value,
        field.help,
        field.group,
        field.options,
        field.suggestions,
        field.placeholder,
    )
