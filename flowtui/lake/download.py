"""S3 objects as sources: fetched once into the cache, from which every later load reads.

A cached file's name tells bucket, key and entity tag, so an object that was replaced is another file. It is written
under a temporary name, checked for its size, then renamed: what is there under its name is whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable
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

_LONGEST_NAME = 200
_HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""What every further object would meet as well."""


def object_cache() -> Path:
    """Folder of downloaded objects."""
    return cache_dir() / "objects"


def s3_sources(account: Account, objects: Iterable[StoredObject], cache: Path | None = None) -> tuple[S3Source, ...]:
    """Objects to load.

    Args:
        account: fetches them.
        objects: as listed.
        cache: folder to keep them in, by default :func:`object_cache`.
    """
    return tuple(S3Source(account, one, cache or object_cache()) for one in objects)


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
        """S3's entity tag; bucket, key and size stand in where a store gives none."""
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
        *folders, name = self.key.split("/")
        tag = hashlib.blake2b(self.etag.encode(), digest_size=6).hexdigest()
        places = [_safe(part) for part in (self.bucket, *folders)]
        return self.cache.joinpath(*places, f"{tag}-{_safe(name)}")

    @property
    def here(self) -> bool:
        """Whether it is in the cache, whole."""
        return _is_whole(self.path, self.size)

    def fetch(self) -> Path:
        """The cached file, fetched now when it is not there.

        Raises:
            AwsError: S3 did not give it.
            CacheUnwritable: nothing can be kept in the cache any more.
            FlowTuiError: this object cannot be kept there.
        """
        path = self.path
        if _is_whole(path, self.size):
            return path
        content = fetch(self.account, self.object)
        try:
            _keep(path, content)
        except OSError as error:
            kind = CacheUnwritable if error.errno in _HOPELESS else FlowTuiError
            raise kind(
                f"Cannot keep {self.name} in {self.cache}: {error.strerror or error}.",
                "Free some space, or set XDG_CACHE_HOME to another folder.",
            ) from error
        return path

    def discard(self) -> None:
        """Remove the cached file, so that the next load fetches the object anew."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def _is_whole(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _keep(path: Path, content: bytes) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=".fetching-", dir=path.parent)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".fetching-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@lru_cache(maxsize=4096)
def _safe(part: str) -> str:
    """A part of a key as a file name: nothing that leads elsewhere, nothing too long."""
    name = quote(part, safe=" =,+@!()[]{}") or "%"
    if set(name) == {"."}:
        name = name.replace(".", "%2E")
    if len(name) > _LONGEST_NAME:
        name = f"{name[: _LONGEST_NAME - 33]}~{hashlib.blake2b(part.encode(), digest_size=16).hexdigest()}"
    return name
