"""The object store of a demo bucket: obstore's memory store, filled as it is looked at.

Bytes come out of obstore as they do everywhere else. Only what a memory store cannot know is told here: which objects
are due by now, their ETag, and when they were delivered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from obstore.exceptions import GenericError, PermissionDeniedError, PreconditionError
from obstore.store import MemoryStore

from flowtui.demo.state import TAKEN_BUCKET, State, moment

if TYPE_CHECKING:
    from obstore import GetOptions, GetResult, ObjectMeta

    from flowtui.demo.delivery import Delivery


def deliveries_in(state: State, bucket: str, prefix: str = "") -> list[Delivery]:
    """A bucket's objects whose keys begin with a prefix, by key."""
    with state.lock:
        state.advance()
        due = [item for item in state.objects(bucket) if item.key.startswith(prefix)]
    return sorted(due, key=lambda item: item.key)


class DemoStore(MemoryStore):
    """A memory store whose objects appear when they are due.

    Args:
        state: the demo account's state.
        bucket: name of the bucket, which may not exist.
    """

    def __new__(cls, state: State, bucket: str) -> DemoStore:
        """The native part takes no arguments."""
        return super().__new__(cls)

    def __init__(self, state: State, bucket: str) -> None:
        self._state = state
        self._bucket = bucket
        self._known: dict[str, Delivery] = {}

    def list(  # type: ignore[override]  # a plain iterator stands in for obstore's native stream
        self,
        prefix: str | None = None,
        *,
        offset: str | None = None,
        chunk_size: int = 50,
        return_arrow: bool = False,
    ) -> Iterator[Sequence[ObjectMeta]]:
        """Objects in the folder ``prefix`` behind the key ``offset``, in chunks; Arrow is not offered."""
        self._check()
        folder = f"{prefix.rstrip('/')}/" if prefix else ""
        due = [item for item in deliveries_in(self._state, self._bucket, folder) if not offset or item.key > offset]
        self._known.update((item.key, item) for item in due)
        for first in range(0, len(due), chunk_size):
            yield [_meta(item) for item in due[first : first + chunk_size]]

    def head(self, path: str) -> ObjectMeta:
        """What a listing says of one object."""
        item = self._find(path)
        return super().head(path) if item is None else _meta(item)

    def get(self, path: str, *, options: GetOptions | None = None) -> GetResult:
        """An object, from the memory store; ``if_match`` is checked against the ETag told here."""
        item = self._find(path)
        rest: Any = dict(options or {})
        wanted = rest.pop("if_match", None)
        if item is not None:
            if wanted not in (None, "*", item.etag):
                raise PreconditionError(f"Object at location {path} failed precondition: {wanted} is not {item.etag}")
            self.put(path, item.body)
        return super().get(path, options=rest or None)

    async def get_async(self, path: str, *, options: GetOptions | None = None) -> GetResult:
        """As :meth:`get`; nothing here has to be waited for."""
        return self.get(path, options=options)

    def _find(self, path: str) -> Delivery | None:
        self._check()
        if path not in self._known:
            self._known.update((item.key, item) for item in deliveries_in(self._state, self._bucket, path))
        return self._known.get(path)

    def _check(self) -> None:
        with self._state.lock:
            self._state.advance()
            there = self._bucket in self._state.buckets
        if self._bucket == TAKEN_BUCKET:
            raise PermissionDeniedError(f"Access Denied: the bucket {self._bucket} belongs to another account")
        if not there:
            said = "The specified bucket does not exist"
            raise GenericError(f"<Error><Code>NoSuchBucket</Code><Message>{said}</Message></Error>")


def _meta(item: Delivery) -> ObjectMeta:
    return {
        "path": item.key,
        "last_modified": moment(item.delivered),
        "size": len(item.body),
        "e_tag": item.etag,
        "version": None,
    }
