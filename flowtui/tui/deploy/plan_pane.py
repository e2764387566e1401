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
from flowtui.tui.deploy.asking import TEMPLATE, answers, fields_for, volume_gb
from flowtui.tui.deploy.form import Field, Form
from flowtui.tui.widgets.title import PaneTitle

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp

PARTS = ("Makes", "Needs", "Keeps", "Costs")
CLOSING = "Nothing has been changed. enter makes the change set."


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
                    yield Static(id="plan-problem", markup=False)
                    for name in PARTS:
                        with Horizontal(id=f"plan-{name.lower()}", classes="plan-part"):
                            yield Static(name, classes="plan-name", markup=False)
                            yield Static(classes="plan-said", markup=False)
                    yield Static(CLOSING, id="plan-closing", markup=False)
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
            # What was only a default of the one template is none of the other's.
            untouched = {field.name: field.value for field in form.fields}
            kept = {name: value for name, value in values.items() if value != untouched[name] and name != TEMPLATE}
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
        self._show_problem()
        said = self._said(cost)
        for name in PARTS:
            part = self.query_one(f"#plan-{name.lower()}")
            part.display = name in said
            part.query_one(".plan-said", Static).update(said.get(name, ""))
        self.query_one("#plan-closing").display = self.planned is not None and self.problem is None

    def _show_problem(self) -> None:
        shown = self.query_one("#plan-problem", Static)
        shown.display = self.problem is not None
        if self.problem is not None:
            glyph = cast("FlowTuiApp", self.app).glyphs.warning
            text = Content.assemble((f"{glyph} {self.problem.message}", "$warning"), f"\n{self.problem.hint}")
            shown.update(text)

    def _said(self, cost: str) -> Mapping[str, Content]:
        """What the plan leads to, by part."""
        planned = self.planned
        if planned is None or self.problem is not None:
            return {}
        makes: list[tuple[str, str]] = []
        for resource in planned.resources:
            makes.append(("   " if makes else "", ""))
            makes += [(resource.type, ""), (" (kept)" if resource.kept else "", "$muted")]
        said = {"Makes": Content.assemble(*makes)}
        if planned.capabilities:
            said["Needs"] = Content(f"{', '.join(planned.capabilities)}: it makes an IAM role")
        return said | {"Keeps": Content(planned.keeping), "Costs": Content(cost)}


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
