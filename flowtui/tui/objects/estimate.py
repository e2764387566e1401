"""A load's plan in words, told before anything moves."""

from __future__ import annotations

from flowtui.insight.cost import money
from flowtui.lake.plan import LoadPlan
from flowtui.times import bytes_text
from flowtui.tui.widgets.short import short_count


def plan_words(plan: LoadPlan) -> str:
    """What is left to load, its transfer's cost and its time; what matters least stands last."""
    if not plan.objects:
        return "all loaded"
    parts = [f"{plan.objects:,} to load, {bytes_text(plan.size)}"] if plan.skipped else []
    parts.append(f"about {max(1, round(plan.seconds))} s")
    if plan.fetched:
        some = "" if plan.fetched == plan.objects else f" for {plan.fetched:,} to fetch"
        parts.append(f"at most {money(plan.usd)}{some}")
    parts.append(f"about {short_count(plan.records)} records")
    return " · ".join(parts)
