import gc
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from flowtui.aws.session import FALLBACK_REGION, Account
from flowtui.errors import AwsError
from tests.aws.scripted import ACCOUNT_ID, Refused, Script

VPCS = {"DescribeVpcs": lambda p: {"Vpcs": []}}


def test_unknown_profile_is_named():
    with pytest.raises(AwsError) as caught:
        Account("nobody").session()
    assert caught.value.message == "There is no AWS profile named nobody."
    assert "list-profiles" in caught.value.hint


def test_no_credentials_says_what_to_do():
    with pytest.raises(AwsError) as caught:
        Account(None, ("us-east-1",)).call("ec2", "describe_vpcs")
    assert caught.value.code == "NoCredentialsError"
    assert "ec2:DescribeVpcs in us-east-1" in caught.value.message
    assert "--demo" in caught.value.hint


def test_no_credentials_for_a_store():
    with pytest.raises(AwsError) as caught:
        Account(None, ("us-east-1",)).store("bucket")
    assert "s3://bucket" in caught.value.message


@pytest.mark.parametrize("region", ["not a region", "us_east_1!"])
def test_malformed_region(region: str):
    with pytest.raises(AwsError) as caught:
        Script(VPCS).account((region,)).call("ec2", "describe_vpcs")
    assert "--region" in caught.value.hint


def test_regions_asked_for_come_first(tmp_path: Path):
    (tmp_path / "aws-config").write_text("[profile west]\nregion = eu-west-1\n", encoding="utf-8")
    assert Account("west", ("us-west-2", "us-east-2")).regions() == ("us-west-2", "us-east-2")
    assert Account("west").regions() == ("eu-west-1",)
    assert Account(None).home_region == FALLBACK_REGION


def test_all_regions_are_the_enabled_ones():
    script = Script(
        {"DescribeRegions": lambda p: {"Regions": [{"RegionName": "us-east-1"}, {"RegionName": "eu-west-1"}]}}
    )
    account = script.account(("all",))
    assert account.regions() == account.regions() == ("eu-west-1", "us-east-1")
    assert script.operations() == ["DescribeRegions"]


def test_identity_is_asked_once():
    script = Script()
    account = script.account()
    assert account.identity().account_id == ACCOUNT_ID
    assert account.identity() is account.identity()
    assert script.operations() == ["GetCallerIdentity"]


def test_one_client_a_service_and_region_whatever_the_threads():
    account = Script().account()
    clients: list[object] = []

    def make() -> None:
        clients.append(account.client("ec2", "us-east-1"))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(clients) == 8
    assert len(set(map(id, clients))) == 1
    assert account.client("ec2", "eu-west-1") is not clients[0]


@pytest.mark.parametrize("ask", [Account.identity, Account.regions])
def test_an_answer_that_does_not_come_holds_no_other_call_up(ask: Callable[[Account], object]):
    """Where STS is blocked its call takes a minute to fail, and every other call waited for it."""
    asked, answered, made = threading.Event(), threading.Event(), threading.Event()

    def regions(_: object) -> dict[str, object]:
        return {"Regions": [{"RegionName": "us-east-1"}]}

    account = Script({"DescribeRegions": regions}).account(("us-east-1", "all"))
    call = account.call

    def slow(*arguments: Any, **parameters: Any) -> Any:
        asked.set()
        assert answered.wait(60)
        return call(*arguments, **parameters)

    def other() -> None:
        account.client("ec2", "eu-west-1")
        made.set()

    account.call = slow  # type: ignore[method-assign]  # it stands for a network that does not answer
    first = threading.Thread(target=ask, args=(account,))
    second = threading.Thread(target=other)
    first.start()
    try:
        assert asked.wait(60)
        second.start()
        assert made.wait(60)
    finally:
        answered.set()
        first.join()
    second.join()


def test_calls_go_to_the_region_named():
    script = Script(VPCS)
    account = script.account(("us-east-1",))
    account.call("ec2", "describe_vpcs", "eu-west-1")
    account.call("ec2", "describe_vpcs")
    assert [region for _, region, _ in script.calls] == ["eu-west-1", "us-east-1"]


def test_pages_are_fetched_as_they_are_consumed():
    def vpcs(params):
        number = int(params.get("NextToken", "0"))
        return {"Vpcs": [{"VpcId": f"vpc-{number}"}]} | ({"NextToken": str(number + 1)} if number < 2 else {})

    script = Script({"DescribeVpcs": vpcs})
    pages = script.account().pages("ec2", "describe_vpcs")
    assert next(pages)["Vpcs"][0]["VpcId"] == "vpc-0"
    assert len(script.calls) == 1
    assert [page["Vpcs"][0]["VpcId"] for page in pages] == ["vpc-1", "vpc-2"]


def test_an_error_on_a_later_page_is_mapped_too():
    def vpcs(params):
        if "NextToken" in params:
            raise Refused("UnauthorizedOperation", "You are not authorized", 403)
        return {"Vpcs": [], "NextToken": "more"}

    with pytest.raises(AwsError) as caught:
        list(Script({"DescribeVpcs": vpcs}).account().pages("ec2", "describe_vpcs"))
    assert caught.value.code == "UnauthorizedOperation"


def test_a_standins_address_gets_no_host_prefix():
    account = Account(None, ("us-east-1",), endpoint_url="http://127.0.0.1:9")
    client = account.client("logs")
    assert client.meta.config.inject_host_prefix is False
    assert client.meta.endpoint_url == "http://127.0.0.1:9"
    assert client.meta.config.retries["total_max_attempts"] == 5


def test_in_regions_keeps_the_session():
    account = Script(VPCS).account()
    session = account.session()
    assert account.in_regions(("eu-west-1",)).session() is session


def test_accounts_can_be_forgotten():
    """Caches by account must not keep it: the regions of buckets are one."""
    import weakref

    from flowtui.aws.objects import bucket_region

    account = Script({"HeadBucket": lambda p: {"BucketRegion": "us-east-1"}}).account()
    bucket_region(account, "logs")
    seen = weakref.ref(account)
    del account
    gc.collect()
    assert seen() is None


class Portal(BaseHTTPRequestHandler):
    """Answers everything with a web page, as a hotel's network does before the login."""

    def do_POST(self) -> None:
        page = b"<html><body>Please log in<br></body></html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing on stderr."""


@pytest.mark.parametrize(
    ("service", "operation", "called"),
    [("ec2", "describe_vpcs", "ec2:DescribeVpcs"), ("logs", "describe_log_groups", "logs:DescribeLogGroups")],
)
def test_an_answer_that_is_not_aws_is_told(
    service: str, operation: str, called: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with HTTPServer(("127.0.0.1", 0), Portal) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            account = Account(None, ("us-east-1",), endpoint_url=f"http://127.0.0.1:{server.server_port}")
            with pytest.raises(AwsError) as single:
                account.call(service, operation)
            with pytest.raises(AwsError) as paged:
                list(account.pages(service, operation))
        finally:
            server.shutdown()
            thread.join()
    for caught in (single, paged):
        assert caught.value.code == "NotAws"
        assert called in caught.value.message
