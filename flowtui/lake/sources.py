"""What can be loaded: files on this machine, and objects in S3 (:mod:`flowtui.lake.download`)."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from flowtui.errors import FlowTuiError
from flowtui.places import cannot_read, expanded, is_file, is_folder
from flowtui.records.paths import ObjectPath, in_range

if TYPE_CHECKING:
    from flowtui.lake.lines import Line

ENDINGS = (".gz", ".log", ".txt", ".parquet", ".json", ".ndjson", ".jsonl")
"""Endings of the files that a folder is searched for. A file that is named is read whatever its ending."""


class Source(Protocol):
    """One object to load.

    ``bucket`` (empty for a file), ``key`` (a file's absolute path) and ``etag`` (empty for a file, whose content's
    hash stands for it) are its identity in the ledger.
    """

    @property
    def bucket(self) -> str:
        """S3 bucket, empty for a file."""

    @property
    def key(self) -> str:
        """Object key, or absolute path."""

    @property
    def etag(self) -> str:
        """S3's entity tag, empty for a file."""

    @property
    def size(self) -> int:
        """Bytes as stored."""

    @property
    def name(self) -> str:
        """What a person calls it: ``s3://bucket/key`` or the path."""

    @property
    def here(self) -> bool:
        """Whether the content is on this machine, so that nothing need be fetched."""

    @property
    def refused(self) -> Sequence[Line]:
        """Lines that belong to it and are known to be no records, which the content is without."""

    def fetch(self) -> Path:
        """A file on this machine with the content; called from several threads at once.

        Raises:
            FlowTuiError: it cannot be had.
        """

    def discard(self) -> None:
        """Keep no copy of the content, which is not what it should be; called from several threads at once."""


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file on this machine. Symbolic links are resolved, so that one file is not loaded under two names."""

    path: Path
    size: int

    @property
    def bucket(self) -> str:
        """Empty: no bucket."""
        return ""

    @property
    def key(self) -> str:
        """The absolute path."""
        return str(self.path)

    @property
    def etag(self) -> str:
        """Empty: the content's hash is taken instead."""
        return ""

    @property
    def name(self) -> str:
        """The absolute path."""
        return str(self.path)

    @property
    def here(self) -> bool:
        """Always."""
        return True

    @property
    def refused(self) -> Sequence[Line]:
        """None: which of its lines are records the loader finds out."""
        return ()

    def fetch(self) -> Path:
        """The file itself."""
        return self.path

    def discard(self) -> None:
        """Nothing: the file is the user's."""


@dataclass(frozen=True, slots=True)
class Found:
    """Result of looking through paths.

    Args:
        sources: files to load, each once, in the order of their names.
        ignored: files in folders that are none of flow logs by their names.
        outside: files outside the time range by their name or folder.
    """

    sources: tuple[FileSource, ...]
    ignored: int
    outside: int


def local_sources(
    paths: Sequence[Path | str], since: datetime | None = None, until: datetime | None = None
) -> tuple[FileSource, ...]:
    """Files to load; see :func:`find_files`."""
    return find_files(paths, since, until).sources


def find_files(paths: Sequence[Path | str], since: datetime | None = None, until: datetime | None = None) -> Found:
    """Look through files and folders, folders with all below them.

    A range leaves out files whose name or folder tells that their records lie outside it; a file that tells nothing
    is kept.

    Raises:
        FlowTuiError: a path does not exist or cannot be read, or there is no flow log file under it.
    """
    found: dict[Path, FileSource] = {}
    ignored = outside = 0
    for given in map(Path, paths):
        logs = 0
        for path, named in _walk(expanded(given)):
            if not named and not _is_log(path):
                ignored += 1
                continue
            logs += 1
            place = ObjectPath.parse(path.as_posix())
            if place is not None and not in_range(place, since, until):
                outside += 1
                continue
            real = _resolved(path)
            found.setdefault(real, FileSource(real, _size(real)))
        if not logs:
            raise FlowTuiError(
                f"No flow log files under {given}.",
                f"Looked for names ending in {', '.join(ENDINGS)}; a file that is named is read anyway.",
            )
    return Found(tuple(found[path] for path in sorted(found)), ignored, outside)


def _walk(given: Path) -> Iterator[tuple[Path, bool]]:
    """Files at or below a path, and whether each was named itself."""
    if is_folder(given):

        def refuse(error: OSError) -> None:
            raise cannot_read(Path(error.filename or given), error) from error

        for folder, folders, names in os.walk(given, onerror=refuse):
            folders.sort()
            yield from ((Path(folder, name), False) for name in sorted(names) if not name.startswith("."))
    else:
        yield given, True


def _is_log(path: Path) -> bool:
    """Whether a file of a folder is worth reading; not a pipe, which has no end, nor a link to nothing."""
    return path.name.endswith(ENDINGS) and _is_utf8(path) and is_file(path)


def _is_utf8(path: Path) -> bool:
    """Whether the ledger can write a name down."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError:
        raise FlowTuiError(f"{path} is a link that leads back to itself.", "Name the file itself.") from None


def _size(path: Path) -> int:
    if not _is_utf8(path):
        raise FlowTuiError(f"The name of {str(path)!r} is not UTF-8.", "Rename the file.")
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise FlowTuiError(f"{path} is no regular file.", "Copy its content into a file and load that.")
        return status.st_size
    except FileNotFoundError:
        raise FlowTuiError(f"No file or folder {path}.", "Check the path.") from None
    except OSError as error:
        raise cannot_read(path, error) from error
