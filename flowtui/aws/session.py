"""The one seam to AWS.

:class:`Account` is the only maker of boto3 clients and object stores. A real account, the demo account and a test
against an HTTP stand-in differ only in the :class:`Backend` the Account is made with. boto3 is imported at the first
call, not with this module, so that the first screen paints before it.

Threads: an Account may be used from any thread; clients are made under a lock and boto3 clients are themselves
thread-safe (https://boto3.amazonaws.com/v1/documentation/api/latest/guide/clients.html).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flowtui.aws.failures import not_aws, operation_name, translated
from flowtui.aws.models import Identity
from flowtui.aws.readonly import ReadOnlyStore, refuse_changes
from flowtui.times import Clock, system_clock

if TYPE_CHECKING:
    import boto3
    from obstore.store import ObjectStore

FALLBACK_REGION = "us-east-1"


def _from_aws(answer: Any, service: str, operation: str, region: str | None) -> Any:
    """The answer, unless it is a web page: JSON services' parsers take one for an answer with nothing in it."""
    facts = answer.get("ResponseMetadata", {})
    kind = str(facts.get("HTTPHeaders", {}).get("content-type", ""))
    if kind.startswith("text/html") and "RequestId" not in facts:
        raise not_aws(f"{service}:{operation_name(operation)}", region or "")
    return answer


@dataclass(frozen=True)
class Backend:
    """What makes one account different from another.

    Args:
        make_session: a boto3 session for the profile name (None: the default chain).
        make_store: an object store for ``(account, bucket, region)``.
        demo: shown in the header and by ``info``.
        clock: the account's idea of now.
    """

    make_session: Callable[[str | None], boto3.Session]
    make_store: Callable[[Account, str, str], ObjectStore]
    demo: bool = False
    clock: Clock = system_clock


def _aws_session(profile: str | None) -> boto3.Session:
    import boto3

    return boto3.Session(profile_name=profile)


def _s3_store(account: Account, bucket: str, region: str) -> ObjectStore:
    from flowtui.aws.stores import s3_store

    return s3_store(account.session(), bucket, region, account.endpoint_url)


AWS = Backend(_aws_session, _s3_store)


