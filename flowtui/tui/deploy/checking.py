"""What a plan asks AWS while it is looked at: permissions, the existing bucket, the volume. Nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from threading import Event

from textual.content import Content

from flowtui.aws.session import Account
from flowtui.aws.simulate import Permit
from flowtui.aws.stacks import find_stack
from flowtui.aws.volume import Volume, observed_volume
from flowtui.errors import AwsError, FlowTuiError
from flowtui.stacks.bucket import BucketCheck, bucket_name_taken, check_bucket
from flowtui.stacks.deploy import previous_answers
from flowtui.stacks.permits import check_permits, shown
from flowtui.stacks.plan import Plan
from flowtui.tui.theme import Glyphs

# How long the form has to rest before AWS is asked, seconds.
REST_S = 0.4


@dataclass(frozen=True, slots=True)
class Question:
    """A plan in its place: what the checks depend on. ``new`` is False where a stack that is there is changed."""

    account: Account
    region: str
    stack_name: str
    planned: Plan
    new: bool = True

    @property
    def key(self) -> tuple[object, ...]:
        """Two questions with the same key have the same answers."""
        options = str(self.planned.flow_log.get("DestinationOptions"))
        types = tuple(resource.type for resource in self.planned.resources)
        names = (self.planned.bucket, self.planned.parameters.get("Prefix", ""))
        vpc = self.planned.parameters.get("VpcId", "")
        return (id(self.account), self.region, self.stack_name, types, names, vpc, options)


@dataclass(frozen=True, slots=True)
class Taken:
    """There is a stack of that name already, and this is what to say about it."""

    region: str
    stack_name: str
    error: FlowTuiError


@dataclass(frozen=True, slots=True)
class Checks:
    """What is known so far; None is not known yet, or does not apply. ``denied`` is why nothing could be asked.

    ``taken`` and ``bucket_taken`` tell that the stack's and the new bucket's name are in use.
    """

    permits: tuple[Permit, ...] | None = None
    bucket: BucketCheck | None = None
    volume: Volume | None = None
    taken: Taken | None = None
    bucket_taken: str = ""
    denied: str = ""


def checking(question: Question, stop: Event) -> Iterator[Checks]:
    """The checks of a plan, as they become known."""
    if stop.wait(REST_S):
        return
    checks = Checks(taken=_taken(question))
    yield checks
    account, region, planned = question.account, question.region, question.planned
    try:
        found = check_bucket(account, region, planned)
        taken = planned.bucket if question.new and bucket_name_taken(account, planned) else ""
        checks = replace(checks, bucket=found, bucket_taken=taken)
        yield checks
        checks = replace(checks, permits=check_permits(account, region, planned, question.stack_name))
        yield checks
        yield replace(checks, volume=observed_volume(account, region, planned.parameters.get("VpcId", "")))
    except AwsError as error:
        yield replace(checks, denied=f"needs {error.action}" if error.action else error.message)


def _taken(question: Question) -> Taken | None:
    if not question.new:
        return None
    region, name = question.region, question.stack_name
    try:
        stack = find_stack(question.account, region, name)
        previous_answers(question.planned.template, stack, name, region, update=False, app=True)
    except AwsError:
        # Making the change set asks again, and then it matters.
        return None
    except FlowTuiError as error:
        return Taken(region, name, error)
    return None


def permits_text(checks: Checks, planned: Plan, glyphs: Glyphs) -> Content:
    """Capability and permissions, those refused first."""
    parts: list[tuple[str, str]] = []
    if planned.capabilities:
        parts.append((f"{', '.join(planned.capabilities)}: it makes an IAM role\n", ""))
    found = shown(checks.permits or ())
    for verdict, text, reason in found:
        if verdict != "yes":
            sign, style = (glyphs.reject, "$error") if verdict == "no" else ("?", "$warning")
            parts += [(f"{sign} ", style), (text, "bold"), (f" {reason}\n", style)]
    if good := [text for verdict, text, _ in found if verdict == "yes"]:
        parts += [(f"{glyphs.accept} ", "$success"), (", ".join(good), "")]
    if checks.permits is None:
        parts.append((f"? cannot check: {checks.denied}" if checks.denied else "permissions not checked yet", "$muted"))
    return Content.assemble(*parts).rstrip("\n")


def bucket_text(check: BucketCheck, glyphs: Glyphs) -> Content:
    """What delivery to the existing bucket lacks, and what can be done."""
    parts: list[tuple[str, str]] = []
    if check.advice is not None and check.advice.missing:
        actions = " and ".join(str(statement["Action"]) for statement in check.advice.missing)
        parts += [(f"{glyphs.reject} ", "$error"), (f"its policy does not let log delivery call {actions}. ", "")]
        if check.can_add:
            parts.append(("ctrl+b shows what to add.", "bold"))
        else:
            parts.append((f"Nothing is added: {check.advice.refusal}.", "$warning"))
    for finding in check.problems:
        if finding.check in ("write policy", "ACL policy") and parts:
            continue
        sign, style = (glyphs.reject, "$error") if finding.status == "bad" else (glyphs.warning, "$warning")
        parts += [("\n" if parts else "", ""), (f"{sign} ", style), (f"{finding.check}: {finding.found}", "")]
    if not parts:
        parts += [(f"{glyphs.accept} ", "$success"), (f"{check.name} takes this flow log's records", "")]
    return Content.assemble(*parts)
