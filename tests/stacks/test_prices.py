"""The user's own prices, in place of AWS's list prices."""

from datetime import date

import pytest

from flowtui.errors import FlowTuiError, UsageError
from flowtui.insight.cost import PRICES
from flowtui.stacks.plan import plan
from flowtui.stacks.prices import TABLE, OwnPrices, price_text, with_price
from flowtui.stacks.templates import load_template

TODAY = date(2026, 11, 25)
VPC = {"VpcId": "vpc-0a1b2c3d4e5f60718"}


@pytest.fixture
def own(tmp_path):
    return OwnPrices(tmp_path / "data" / "prices.json")


def test_what_is_set_is_kept_with_its_day(own):
    own.set({"s3_delivery": "0.3", "logs_storage_gb_month": "0.04"}, TODAY)
    prices = OwnPrices(own.path).read()
    assert [usd for _, usd in prices.s3_delivery] == [0.3] * 4
    assert prices.logs_storage_gb_month == 0.04 and prices.logs_delivery == PRICES.logs_delivery
    assert prices.own == {"s3_delivery": "2026-11-25", "logs_storage_gb_month": "2026-11-25"}


def test_reset_goes_back_to_the_list_prices(own):
    own.set({"s3_delivery": "0.3", "logs_storage_gb_month": "0.04"}, TODAY)
    assert set(own.reset(["s3_delivery"]).own) == {"logs_storage_gb_month"}
    assert own.reset() == PRICES


@pytest.mark.parametrize("priced", TABLE, ids=lambda priced: priced.name)
def test_every_price_reads_as_it_is_typed(priced):
    text = price_text(PRICES, priced.name)
    assert getattr(with_price(PRICES, priced.name, text, "2026-11-25"), priced.name) == getattr(PRICES, priced.name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("s3_delivery", ""),
        ("s3_delivery", "cheap"),
        ("s3_delivery", "0.1 0.2"),
        ("s3_delivery", "nan"),
        ("s3_delivery", "inf"),
        ("s3_delivery", "-1"),
        ("s3_storage_gb_month", "0.1 0.2 0.3 0.4"),
        ("as_of", "1"),
        ("athena", "1"),
    ],
)
def test_what_is_no_price_is_refused_and_nothing_is_kept(own, name, text):
    with pytest.raises(UsageError, match=name):
        own.set({"logs_delivery": "1", name: text}, TODAY)
    assert own.read() == PRICES and not own.path.exists()


def test_a_file_that_cannot_be_read_leaves_the_list_prices(own):
    own.path.parent.mkdir()
    for text in ("", "[]", '{"s3_delivery": 3}', '{"s3_delivery": {"usd": "x"}}', '{"own": {"usd": "1"}}'):
        own.path.write_text(text)
        assert own.read() == PRICES


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FlowTuiError, match="Cannot write"):
        OwnPrices(tmp_path / "file" / "prices.json").set({"s3_delivery": "1"}, TODAY)


def test_a_plan_says_whose_prices_it_reckons_with(own):
    # Thirty days of storage at the list price, delivery at the user's.
    planned = plan(load_template("cloudwatch"), {**VPC, "RetentionInDays": "30"})
    prices = own.set({"logs_delivery": "1"}, TODAY)
    said = "about $103 a month at 100 GB (your prices of 2026-11-25 and prices of 2026-06, us-east-1)"
    assert planned.cost(100, prices) == said
    both = own.set({"logs_storage_gb_month": "0.03"}, TODAY)
    assert planned.cost(100, both).endswith("(your prices of 2026-11-25)")
    # One's own price of something else is no reason to say so.
    other = own.reset(["logs_delivery", "logs_storage_gb_month"])
    assert planned.cost(100, own.set({"s3_delivery": "1"}, TODAY)) == planned.cost(100, other)