class Account:
    """An AWS account as one profile sees it, in the regions of interest.

    Args:
        profile: profile name; None for the default credential chain.
        regions: regions asked for; empty means the profile's own, ``("all",)`` every enabled one.
        endpoint_url: a stand-in to call instead of AWS.
        read_only: refuse every operation outside the allow-list before it leaves the machine.
        backend: where sessions and stores come from.
    """

    def __init__(
        self,
        profile: str | None = None,
        regions: tuple[str, ...] = (),
        *,
        endpoint_url: str | None = None,
        read_only: bool = False,
        backend: Backend = AWS,
    ) -> None:
        self.profile = profile
        self.endpoint_url = endpoint_url
        self.read_only = read_only
        self._backend = backend
        self._asked_regions = regions
        # No call is made under the lock that every client needs: what is asked once has locks of its own.
        self._lock = threading.RLock()
        self._regions_lock = threading.Lock()
        self._identity_lock = threading.Lock()
        self._session: boto3.Session | None = None
        self._clients: dict[tuple[str, str, float], Any] = {}
        self._stores: dict[tuple[str, str], ObjectStore] = {}
        self._regions: tuple[str, ...] | None = None
        self._identity: Identity | None = None

    def in_regions(self, regions: tuple[str, ...]) -> Account:
        """The same account in other regions, with the session, clients and stores made so far."""
        other = Account(
            self.profile, regions, endpoint_url=self.endpoint_url, read_only=self.read_only, backend=self._backend
        )
        with self._lock:
            other._lock, other._session, other._identity = self._lock, self._session, self._identity
            other._clients, other._stores = self._clients, self._stores
        return other

    @property
    def name(self) -> str:
        """What the header calls this account before its identity is known."""
        return self.profile or ("demo" if self.demo else "default")

    @property
    def demo(self) -> bool:
        """True for the simulated account."""
        return self._backend.demo

    @property
    def clock(self) -> Clock:
        """The account's idea of now."""
        return self._backend.clock

    def session(self) -> boto3.Session:
        """The boto3 session, made once.

        Raises:
            AwsError: the profile does not exist.
        """
        with self._lock:
            if self._session is None:
                with translated("profile", "session", profile=self.name):
                    session = self._backend.make_session(self.profile)
                    if self.read_only:
                        refuse_changes(session)
                self._session = session
            return self._session

    @property
    def home_region(self) -> str:
        """The first region asked for, else the profile's own, else us-east-1."""
        asked = [region for region in self._asked_regions if region != "all"]
        return asked[0] if asked else self.session().region_name or FALLBACK_REGION

    def regions(self) -> tuple[str, ...]:
        """The regions in play; may call ``ec2:DescribeRegions`` for ``all``, so not from the event loop.

        Raises:
            AwsError: a region that boto3 does not know, or the call was refused.
        """
        with self._regions_lock:
            if self._regions is None:
                if "all" in self._asked_regions:
                    answer = self.call("ec2", "describe_regions", self.home_region)
                    self._regions = tuple(sorted(region["RegionName"] for region in answer["Regions"]))
                else:
                    self._regions = self._asked_regions or (self.home_region,)
            return self._regions

    def identity(self) -> Identity:
        """Who AWS says we are; cached.

        Raises:
            AwsError: no or expired credentials.
        """
        with self._identity_lock:
            if self._identity is None:
                answer = self.call("sts", "get_caller_identity")
                self._identity = Identity(answer["Account"], answer["Arn"])
            return self._identity

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client, one a service and region. Prefer :meth:`call` and :meth:`pages`, which map errors."""
        return self._client(service, region or self.home_region)

    def _client(self, service: str, region: str, silence_s: float = 0.0) -> Any:
        key = (service, region, silence_s)
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make_client(*key)
            return self._clients[key]

    def _make_client(self, service: str, region: str, silence_s: float) -> Any:
        from botocore.config import Config

        # A stand-in has one host name: a service's own prefix (logs' streaming-) would leave it. total_max_attempts
        # counts the first try as well and, unlike max_attempts, is not overridden by the profile's own setting.
        config = Config(
            retries={"mode": "adaptive", "total_max_attempts": 1 if silence_s else 5},
            connect_timeout=min(10.0, silence_s) if silence_s else 10.0,
            read_timeout=silence_s or 60.0,
            max_pool_connections=32,
            inject_host_prefix=self.endpoint_url is None,
            user_agent_extra="flowtui",
        )
        with translated(service, "client", region, profile=self.name):
            return self.session().client(service, region_name=region, endpoint_url=self.endpoint_url, config=config)

    def call(self, service: str, operation: str, region: str | None = None, **parameters: Any) -> Any:
        """One API call, e.g. ``call("ec2", "describe_vpcs", region, VpcIds=[...])``.

        Raises:
            AwsError: mapped from whatever botocore raised, with the denied action in it.
        """
        client = self.client(service, region)
        with translated(service, operation, region or self.home_region, profile=self.name):
            return _from_aws(getattr(client, operation)(**parameters), service, operation, region)

    def open(
        self, service: str, operation: str, region: str | None = None, *, silence_s: float, **parameters: Any
    ) -> Any:
        """A call that answers with an endless stream: tried once, and given up when nothing comes for ``silence_s``.

        The stream raises what botocore and urllib3 raise; read it inside :func:`flowtui.aws.failures.translated`.

        Raises:
            AwsError: as :meth:`call`.
        """
        client = self._client(service, region or self.home_region, silence_s)
        with translated(service, operation, region or self.home_region, profile=self.name):
            return _from_aws(getattr(client, operation)(**parameters), service, operation, region)

    def pages(self, service: str, operation: str, region: str | None = None, **parameters: Any) -> Iterator[Any]:
        """All pages of a paginated call, fetched as they are consumed; errors as :meth:`call`."""
        client = self.client(service, region)
        with translated(service, operation, region or self.home_region, profile=self.name):
            for page in client.get_paginator(operation).paginate(**parameters):
                yield _from_aws(page, service, operation, region)

    def store(self, bucket: str, region: str | None = None) -> ObjectStore:
        """The object store of a bucket; bytes never go through boto3. Read-only accounts get one that only reads."""
        key = (bucket, region or self.home_region)
        with self._lock:
            if key not in self._stores:
                with translated("s3", "store", key[1], profile=self.name):
                    store = self._backend.make_store(self, *key)
                self._stores[key] = ReadOnlyStore.over(store) if self.read_only else store
            return self._stores[key]
