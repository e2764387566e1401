"""The scan of all accounts and regions: nothing waits for what is slow, nothing denied is taken for absent."""

import threading

import pytest

from flowtui.aws.inventory import RegionInventory, scan
from flowtui.aws.models import RegionRefusal
from flowtui.aws.parallel import Pool
from flowtui.errors import AwsError
from tests.aws.scripted import ACCOUNT_ID, Refused, Script, flow_log, interface


def script(**more):
    answers = {
        "DescribeVpcs": lambda _: {"Vpcs": [{"VpcId": "vpc-1", "OwnerId": ACCOUNT_ID}]},
        "DescribeSubnets": lambda _: {"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1"}]},
        "DescribeNetworkInterfaces": lambda _: {
            "NetworkInterfaces": [interface("eni-1", "vpc-1", "subnet-1", instance="i-1")]
        },
        "DescribeFlowLogs": lambda _: {"FlowLogs": [flow_log("fl-1", "vpc-1", group="g")]},
    }
    return Script(answers | more)


def refuse(code):
    def answer(parameters):
        raise Refused(code)

    return answer


def test_one_call_a_kind_and_region():
    made = script()
    found = list(scan([made.account(("us-east-1", "eu-west-1"))]))
    assert sorted(inventory.region for inventory in found) == ["eu-west-1", "us-east-1"]
    for inventory in found:
        assert isinstance(inventory, RegionInventory)
        assert inventory.account_id == ACCOUNT_ID
        assert [
            len(kind) for kind in (inventory.vpcs, inventory.subnets, inventory.interfaces, inventory.flow_logs)
        ] == [
            1,
            1,
            1,
            1,
        ]
        assert inventory.refused == {}
    operations = made.operations()
    assert operations.count("DescribeVpcs") == 2
    assert "DescribeInstances" not in operations


def test_a_denied_kind_is_refused_by_name_and_the_rest_arrives():
    made = script(DescribeFlowLogs=refuse("UnauthorizedOperation"))
    refusal, inventory = list(scan([made.account()]))
    assert isinstance(refusal, RegionRefusal)
    assert (refusal.region, refusal.account_id, refusal.error.action) == (
        "us-east-1",
        ACCOUNT_ID,
        "ec2:DescribeFlowLogs",
    )
    assert isinstance(inventory, RegionInventory)
    assert len(inventory.vpcs) == 1
    assert set(inventory.refused) == {"flow_logs"}


def test_a_region_that_is_not_enabled_is_told_once_and_the_others_arrive():
    made = script()
    made.answers = {name: _region_or(answer) for name, answer in made.answers.items()}
    found = list(scan([made.account(("us-east-1", "af-south-1"))]))
    refusals = [answer for answer in found if isinstance(answer, RegionRefusal)]
    assert [refusal.region for refusal in refusals] == ["af-south-1"]
    assert refusals[0].error.code == "OptInRequired"
    assert [answer.region for answer in found if isinstance(answer, RegionInventory)] == ["us-east-1"]


def _region_or(answer):
    def wrapped(parameters):
        if parameters["Region"] == "af-south-1":
            raise Refused("OptInRequired", "You are not subscribed to this service.")
        return answer(parameters)

    return wrapped


def test_an_account_without_credentials_is_one_refusal():
    made = script()

    locked_out = Script().account(("us-east-1", "eu-west-1"))
    locked_out.identity = _no_identity
    found = list(scan([locked_out, made.account()]))
    (refusal,) = [answer for answer in found if isinstance(answer, RegionRefusal)]
    assert refusal.region == ""
    assert refusal.error.code == "NoCredentials"
    assert len([answer for answer in found if isinstance(answer, RegionInventory)]) == 1


def _no_identity():
    raise AwsError("No AWS credentials.", code="NoCredentials")


def test_a_fast_region_does_not_wait_for_a_slow_one():
    slow = threading.Event()

    def vpcs(parameters):
        if parameters["Region"] == "sa-east-1":
            slow.wait(10)
        return {"Vpcs": []}

    made = script(DescribeVpcs=vpcs)
    answers = scan([made.account(("sa-east-1", "us-east-1"))])
    assert next(answers).region == "us-east-1"
    slow.set()
    assert next(answers).region == "sa-east-1"
    assert list(answers) == []


def test_closing_early_begins_nothing_more():
    held = threading.Event()

    def vpcs(parameters):
        if parameters["Region"] != "us-east-1":
            held.wait(10)
        return {"Vpcs": []}

    made = script(DescribeVpcs=vpcs)
    answers = scan([made.account(("us-east-1", "eu-west-1", "eu-west-2", "eu-west-3"))], threads=2)
    assert next(answers).region == "us-east-1"
    answers.close()
    held.set()
    # Two threads: each was held in one region by its DescribeVpcs, so the last region was never begun.
    assert "eu-west-3" not in {region for _, region, _ in made.calls}
    with pytest.raises(StopIteration):
        next(answers)


def test_the_pool_raises_what_a_job_raised():
    def broken():
        raise ZeroDivisionError("a bug")

    with Pool(2) as pool, pytest.raises(ZeroDivisionError, match="a bug"):
        pool.submit(broken)
        list(pool)


def test_the_pool_is_bounded_and_takes_jobs_while_it_runs():
    lock, running, most = threading.Lock(), [0], [0]
    gate = threading.Barrier(3, timeout=10)

    def job():
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        gate.wait()
        with lock:
            running[0] -= 1
        return 1

    total = 0
    with Pool(3) as pool:
        for _ in range(6):
            pool.submit(job)
        for place, answer in enumerate(pool):
            total += answer
            if place == 0:
                for _ in range(3):
                    pool.submit(job)
    assert total == 9
    assert most[0] == 3
