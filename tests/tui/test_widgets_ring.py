"""The ring, its sieve, and the view that never moves by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual.app import App
from textual.events import MouseScrollUp
from textual.strip import Strip

from flowtui.tui.theme import DARK
from flowtui.tui.widgets.ring import Ring, Sieve
from flowtui.tui.widgets.ring_view import RingView
from tests.tui.waiting import until


class Words(RingView[str]):
    def render_item(self, item, width):
        return Strip([Segment(item[:width])])

    def empty_lines(self):
        return ("nothing here",)


class RingApp(App):
    def __init__(self, capacity=1000, follow=True):
        super().__init__()
        self.view = Words(capacity=capacity, follow=follow)

    def get_theme_variable_defaults(self):
        return dict(DARK.variables)

    def compose(self):
        yield self.view


def visible(view):
    return [view.render_line(y).text.strip() for y in range(view.size.height)]


def words(count, start=0):
    return [f"word-{number}" for number in range(start, start + count)]


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(1, 30))
def test_a_ring_holds_the_newest_and_counts_the_rest(batches, capacity):
    ring, everything = Ring(capacity), []
    for size in batches:
        batch = list(range(len(everything), len(everything) + size))
        before = len(everything) - len(everything[-capacity:])
        everything += batch
        evicted = ring.extend(batch)
        assert evicted == len(everything) - len(everything[-capacity:]) - before
        assert len(ring) == len(everything[-capacity:])
        assert ring.end == len(everything)
        assert [ring[number] for number in range(ring.first, ring.end)] == everything[-capacity:]
        assert [item for _, item in ring.numbered(0, ring.end)] == everything[-capacity:]


def test_a_ring_refuses_numbers_it_does_not_hold():
    ring = Ring(2)
    ring.extend("abc")
    assert (ring[1], ring[2]) == ("b", "c")
    for number in (0, 3, -1):
        assert number not in ring
        with pytest.raises(IndexError):
            ring[number]
    with pytest.raises(ValueError, match="at least one"):
        Ring(0)


@given(
    st.lists(st.tuples(st.integers(0, 25), st.integers(0, 10)), max_size=12),
    st.integers(0, 20),
    st.integers(1, 30),
    st.integers(1, 5),
)
def test_a_sieve_finds_what_a_plain_loop_finds(steps, held, capacity, divisor):
    ring: Ring[int] = Ring(capacity)
    ring.extend(range(held))
    sieve = Sieve(ring, lambda item: item % divisor == 0)
    for size, portion in steps:
        start = ring.end
        ring.extend(range(start, start + size))
        sieve.arrived(start)
        sieve.scan(portion)
    while not sieve.complete:
        sieve.scan(7)
    expected = [number for number in range(ring.first, ring.end) if ring[number] % divisor == 0]
    assert list(sieve.numbers()) == expected
    assert sieve.count() == len(expected)
    assert [sieve.number_at(line) for line in range(len(expected))] == expected
    assert [sieve.line_of(number) for number in expected] == list(range(len(expected)))


async def test_following_shows_the_newest_and_evicts_the_oldest():
    app = RingApp(capacity=100)
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.append(words(250))
        await pilot.pause()
        assert visible(app.view)[-1] == "word-249"
        assert (len(app.view.ring), app.view.ring.evicted, app.view.shown_count) == (100, 150, 100)
        assert app.view.cursor_item == "word-249"
        assert app.view.new_count == 0


async def test_a_detached_view_never_moves_and_counts_what_is_new_exactly():
    app = RingApp(capacity=100)
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.append(words(90))
        app.view.focus()
        await pilot.press("pageup", "up")
        before = visible(app.view)
        assert app.view.follow is False
        for start in range(90, 130, 8):
            app.view.append(words(8, start))
            await pilot.pause()
            assert visible(app.view) == before
        assert app.view.ring.first > 0
        assert app.view.new_count == 40
        await pilot.press("G")
        assert visible(app.view)[-1] == "word-129"
        assert app.view.new_count == 0


async def test_a_pause_holds_back_and_letting_go_shows_everything():
    app = RingApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.append(words(30))
        app.view.set_paused(True)
        await pilot.pause()
        before = visible(app.view)
        app.view.append(words(25, 30))
        await pilot.pause()
        assert visible(app.view) == before
        assert (app.view.shown_count, app.view.new_count, len(app.view.ring)) == (30, 25, 55)
        app.view.set_paused(False)
        await pilot.pause()
        assert visible(app.view)[-1] == "word-54"


async def test_a_filter_keeps_to_new_items_and_the_top_line_stays():
    app = RingApp(capacity=5000)
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.append(words(4000))
        app.view.set_filter(lambda item: item.endswith("7"))
        await until(pilot, lambda: not app.view.filtering)
        assert app.view.shown_count == 400
        app.view.append(words(20, 4000))
        await pilot.pause()
        assert visible(app.view)[-1] == "word-4017"
        app.view.focus()
        await pilot.press("g")
        assert visible(app.view)[:2] == ["word-7", "word-17"]
        assert app.view.cursor_item == "word-7"
        app.view.set_filter(None)
        await pilot.pause()
        assert visible(app.view)[0] == "word-7"


async def test_a_filter_that_passes_nothing_says_so_and_has_no_cursor():
    app = RingApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.append(words(5))
        app.view.set_filter(lambda item: False)
        await pilot.pause()
        assert "nothing here" in visible(app.view)
        assert app.view.cursor_item is None
        await pilot.press("up", "pagedown", "G")


async def test_a_list_read_from_the_top_begins_there():
    app = RingApp(follow=False)
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.append(words(50))
        app.view.append(words(50, 50))
        await pilot.pause()
        assert visible(app.view)[0] == "word-0"
        assert app.view.cursor_item == "word-0"


async def test_a_smaller_terminal_keeps_the_newest_line_while_following():
    app = RingApp()
    async with app.run_test(size=(40, 20)) as pilot:
        app.view.append(words(100))
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert visible(app.view)[-1] == "word-99"
        assert app.view.follow is True


async def test_the_wheel_detaches():
    app = RingApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.append(words(100))
        await pilot.pause()
        await pilot._post_mouse_events([MouseScrollUp], app.view, (2, 2))
        assert app.view.follow is False


def painted(app):
    return [strip.text.strip() for strip in app.screen._compositor.render_strips()]


async def test_arrivals_repaint_the_list_and_lay_nothing_out():
    app = RingApp(capacity=100)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        laid_out = []
        app.screen.screen_layout_refresh_signal.subscribe(app.view, laid_out.append)
        for start in range(0, 240, 40):
            app.view.append(words(40, start))
            await until(pilot, lambda last=start + 39: painted(app)[-1] == f"word-{last}")
        assert app.view.max_scroll_y == 90
        assert app.view.vertical_scrollbar.window_virtual_size == 100
        assert not laid_out


async def test_a_refresh_paints_lines_that_look_different_now():
    class Loud(Words):
        loud = False

        def render_item(self, item, width):
            return Strip([Segment(item.upper() if self.loud else item)])

    app = RingApp()
    app.view = Loud()
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.append(words(3))
        await until(pilot, lambda: painted(app)[:3] == words(3))
        app.view.loud = True
        app.view.refresh()
        await pilot.pause()
        assert painted(app)[:3] == ["WORD-0", "WORD-1", "WORD-2"]
        app.view.clear()
        app.view.append(["other"])
        await until(pilot, lambda: painted(app)[0] == "OTHER")
        await pilot.resize_terminal(20, 5)
        await pilot.pause()
        assert painted(app)[0] == "OTHER"


async def test_a_view_that_stays_is_not_painted_for_what_arrives():
    app = RingApp(capacity=100)
    async with app.run_test(size=(40, 10)) as pilot:
        app.view.append(words(50))
        app.view.focus()
        await pilot.press("pageup")
        await pilot.pause()
        rendered = []
        app.view.render_line = lambda y: rendered.append(y) or Strip.blank(38)
        app.view.append(words(20, 50))
        await until(pilot, lambda: app.view.vertical_scrollbar.window_virtual_size == 70)
        await pilot.pause()
        assert app.view.new_count == 20
        assert not rendered
