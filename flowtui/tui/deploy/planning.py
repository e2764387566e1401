"""The planning half of F4: the form of a template, what it may be filled with, and what AWS says about the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from threading import Event

from textual import on
from textual.content import Content

from flowtui.aws.objects import list_buckets
from flowtui.aws.session import Account
from flowtui.errors import FlowTuiError
from flowtui.stacks.bucket import BucketCheck, add_statements
from flowtui.stacks.explain import way_out
from flowtui.stacks.made import TAG
from flowtui.stacks.prices import OwnPrices
from flowtui.stacks.remembered import Last, Remembered
from flowtui.stacks.templates import Template, templates
from flowtui.stacks.watch import at_rest
from flowtui.tui.base import FlowScreen
from flowtui.tui.deploy.asking import REGION, STACK, TEMPLATE, stack_name
from flowtui.tui.deploy.checking import Checks, Question, checking
from flowtui.tui.deploy.difference import DifferenceModal
from flowtui.tui.deploy.plan_pane import PlanPane
from flowtui.tui.deploy.price_modal import PricesModal
from flowtui.tui.deploy.stacks_pane import MadeStack
from flowtui.tui.deploy.steps import Step
from flowtui.tui.requests import VpcRequest
from flowtui.tui.widgets.pick import PickModal


class Planning(FlowScreen):
    """What a screen with a :class:`PlanPane` does until a change set is made. Subclasses show the steps."""

    def __init__(self) -> None:
        super().__init__()
        self._request: VpcRequest | None = None
        self._changing: MadeStack | None = None
        self._templates: tuple[Template, ...] = ()
        self._asked: tuple[object, ...] = ()
        self._remembered = Remembered()
        self._prices = OwnPrices()

    def _go(self, step: Step) -> None:
        """Show a step."""

    @property
    def _plan_account(self) -> Account:
        if self._changing is not None:
            return self._changing.account
        return self._request.account if self._request else self.flow.context.accounts[0]

    @property
    def _elsewhere(self) -> str:
        """The name of the plan's account, when it is none of those chosen by now."""
        name = self._plan_account.name
        return "" if any(account.name == name for account in self.flow.context.accounts) else name

    @property
    def may_change(self) -> bool:
        """Whether anything may be made, changed or deleted from here."""
        return not self.flow.context.settings.read_only

    # The form

    def _plan(self, request: VpcRequest | None, changing: MadeStack | None = None) -> None:
        """Open the form for a VPC, or for a stack that is to be changed."""
        if self.cancel_job("run"):
            self.flow.warn("The stack goes on by itself; it is listed under the stacks.")
        self._request, self._changing, self._asked = request, changing, ()
        self._go("plan")
        if self._templates:
            self._ask(self._templates)
        else:
            self.run_job("templates", lambda _: iter((templates(),)), self._ask, busy="reading templates")

    def _ask(self, found: tuple[Template, ...]) -> None:
        self._templates = found
        request, changing = self._request, self._changing
        vpc = request.vpc if request else None
        last = self._remembered.recall(vpc.id) if vpc else Last("", {})
        if changing is not None:
            found = tuple(one for one in found if one.name == changing.stack.tags.get(TAG)) or found
        regions = [name for name in self.flow.region_names if name != "all"]
        stack = changing.stack if changing else None
        pane = self.query_one(PlanPane)
        pane.prices = self._prices.read()
        self.call_later(pane.ask, found, vpc, regions, sorted(self.flow.known_vpcs), last, stack)

    def forget_plan(self) -> None:
        """Nothing is planned any more, and nothing asked for the plan is waited for."""
        for name in ("templates", "buckets", "checks"):
            self.cancel_job(name)
        self._request, self._changing, self._asked = None, None, ()

    def remember(self) -> None:
        """Keep the answers for the next time this VPC is planned for."""
        pane = self.query_one(PlanPane)
        planned = pane.planned
        if planned is not None and self._changing is None:
            self._remembered.note(planned.parameters.get("VpcId", ""), planned.template.name, pane.given())

    def action_new(self) -> None:
        """Plan a stack for the VPC selected last."""
        self._plan(self.flow.selection)

    def change(self, made: MadeStack) -> None:
        """Plan a change of a stack made here; a stuck one is told apart with its way out."""
        stack = made.stack
        if stuck := way_out(stack, app=True):
            self.flow.show_error(FlowTuiError(f"Stack {stack.name} cannot be changed.", stuck))
        elif not at_rest(stack.status):
            self.flow.warn(f"{stack.name} is busy; enter watches it.")
        else:
            self._plan(None, made)

    # Picking

    @property
    def picker(self) -> str:
        """What can be picked for the field under the cursor; empty for nothing."""
        field = self.query_one(PlanPane).field
        return field.picker if field else ""

    def action_pick(self) -> None:
        """Pick the field's value from what the account has."""
        if self.picker == "vpc":
            self._pick_vpc()
        elif self.picker == "bucket":
            account = self._plan_account
            self.run_job(
                "buckets",
                lambda _: iter((list_buckets(account),)),
                self._pick_bucket,
                busy="listing buckets",
                reads=True,
            )

    def _pick_vpc(self) -> None:
        known = filter(self._may_take, self.flow.known_vpcs.values())
        requests = sorted(known, key=lambda one: (one.vpc.region, one.vpc.name, one.vpc.id))
        lines = [
            Content.assemble(
                (f"{one.vpc.id:<22} ", ""), (f"{one.vpc.name[:22]:<23}", "bold"), f"{one.vpc.region:<15} {one.vpc.cidr}"
            )
            for one in requests
        ]

        def picked(number: int | None) -> None:
            if number is not None:
                self._take_vpc(requests[number])

        empty = "No VPC is known yet: F2 lists them."
        self.flow.push_screen(PickModal("Which VPC?", lines, empty=empty), picked)

    def _may_take(self, request: VpcRequest) -> bool:
        """Whether the plan can be for a VPC: a stack that is changed stays in its account and region."""
        made = self._changing
        if made is None:
            return True
        return (request.account.name, request.vpc.region) == (made.account.name, made.stack.region)

    def _take_vpc(self, request: VpcRequest) -> None:
        pane = self.query_one(PlanPane)
        if pane.form is None:
            return
        values = pane.form.values()
        filled = {"VpcId": request.vpc.id, REGION: request.vpc.region}
        before = self._request.vpc if self._request else None
        if self._changing is None:
            if values[STACK] == stack_name(values[TEMPLATE], before):
                filled[STACK] = stack_name(values[TEMPLATE], request.vpc)
            self._request = request
        pane.fill(filled)
        self._go("plan")

    def _pick_bucket(self, names: Sequence[str]) -> None:
        def picked(number: int | None) -> None:
            if number is not None:
                self.query_one(PlanPane).fill({"BucketName": names[number], "CreateBucket": "No"})

        lines = [Content(name) for name in names]
        self.flow.push_screen(PickModal("Deliver to which bucket?", lines, empty="The account has no bucket."), picked)

    def action_prices(self) -> None:
        """Show the prices the plan reckons with, to set one's own."""

        def chosen(texts: Mapping[str, str] | None) -> None:
            if texts is None:
                return
            try:
                prices = self._prices.change(texts, datetime.now(UTC).date())
            except FlowTuiError as error:
                self.flow.show_error(error)
            else:
                self.query_one(PlanPane).reckon(prices)

        self.flow.push_screen(PricesModal(self._prices.read()), chosen)

    # Checking

    @on(PlanPane.Worked)
    def _worked(self, event: PlanPane.Worked) -> None:
        event.stop()
        pane = self.query_one(PlanPane)
        planned, form = pane.planned, pane.form
        if planned is None or form is None or pane.problem is not None:
            return
        values = form.values()
        self._check(Question(self._plan_account, values[REGION], values[STACK], planned, self._changing is None))

    def _check(self, question: Question) -> None:
        if question.key == self._asked:
            return
        self._asked = question.key
        pane = self.query_one(PlanPane)
        pane.show_checks(Checks())
        self.run_job(
            "checks", lambda stop: checking(question, stop), self._checked, failed=self._unchecked, busy="checking"
        )

    def _checked(self, checks: Checks) -> None:
        self.query_one(PlanPane).show_checks(checks)
        self.refresh_bindings()

    def _unchecked(self, error: FlowTuiError) -> None:
        self.query_one(PlanPane).show_checks(Checks(denied=error.message))

    @on(PlanPane.Entered)
    def _entered(self, event: PlanPane.Entered) -> None:
        event.stop()
        self.refresh_bindings()

    # The existing bucket

    @property
    def addable(self) -> BucketCheck | None:
        """The check of the plan's bucket, when its policy lacks something that may be added."""
        check = self.query_one(PlanPane).checks.bucket
        return check if check and check.can_add else None

    def action_add_policy(self) -> None:
        """Show what the bucket's policy lacks, and add it when told to."""
        check = self.addable
        if check is None:
            return
        account = self._plan_account

        def add(_: Event) -> Iterator[BucketCheck]:
            add_statements(account, check)
            yield check

        def answered(yes: bool | None) -> None:
            if yes:
                self.run_job("policy", add, self._added, failed=self._not_added, busy="adding to the policy")

        self.flow.push_screen(DifferenceModal(check), answered)

    def _added(self, check: BucketCheck) -> None:
        self.notify(f"The policy of {check.name} lets log delivery write now.", markup=False)
        self._asked = ()
        self.query_one(PlanPane).post_message(PlanPane.Worked())

    def _not_added(self, error: FlowTuiError) -> None:
        self._asked = ()
        self.query_one(PlanPane).post_message(PlanPane.Worked())
        self.flow.show_error(error, "The policy is as it was")
