"""What a view lists of a ring: a filter's result takes the old one's place when it is there; older items come first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.tui.widgets.listing import Listing
from flowtui.tui.widgets.ring import Ring, Sieve


def finish(listing):
    while listing.unfinished:
        listing.scan(0.001)


def test_older_items_stand_before_the_oldest_as_far_as_there_is_room():
    ring: Ring[int] = Ring(10)
    ring.extend(range(100, 106))
    assert ring.prepend(list(range(90, 100))) == 4
    assert [item for _, item in ring.numbered(ring.first, ring.end)] == list(range(96, 106))
    assert (ring.first, ring.end, ring[0], ring[-4]) == (-4, 6, 100, 96)
    assert ring.prepend([1]) == 0
    assert ring.extend([106, 107]) == 2
    assert (ring.evicted, ring.first, ring[0]) == (2, -2, 100)


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 12)), max_size=10),
    st.integers(1, 40),
    st.integers(1, 4),
)
def test_whatever_comes_before_and_after_a_sieve_finds_what_a_plain_loop_finds(steps, capacity, divisor):
    listing: Listing[int] = Listing(capacity)
    beside = listing.watch(lambda item: item % 3 == 0)
    listing.set_passes(lambda item: item % divisor == 0, None)
    low = high = 0
    for newer, size in steps:
        if newer:
            listing.append(list(range(high, high + size)))
            high += size
        else:
            listing.ring.prepend(list(range(low - size, low)))
            low -= size
        finish(listing)
        held = [item for _, item in listing.ring.numbered(listing.ring.first, listing.ring.end)]
        for sieve, number in ((listing.sieve, divisor), (beside, 3)):
            assert [listing.ring[one] for one in sieve.numbers()] == [item for item in held if item % number == 0]
            assert sieve.count() == len(sieve.numbers())


def test_the_old_result_stays_until_there_is_enough_of_the_new():
    listing: Listing[int] = Listing(10_000)
    listing.append(list(range(10_000)))
    listing.set_passes(lambda item: item < 9_000, 40)
    assert listing.sieve.passes is None
    listing.append([1])
    listing.scan(0.0)
    while listing.sieve.passes is None:
        listing.scan(0.0001)
    assert listing.sieve.count() >= 40
    assert listing.changing
    finish(listing)
    assert listing.sieve.count() == 9_000
    assert not listing.changing


def test_without_a_filter_everything_is_there_at_once():
    listing: Listing[int] = Listing(100)
    listing.append(list(range(50)))
    listing.set_passes(lambda item: item > 48, 40)
    listing.set_passes(None, 40)
    assert not listing.changing
    assert listing.sieve.count() == 50


def test_clearing_keeps_the_tests():
    listing: Listing[int] = Listing(100)
    listing.append([1, 2, 3, 4])
    even = listing.watch(lambda item: item % 2 == 0)
    listing.set_passes(lambda item: item > 2, None)
    listing.clear()
    listing.append([2, 3, 6])
    finish(listing)
    assert [listing.ring[number] for number in listing.sieve.numbers()] == [3, 6]
    assert [listing.ring[number] for number in even.numbers()] == [2, 6]
    listing.unwatch(even)
    listing.append([8])
    assert even.count() == 2


@pytest.mark.parametrize(("number", "step", "found"), [(3, 1, 4), (4, 1, 8), (8, 1, None), (4, -1, 0), (0, -1, None)])
def test_the_next_and_the_one_before(number, step, found):
    ring: Ring[int] = Ring(20)
    ring.extend(range(10))
    sieve = Sieve(ring, lambda item: item % 4 == 0)
    sieve.scan(100)
    assert sieve.next_to(number, step) == found
