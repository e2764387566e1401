"""The VPC list on the demo account."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from flowtui.aws.models import Vpc
from flowtui.insight.coverage import State, VpcCoverage
from flowtui.tui.app import FlowTuiApp
from flowtui.tui.modals import ErrorModal
from flowtui.tui.vpcs.matching import matches
from flowtui.tui.widgets.table import Table
from tests.tui.waiting import idle, text_of, until


def names(app):
    return [row.cells["name"].text for row in app.screen.query_one(Table).rows if row.note is None]


async def test_every_vpc_of_every_region_is_listed_with_its_coverage(demo):
    async with FlowTuiApp(demo()).run_test(size=(160, 45)) as pilot:
        await idle(pilot)
        assert len(names(pilot.app)) == 12
        counts = str(pilot.app.screen.query_one("#vpcs-counts", Static).content)
        for word in ("12 VPCs", "active", "partial", "failing", "starting", "none"):
            assert word in counts
        text = "\n".join(text_of(pilot.app))
        for word in ("prod-core", "vpc-0a1b2c3d4e5f60718", "10.20.0.0/16", "CW S3", "v5", "✖ Access error"):
            assert word in text


async def test_at_80_columns_no_line_is_cut_and_state_name_and_age_remain(demo):
    async with FlowTuiApp(demo()).run_test(size=(80, 24)) as pilot:
        await idle(pilot)
        lines = text_of(pilot.app)
        header = next(line for line in lines if "Coverage" in line)
        assert {"Coverage", "Name", "Region", "Newest"} <= set(header.split())
        assert any("shared-services" in line and "us-east-1" in line for line in lines)


async def test_the_filter_narrows_by_column_and_escape_shows_all(demo):
    async with FlowTuiApp(demo()).run_test(size=(120, 30)) as pilot:
        await idle(pilot)
        await pilot.press("slash", *"region:eu", "enter")
        assert names(pilot.app) == ["analytics", "prod-eu", "staging-eu", "sandbox"]
        await pilot.press("slash", *" !sandbox", "enter")
        assert "sandbox" not in names(pilot.app)
        await pilot.press("escape")
        assert len(names(pilot.app)) == 12
        await pilot.press("slash", *"nothing-like-it")
        assert "No VPC matches" in "\n".join(text_of(pilot.app))


async def test_a_refused_region_is_a_row_and_the_others_are_there(demo):
    context = demo(deny=[("ec2", "DescribeVpcs", "ap-southeast-2")])
    async with FlowTuiApp(context).run_test(size=(120, 30)) as pilot:
        await idle(pilot)
        assert len(names(pilot.app)) == 9
        assert any("⚠ ap-southeast-2" in line and "needs ec2:DescribeVpcs" in line for line in text_of(pilot.app))
        await pilot.press("G")
        assert "ec2:DescribeVpcs" in str(pilot.app.screen.query_one("#vpcs-sentence", Static).content)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, ErrorModal)
        assert "ec2:DescribeVpcs" in pilot.app.screen.error.hint


async def test_without_credentials_the_list_says_so_with_the_next_step(offline):
    async with FlowTuiApp(offline()).run_test(size=(120, 30)) as pilot:
        await idle(pilot)
        assert any("No AWS credentials" in line for line in text_of(pilot.app))
        await pilot.press("G")
        assert "Run aws configure" in str(pilot.app.screen.query_one("#vpcs-sentence", Static).content)
        assert not isinstance(pilot.app.screen, ErrorModal)


async def test_the_newest_records_age_arrives_after_the_list(demo):
    async with FlowTuiApp(demo()).run_test(size=(160, 45)) as pilot:
        await idle(pilot)
        rows = {row.cells["name"].text: row.cells["newest"].text for row in pilot.app.screen.query_one(Table).rows}
        assert rows["prod-core"].endswith("m")
        assert rows["staging"] == "26h"
        assert rows["sandbox"] == "–"


@pytest.mark.parametrize(("key", "screen"), [("enter", "detail"), ("d", "detail"), ("x", "detail"), ("D", "deploy")])
async def test_keys_lead_on_with_the_selected_vpc(demo, key, screen):
    async with FlowTuiApp(demo()).run_test(size=(120, 40)) as pilot:
        await idle(pilot)
        pilot.app.screen.query_one(Table).select(
            next(row.key for row in pilot.app.screen.query_one(Table).rows if row.cells["name"].text == "prod-core")
        )
        await pilot.press(key)
        await until(pilot, lambda: screen == pilot.app.screen.NAME)
        assert pilot.app.selection.vpc.name == "prod-core"
        await idle(pilot)
        assert "prod-core" in "\n".join(text_of(pilot.app))


async def test_copying_gives_the_id_and_the_arn(demo):
    async with FlowTuiApp(demo()).run_test(size=(120, 30)) as pilot:
        await idle(pilot)
        await pilot.press("slash", *"prod-core", "enter", "y")
        assert pilot.app.clipboard == "vpc-0a1b2c3d4e5f60718"
        await pilot.press("Y")
        assert pilot.app.clipboard == "arn:aws:ec2:us-east-1:123456789010:vpc/vpc-0a1b2c3d4e5f60718"


async def test_sorting_by_column_and_back(demo):
    async with FlowTuiApp(demo()).run_test(size=(160, 45)) as pilot:
        await idle(pilot)
        before = names(pilot.app)
        pilot.app.screen.query_one(Table).sort_by("name")
        assert names(pilot.app) == sorted(before)
        await pilot.press("I")
        assert names(pilot.app) == sorted(before, reverse=True)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("", True),
        ("prod", True),
        ("prod eu", True),
        ("region:eu", True),
        ("region:us", False),
        ("!prod", False),
        ("!staging", True),
        ("state:none", False),
        ("state:active to:s3", True),
        ("unknownkey:x", False),
        ("[bold]", False),
    ],
)
def test_filter_language(text, passes):
    vpc = Vpc("vpc-1", "prod-eu", ("10.0.0.0/16",), "eu-west-1", "123456789010")
    assert matches(VpcCoverage(vpc, State.ACTIVE, destinations=("S3",)), text) is passes


async def test_regions_come_in_the_order_in_which_they_were_chosen(demo):
    chosen = ("eu-west-1", "ap-southeast-2", "us-east-1")
    async with FlowTuiApp(demo(region=chosen)).run_test(size=(140, 40)) as pilot:
        await idle(pilot)
        regions = [row.cells["region"].text for row in pilot.app.screen.query_one(Table).rows]
        assert tuple(dict.fromkeys(regions)) == chosen
