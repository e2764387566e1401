"""S3 objects as sources: fetched once into the cache, from which every later load reads.

A cached file's name tells bucket, key and entity tag, so an object that was replaced is another file. It is written
under a temporary name, checked for its size, then renamed: what is there under its name is whole.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import secrets
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from flowtui.aws.models import StoredObject
from flowtui.aws.objects import fetch
from flowtui.aws.session import Account
from flowtui.config import cache_dir
from flowtui.errors import FlowTuiError
from flowtui.lake.faults import CacheUnwritable
from flowtui.lake.lines import Line

_LONGEST_NAME = 200
_FETCHING = ".fetching-"
_LEFT_S = 24 * 3600
"""Age of a half-written file that no running process can still be at."""
# Temporary names that no other process takes: machines may share a cache, and numbers of processes come again.
_RUN = secrets.token_hex(8)
_numbers = itertools.count()
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""What every further object would meet as well."""


def object_cache() -> Path:
    """Folder of downloaded objects."""
    # Without ``..``, which the database would leave out where it says which file a row is from.
    return Path(os.path.realpath(cache_dir())) / "objects"


def s3_sources(account: Account, objects: Iterable[StoredObject], cache: Path | None = None) -> tuple[S3Source, ...]:
    """Objects to load.

    Args:
        account: fetches them.
        objects: as listed.
        cache: folder to keep them in, by default :func:`object_cache`.
    """
    folder = cache or object_cache()
    return tuple(S3Source(account, one, folder) for one in objects)


@dataclass(frozen=True, slots=True)
class S3Source:
    """An object of a bucket, as it was when it was listed."""

    account: Account = field(repr=False, compare=False)
    object: StoredObject
    cache: Path

    @property
    def bucket(self) -> str:
        """S3 bucket."""
        return self.object.bucket

    @property
    def key(self) -> str:
        """Object key."""
        return self.object.key

    @property
    def etag(self) -> str:
        """S3's entity tag; size and time of the last change stand in where a store gives none."""
        return self.object.etag or f"{self.object.size}-{self.object.modified.isoformat()}"

    @property
    def size(self) -> int:
        """Bytes as stored."""
        return self.object.size

    @property
    def name(self) -> str:
        """``s3://bucket/key``."""
        return f"s3://{self.bucket}/{self.key}"

    @property
    def path(self) -> Path:
        """Where it is in the cache, or will be."""
        return Path(self._place)

    @property
    def _place(self) -> str:
        # Text, not Path: thousands of objects are fetched a second, and a tenth of the time would go into paths.
        folder, _, name = f"{self.bucket}/{self.key}".rpartition("/")
        tag = hashlib.blake2b(self.etag.encode(), digest_size=6).hexdigest()
        return f"{self.cache}/{_safe_folder(folder)}/{tag}-{_safe(name)}"

    @property
    def here(self) -> bool:
        """Whether it is in the cache, whole."""
        return _is_whole(self._place, self.size)

    @property
    def refused(self) -> Sequence[Line]:
        """None: which of its lines are records the loader finds out."""
        return ()

    def fetch(self) -> Path:
        """The cached file, fetched now when it is not there.

        Raises:
            AwsError: S3 did not give it.
            CacheUnwritable: nothing can be kept in the cache any more.
            FlowTuiError: this object cannot be kept there.
        """
        place = self._place
        if _is_whole(place, self.size):
            return Path(place)
        content = fetch(self.account, self.object)
        try:
            _keep(place, content)
        except OSError as error:
            kind = CacheUnwritable if error.errno in _HOPELESS else FlowTuiError
            raise kind(
                f"Cannot keep {self.name} in {self.cache}: {error.strerror or error}.",
                "Free some space, or set XDG_CACHE_HOME to another folder.",
            ) from error
        return Path(place)

    def discard(self) -> None:
        """Remove the cached file, so that the next load fetches the object anew."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def _is_whole(place: str, size: int) -> bool:
    try:
        return os.stat(place).st_size == size  # noqa: PTH116 - see S3Source._place
    except OSError:
        return False


def _keep(place: str, content: bytes) -> None:
    # In the folder it stays in: a rename into another one locks out every other rename of the machine's.
    folder = place.rpartition("/")[0]
    _sweep(folder)
    temporary = f"{folder}/{_FETCHING}{_RUN}-{next(_numbers)}"
    try:
        handle = os.open(temporary, _NEW, 0o600)
    except FileNotFoundError:
        Path(folder).mkdir(parents=True, exist_ok=True)
        handle = os.open(temporary, _NEW, 0o600)
    try:
        with os.fdopen(handle, "wb", buffering=0) as file:
            left = memoryview(content)
            while left:
                left = left[file.write(left) :]
        os.replace(temporary, place)  # noqa: PTH105 - see S3Source._place
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@lru_cache(maxsize=4096)
def _sweep(folder: str) -> None:
    """Remove what killed runs left in a folder long ago; once a run is enough."""
    # Another process may be at it, or faster; what cannot be removed harms nothing.
    with suppress(OSError):
        for left in Path(folder).glob(f"{_FETCHING}*"):
            if time.time() - left.stat().st_mtime > _LEFT_S:
                left.unlink()


@lru_cache(maxsize=256)
def _safe_folder(folder: str) -> str:
    return "/".join(map(_safe, folder.split("/")))


@lru_cache(maxsize=4096)
def _safe(part: str) -> str:
    """A part of a key as a file name: nothing that leads elsewhere, nothing too long."""
    name = quote(part, safe=" =,+@!()[]{}") or "%"
    if set(name) == {"."}:
        name = name.replace(".", "%2E")
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME - 33]}~{hashlib.blake2b(part.encode(), digest_size=16).hexdigest()}"
    return name
