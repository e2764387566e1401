"""A plan and what AWS says about it, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowtui.aws.simulate import Permit
    from flowtui.insight.cost import Prices
    from flowtui.stacks.bucket import BucketCheck
    from flowtui.stacks.plan import Plan


def plan_object(planned: Plan, stack_name: str | None, gb: float | None, prices: Prices) -> dict[str, object]:
    """A plan; ``cost`` is null without a volume ``gb`` a month."""
    return {
        "template": planned.template.name,
        "stack": stack_name or "",
        "parameters": dict(planned.parameters),
        "resources": [
            {"logical_id": resource.logical_id, "type": resource.type, "kept": resource.kept}
            for resource in planned.resources
        ],
        "capabilities": list(planned.capabilities),
        "destination": planned.destination,
        "existing_bucket": planned.existing_bucket,
        "keeps": planned.keeping,
        "stored_days": planned.stored_days,
        "cost": None if gb is None else cost_object(planned, gb, prices),
    }


def cost_object(planned: Plan, gb: float, prices: Prices) -> dict[str, object]:
    """US dollars a month for ``gb`` uncompressed gigabytes a month."""
    cost = planned.monthly(gb, prices)
    return {
        "gb_a_month": gb,
        "usd_a_month": round(cost.total, 6),
        "delivery_usd": round(cost.delivery, 6),
        "conversion_usd": round(cost.conversion, 6),
        "storage_usd": round(cost.storage, 6),
        "glacier_counted_as_standard": planned.to_glacier,
        "prices": cost.source,
    }


def permits_object(permits: Sequence[Permit]) -> list[dict[str, str]]:
    """Permissions; ``verdict`` is yes, no or unknown."""
    return [{"action": one.action, "verdict": one.verdict, "reason": one.reason} for one in permits]


def bucket_object(check: BucketCheck | None) -> dict[str, object] | None:
    """The existing bucket; null when the plan needs none."""
    if check is None:
        return None
    advice = check.advice
    return {
        "name": check.name,
        "region": check.region,
        "exists": not check.missing,
        "findings": [
            {"check": one.check, "status": one.status, "found": one.found, "advice": one.advice}
            for one in check.findings
        ],
        "missing_statements": list(advice.missing) if advice else [],
        "can_add": check.can_add,
        "refusal": advice.refusal if advice else "",
    }
