"""The stacks made here, known by their tag; what deleting one leaves, and deleting it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flowtui.aws import stacks as cloudformation
from flowtui.aws.models import RegionRefusal, Stack
from flowtui.aws.session import Account
from flowtui.errors import AwsError, FlowTuiError
from flowtui.stacks.body import parse_body
from flowtui.stacks.plan import keeps
from flowtui.stacks.progress import PACE, Pace, Result, Steps, patient
from flowtui.stacks.templates import section
from flowtui.stacks.watch import at_rest, watch_deletion

TAG = "flowtui:template"
"""Tag of every stack made here; its value is the template's name."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """What deleting a stack removes, and what stays; ``bucket`` is one it delivers to that was there before it."""

    removed: tuple[cloudformation.StackResource, ...]
    kept: tuple[cloudformation.StackResource, ...]
    bucket: str = ""

    @property
    def records(self) -> str:
        """What becomes of the records, a sentence; empty where there is nothing to say."""
        if any(resource.type == "AWS::Logs::LogGroup" for resource in self.removed):
            return "The records in the log group go with it."
        return f"Bucket {self.bucket} is not the stack's: it stays, with the logs in it." if self.bucket else ""


def made_here(stack: Stack) -> bool:
    """Whether a stack carries our tag."""
    return TAG in stack.tags


def stacks_made(account: Account, regions: Iterable[str]) -> Iterator[Stack | RegionRefusal]:
    """Stacks with our tag in these regions, a region after the other; one that cannot be asked is told as such."""
    for region in regions:
        try:
            found = cloudformation.list_stacks(account, region)
        except AwsError as error:
            yield RegionRefusal(region, "", error)
            continue
        yield from sorted(filter(made_here, found), key=lambda stack: stack.name)


def leaving(account: Account, stack: Stack) -> Leaving:
    """What deleting a stack would remove and keep, from the template it was made from.

    An empty stack, of which a change set was never executed, has no template yet: it removes and keeps nothing.
    """
    resources = cloudformation.stack_resources(account, stack.region, stack.id)
    there = [resource for resource in resources if resource.status != "DELETE_COMPLETE"]
    if not there:
        return Leaving((), ())
    declared = section(parse_body(cloudformation.template_body(account, stack.region, stack.id)), "Resources")
    removed: list[cloudformation.StackResource] = []
    kept: list[cloudformation.StackResource] = []
    for resource in there:
        (kept if keeps(section(declared, resource.logical_id)) else removed).append(resource)
    bucket = stack.outputs.get("BucketName", "")
    made = any(resource.type == "AWS::S3::Bucket" for resource in there)
    return Leaving(tuple(removed), tuple(kept), "" if made else bucket)


def delete(account: Account, stack: Stack, *, pace: Pace = PACE) -> Steps[Result]:
    """Delete a stack and watch it go; yields as :func:`flowtui.stacks.watch.watch` does.

    Closing stops watching, not the deletion.

    Raises:
        FlowTuiError: the stack was not made here, or is in the midst of something.
        AwsError: AWS refused.
    """
    if not made_here(stack):
        raise FlowTuiError(
            f"Stack {stack.name} in {stack.region} was not made by flowtui and is left alone.",
            f"If you are sure: aws cloudformation delete-stack --stack-name {stack.name} --region {stack.region}",
        )
    if not at_rest(stack.status) and stack.status != "REVIEW_IN_PROGRESS":
        raise FlowTuiError(
            f"Stack {stack.name} in {stack.region} is busy ({stack.status}).",
            f"Watch it with flowtui stacks watch {stack.name}, then delete it.",
        )
    last_event = yield from patient(lambda: cloudformation.newest_event(account, stack.region, stack.id), pace)
    yield from patient(lambda: cloudformation.delete_stack(account, stack.region, stack.id), pace)
    return (yield from watch_deletion(account, stack, last_event, pace))
