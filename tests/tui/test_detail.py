"""One VPC of the demo account: flow logs, findings, interfaces."""

from __future__ import annotations

from textual.widgets import Static

from flowtui.tui.app import FlowTuiApp
from flowtui.tui.widgets.brief import Brief
from flowtui.tui.widgets.facts import FactsModal
from flowtui.tui.widgets.table import Table
from tests.tui.waiting import idle, text_of, until


async def show(pilot, name):
    await idle(pilot)
    request = next(each for each in pilot.app.known_vpcs.values() if each.vpc.name == name)
    pilot.app.open_detail(request)
    await until(pilot, lambda: getattr(pilot.app.screen, "_request", None) is request, "the VPC")
    await idle(pilot)


def cells(app, table, column):
    return [row.cells[column].text for row in app.screen.query_one(table, Table).rows]


async def test_flow_logs_interfaces_by_name_and_findings_are_shown(demo):
    async with FlowTuiApp(demo()).run_test(size=(140, 40)) as pilot:
        await show(pilot, "prod-core")
        assert len(cells(pilot.app, "#detail-logs", "id")) == 2
        owners = cells(pilot.app, "#detail-enis", "owner")
        assert "alb/public" in owners
        assert "bastion" in owners
        assert any("coverage" in check for check in cells(pilot.app, "#detail-findings", "check"))


async def test_findings_that_need_a_look_come_first_and_say_what_to_do(demo):
    async with FlowTuiApp(demo()).run_test(size=(140, 40)) as pilot:
        await show(pilot, "staging")
        checks = cells(pilot.app, "#detail-findings", "check")
        assert checks[0].startswith("✖")
        assert checks[-1].startswith("✓")
        await pilot.press("x", "j", "j")
        text = str(pilot.app.screen.query_one("#detail-text", Static).content)
        assert "logs:PutLogEvents" in text
        assert "Looked at:" in text


async def test_a_vpc_logged_by_subnet_shows_its_dark_interfaces(demo):
    async with FlowTuiApp(demo()).run_test(size=(140, 40)) as pilot:
        await show(pilot, "data")
        logged = cells(pilot.app, "#detail-enis", "logged")
        assert "● by subnet" in logged
        assert logged.count("◌ dark") == 22
        assert set(cells(pilot.app, "#detail-logs", "level")) == {"subnet"}


async def test_a_vpc_without_flow_logs_says_how_to_turn_them_on(demo):
    async with FlowTuiApp(demo()).run_test(size=(100, 30)) as pilot:
        await show(pilot, "sandbox")
        assert any("D turns one on" in line for line in text_of(pilot.app))


async def test_nothing_chosen_says_what_to_do_and_f3_takes_the_lists_cursor(demo):
    async with FlowTuiApp(demo()).run_test(size=(100, 30)) as pilot:
        pilot.app.selection = None
        await pilot.press("f3")
        if pilot.app.selection is None:
            assert any("No VPC is chosen" in line for line in text_of(pilot.app))
        await pilot.press("f2")
        await idle(pilot)
        await pilot.press("slash", *"prod-eu", "enter", "f3")
        await idle(pilot)
        assert any("prod-eu" in line and "eu-west-1" in line for line in text_of(pilot.app))


async def test_a_permission_that_is_missing_leaves_the_rest(demo):
    context = demo(deny=[("iam", "GetRole", "us-east-1"), ("ec2", "DescribeNetworkInterfaces", "us-east-1")])
    async with FlowTuiApp(context).run_test(size=(140, 40)) as pilot:
        await show(pilot, "prod-core")
        assert len(cells(pilot.app, "#detail-logs", "id")) == 2
        assert any("ec2:DescribeNetworkInterfaces" in line for line in text_of(pilot.app))


async def test_the_filter_narrows_interfaces(demo):
    async with FlowTuiApp(demo()).run_test(size=(140, 40)) as pilot:
        await show(pilot, "prod-core")
        await pilot.press("slash", *"bastion", "enter")
        assert cells(pilot.app, "#detail-enis", "owner") == ["bastion"]


async def test_copy_and_ways_on_follow_the_focused_row(demo):
    async with FlowTuiApp(demo()).run_test(size=(140, 40)) as pilot:
        await show(pilot, "prod-core")
        await pilot.press("tab", "tab", "y")
        first = pilot.app.screen.query_one("#detail-enis", Table).row
        assert pilot.app.clipboard == first.key
        await pilot.press("x", "Y")
        assert pilot.app.clipboard.startswith("coverage: ")


async def test_a_filter_that_nothing_passes_does_not_say_that_nothing_is_there(demo):
    async with FlowTuiApp(demo()).run_test(size=(80, 24)) as pilot:
        await show(pilot, "prod-core")
        pilot.app.screen.set_filter("zzz")
        await pilot.pause()
        shown = "\n".join(text_of(pilot.app))
        assert shown.count("Nothing here matches zzz.") == 3
        assert "No flow log watches" not in shown
        assert "/ zzz" in shown


async def test_a_text_too_long_for_its_lines_says_so_and_enter_shows_all_of_it(demo):
    async with FlowTuiApp(demo()).run_test(size=(80, 24)) as pilot:
        await show(pilot, "legacy")
        screen = pilot.app.screen
        screen.query_one("#detail-logs").focus()
        await pilot.pause()
        brief = screen.query_one("#detail-text", Brief)
        assert "flow-direction" not in str(brief.content) and str(brief.content).endswith("… enter shows all")
        assert len(str(brief.content).splitlines()) == 3
        log = screen._log()
        await pilot.press("enter")
        said = "\n".join(str(each.content) for each in pilot.app.screen.query(Static))
        assert all(word in said for word in (log.id, log.destination, log.role_arn, log.log_format))
        await pilot.press("escape", "x", "d")
        assert isinstance(pilot.app.screen, FactsModal)


async def test_a_text_that_fits_is_not_said_to_go_on(demo):
    async with FlowTuiApp(demo()).run_test(size=(200, 50)) as pilot:
        await show(pilot, "legacy")
        pilot.app.screen.query_one("#detail-enis").focus()
        await pilot.pause()
        assert "shows all" not in str(pilot.app.screen.query_one("#detail-text", Brief).content)


async def test_panes_tell_how_many_of_their_rows_a_filter_leaves(demo):
    async with FlowTuiApp(demo()).run_test(size=(80, 24)) as pilot:
        await show(pilot, "data")
        await pilot.press("slash", *"stream", "enter")
        lines = text_of(pilot.app)
        assert any("Flow logs · 0 of 3" in line for line in lines)
        assert any("Interfaces · 10 of 38, 22 dark" in line for line in lines)
        assert lines[2].endswith("…")
