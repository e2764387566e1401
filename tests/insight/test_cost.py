import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.insight.cost import PRICES, Prices, athena_cost, money, monthly_cost


def test_the_sketch_of_the_deploy_screen():
    cost = monthly_cost(151, "s3")
    assert cost.total == pytest.approx(37.75)
    assert money(cost.total) == "$38"
    assert cost.source == "prices of 2026-06, us-east-1"


def test_cloudwatch_costs_twice_as_much_to_deliver():
    assert monthly_cost(100, "cloud-watch-logs").delivery == pytest.approx(50)


def test_tiers():
    assert monthly_cost(10_000, "s3").delivery == pytest.approx(2500)
    assert monthly_cost(10_001, "s3").delivery == pytest.approx(2500.15)
    assert monthly_cost(60_000, "cloud-watch-logs").delivery == pytest.approx(5000 + 5000 + 2000 + 500)


def test_storage_fills_up_to_the_retention():
    cost = monthly_cost(30, "cloud-watch-logs", retention_days=14)
    assert cost.storage == pytest.approx(14 * 0.03)
    assert cost.total == pytest.approx(cost.delivery + cost.storage)
    assert monthly_cost(30, "s3", parquet=True).conversion == pytest.approx(1.05)


def test_prices_can_be_edited():
    assert monthly_cost(10, "s3", prices=Prices(as_of="2027-01", s3_delivery=((float("inf"), 1.0),))).total == 10
    assert PRICES.s3_delivery[0][1] == 0.25


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="negative"):
        monthly_cost(-1, "s3")


def test_athena_bills_at_least_ten_megabytes():
    assert athena_cost(187e6) == pytest.approx(0.000935)
    assert athena_cost(1) == athena_cost(10e6)


@pytest.mark.parametrize(
    ("usd", "text"), [(0, "$0.00"), (0.0009, "$0.0009"), (1.266, "$1.27"), (38.2, "$38"), (12345, "$12,345")]
)
def test_money(usd, text):
    assert money(usd) == text


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from(["s3", "cloud-watch-logs"]))
def test_more_never_costs_less(one, other, destination):
    low, high = sorted((one, other))
    assert monthly_cost(low, destination).total <= monthly_cost(high, destination).total + 1e-9
