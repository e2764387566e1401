"""Step 1: the form and what it would lead to, worked out locally at every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from flowtui.aws.models import Stack, Vpc
from flowtui.errors import FlowTuiError, UsageError
from flowtui.insight.cost import PRICES, Prices
from flowtui.stacks.bucket import taken_text
from flowtui.stacks.deploy import check_name
from flowtui.stacks.plan import Plan, check_region, plan
from flowtui.stacks.remembered import Last
from flowtui.stacks.templates import Template
from flowtui.tui.deploy.asking import (
    DEFAULT_VOLUME_GB,
    REGION,
    STACK,
    TEMPLATE,
    VOLUME,
    answers,
    fields_for,
    volume_gb,
)
from flowtui.tui.deploy.checking import Checks, bucket_text, permits_text
from flowtui.tui.deploy.form import Choice, Field, Form
from flowtui.tui.widgets.title import PaneTitle

if TYPE_CHECKING:
    from flowtui.tui.app import FlowTuiApp

PARTS = ("Makes", "Needs", "Bucket", "Keeps", "Costs")
CLOSING = "Nothing has been changed. enter makes the change set."
READ_ONLY = "Read-only: nothing can be made from here."


class PlanPane(Vertical):
    """Form on one side, its consequences on the other; below, what the field under the cursor means."""

    class Worked(Message):
        """The plan was worked out anew: ``planned`` or ``problem`` has changed."""

    class Entered(Message):
        """Another field has the focus."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._templates: dict[str, Template] = {}
        self._template: Template | None = None
        self._vpc: Vpc | None = None
        self._regions: tuple[str, ...] = ()
        self._vpc_ids: tuple[str, ...] = ()
        self._stack: Stack | None = None
        self._last = Last("", {})
        self.field: Field | None = None
        self.checks = Checks()
        self.planned: Plan | None = None
        self.problem: FlowTuiError | None = None
        self.prices = PRICES
        # The volume that a measurement put in, and the VPC that was measured.
        self._put_in = ("", "")

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
                    read_only = cast("FlowTuiApp", self.app).context.settings.read_only
                    yield Static(READ_ONLY if read_only else CLOSING, id="plan-closing", markup=False)
        yield PaneTitle()
        yield Static(id="plan-help", markup=False)

    async def ask(
        self,
        templates: Sequence[Template],
        vpc: Vpc | None,
        regions: Sequence[str],
        vpc_ids: Sequence[str],
        last: Last,
        stack: Stack | None = None,
    ) -> None:
        """Show the form for a VPC as it was answered last, or for a stack that is to be changed."""
        self._templates = {template.name: template for template in templates}
        self._vpc, self._regions, self._vpc_ids = vpc, tuple(regions), tuple(vpc_ids)
        self._last, self._stack, self._put_in = last, stack, ("", "")
        name = last.template or (self._template.name if self._template else "")
        await self._show_form(name if name in self._templates else templates[0].name, {})

    async def _show_form(self, name: str, kept: Mapping[str, str]) -> None:
        self._template = self._templates[name]
        names, stack = tuple(self._templates), self._stack
        fields = fields_for(self._template, names, self._vpc, self._regions, self._vpc_ids, stack)
        if stack is None:
            kept = {**self._last.answers.get(name, {}), **kept}
        slot = self.query_one("#plan-form-slot", Vertical)
        await slot.remove_children()
        form = Form([_with_kept(field, kept) for field in fields], id="deploy-form")
        await slot.mount(form)
        if self.form is not form:
            # The app was left meanwhile, or another form took its place.
            return
        form.enter(TEMPLATE)
        self.checks = Checks()
        self._work_out()

    def given(self) -> Mapping[str, str]:
        """The answers that differ from the template's defaults, but for the VPC: worth remembering."""
        template, form = self._template, self.form
        if template is None or form is None:
            return {}
        found = {}
        for name, value in answers(form.values()).items():
            parameter = template.parameter(name)
            if parameter and parameter.type != "AWS::EC2::VPC::Id" and value != parameter.default:
                found[name] = value
        return found

    def fill(self, values: Mapping[str, str]) -> None:
        """Put values into fields of the form."""
        if self.form is not None:
            if REGION in values:
                self._regions = tuple(dict.fromkeys((*self._regions, values[REGION])))
                self.form.offer(REGION, values[REGION])
            for name, value in values.items():
                self.form.set_value(name, value)
            self._work_out()

    def show_checks(self, checks: Checks) -> None:
        """Show what AWS said about the plan; a measured volume takes the place of one nobody typed."""
        self.checks = checks
        form = self.form
        values = form.values() if form is not None else {}
        if checks.volume is not None and form is not None and values[VOLUME] in (DEFAULT_VOLUME_GB, self._put_in[0]):
            self._put_in = (f"{checks.volume.gb:.3g}", values.get("VpcId", ""))
            form.set_value(VOLUME, self._put_in[0])
        self._work_out(quiet=True)

    def reckon(self, prices: Prices) -> None:
        """Reckon with other prices."""
        self.prices = prices
        self._work_out(quiet=True)

    def scroll_plan(self, by: int) -> None:
        """Show more of a plan longer than its pane: 1 is a page down, -1 a page up."""
        scroll = self.query_one("#plan-scroll", VerticalScroll)
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 1), animate=False)

    def take_focus(self) -> None:
        """Put the focus back on the field it was on last."""
        if self.form is not None:
            known = self.field if self.field in self.form.fields else None
            self.form.enter(known.name if known else TEMPLATE)

    @property
    def form(self) -> Form | None:
        """The form, once templates are read and all its lines are there."""
        return next((form for form in self.query(Form) if form.query(Choice)), None)

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
        self.field = event.field
        more = " ctrl+o picks one of the account's." if event.field.picker else ""
        self.query_one("#plan-help", Static).update(Content(event.field.help + more))
        self.post_message(self.Entered())

    def _work_out(self, *, quiet: bool = False) -> None:
        form = self.form
        if form is None or self._template is None:
            return
        self._forget_measured(form)
        values = form.values()
        self.planned, self.problem, cost = None, None, ""
        try:
            check_name(values[STACK])
            self.planned = plan(self._template, answers(values))
            check_region(self.planned, values[REGION])
            gb = volume_gb(values)
            cost = f"{self.planned.cost(gb, self.prices)}{self._measured(values[VOLUME])}; p or F8 edits prices"
        except UsageError as error:
            self.problem = error
        taken = self.checks.taken
        if self.problem is None and taken and (taken.region, taken.stack_name) == (values[REGION], values[STACK]):
            self.problem = taken.error
        self._show_problem()
        said = self._said(cost)
        for name in PARTS:
            part = self.query_one(f"#plan-{name.lower()}")
            part.display = name in said
            part.query_one(".plan-said", Static).update(said.get(name, ""))
        self.query_one("#plan-closing").display = self.planned is not None and self.problem is None
        self.call_after_refresh(self._tell_length)
        if not quiet:
            self.post_message(self.Worked())

    def _forget_measured(self, form: Form) -> None:
        """What was measured is of the one VPC only; what was typed is kept."""
        values, (volume, vpc) = form.values(), self._put_in
        if volume and values.get("VpcId", "") != vpc:
            self._put_in = ("", "")
            if values[VOLUME] == volume:
                form.set_value(VOLUME, DEFAULT_VOLUME_GB)

    def _tell_length(self) -> None:
        more = self.query_one("#plan-scroll", VerticalScroll).max_scroll_y > 0
        self.query_one("#plan-result", Vertical).query_one(PaneTitle).note = (
            "pgdn and pgup show the rest" if more else ""
        )

    def _measured(self, typed: str) -> str:
        volume = self.checks.volume
        return f": what {volume.source}" if volume and typed == f"{volume.gb:.3g}" else ""

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
        glyphs = cast("FlowTuiApp", self.app).glyphs
        said = {"Makes": Content.assemble(*makes), "Needs": permits_text(self.checks, planned, glyphs)}
        if self.checks.bucket is not None and self.checks.bucket.name == planned.existing_bucket:
            said["Bucket"] = bucket_text(self.checks.bucket, glyphs)
        elif self.checks.bucket_taken and self.checks.bucket_taken == planned.bucket and not planned.existing_bucket:
            said["Bucket"] = Content.assemble((f"{glyphs.reject} ", "$error"), taken_text(planned.bucket))
        return said | {"Keeps": Content(planned.keeping), "Costs": Content(cost)}


def _with_kept(field: Field, kept: Mapping[str, str]) -> Field:
    value = kept.get(field.name)
    if value is None or (field.options and value not in field.options):
        return field
    return replace(field, value=value)
