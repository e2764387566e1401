"""A small S3 over HTTP that holds a folder's files in memory: ``python -m tests.bench.server FOLDER``.

It knows what a load and ``aws s3 cp`` ask of one bucket: HeadBucket, ListObjectsV2, GetObject, HeadObject. Signatures
are not looked at. It answers some thousand requests a second, for stand-ins that imitate more are slower than what is
measured. ``/_asked`` tells the requests so far. It prints its port, and ends when its standard input does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from bisect import bisect_left
from hashlib import md5
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET = "bench"
_PAGE = 1000
_DATE = "Mon, 15 Jan 2024 00:00:00 GMT"


class Objects:
    """The bucket: files by their path below a folder, and the listings and keys asked for."""

    def __init__(self, folder: Path) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix == ".gz")
        self.content = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
        self.etags = {key: f'"{md5(content).hexdigest()}"' for key, content in self.content.items()}
        self.keys = sorted(self.content)
        self.listings: list[str] = []
        self.gets = 0

    def answer(self, method: str, target: str) -> tuple[int, list[str], bytes]:
        """Status, headers and body."""
        place = urlsplit(target)
        key = unquote(place.path).removeprefix(f"/{BUCKET}").removeprefix("/")
        if place.path == "/_asked":
            return 200, [], json.dumps({"listings": self.listings, "gets": self.gets}).encode()
        if not key:
            listed = method == "GET"
            return 200, ["x-amz-bucket-region: us-east-1"], self._list(parse_qs(place.query)) if listed else b""
        if key not in self.content:
            return 404, [], b"<Error><Code>NoSuchKey</Code></Error>"
        self.gets += method == "GET"
        headers = [f"ETag: {self.etags[key]}", f"Last-Modified: {_DATE}", "Content-Type: binary/octet-stream"]
        return 200, headers, self.content[key]

    def _list(self, query: dict[str, list[str]]) -> bytes:
        prefix, delimiter = query.get("prefix", [""])[0], query.get("delimiter", [""])[0]
        after = query.get("continuation-token", query.get("start-after", [""]))[0]
        self.listings.append(prefix)
        at = max(bisect_left(self.keys, prefix), bisect_left(self.keys, after + "\0") if after else 0)
        contents, folders = [], dict[str, None]()
        while at < len(self.keys) and self.keys[at].startswith(prefix) and len(contents) + len(folders) < _PAGE:
            key = self.keys[at]
            end = key.find(delimiter, len(prefix)) if delimiter else -1
            if end < 0:
                contents.append(self._entry(key))
                at += 1
            else:
                folders[key[: end + 1]] = None
                at = bisect_left(self.keys, key[: end + 1] + "\U0010ffff")
        more = at < len(self.keys) and self.keys[at].startswith(prefix)
        token = f"<NextContinuationToken>{escape(self.keys[at - 1])}</NextContinuationToken>" if more else ""
        below = "".join(f"<CommonPrefixes><Prefix>{escape(name)}</Prefix></CommonPrefixes>" for name in folders)
        return (
            f"<ListBucketResult><Name>{BUCKET}</Name><Prefix>{escape(prefix)}</Prefix><MaxKeys>{_PAGE}</MaxKeys>"
            f"<KeyCount>{len(contents) + len(folders)}</KeyCount><IsTruncated>{str(more).lower()}</IsTruncated>{token}"
            f"{''.join(contents)}{below}</ListBucketResult>"
        ).encode()

    def _entry(self, key: str) -> str:
        return (
            f"<Contents><Key>{escape(key)}</Key><LastModified>2024-01-15T00:00:00.000Z</LastModified>"
            f"<ETag>{escape(self.etags[key])}</ETag><Size>{len(self.content[key])}</Size></Contents>"
        )


class Connection(asyncio.Protocol):
    """One client, kept alive."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._seen = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._seen += data
        while (end := self._seen.find(b"\r\n\r\n")) >= 0:
            method, target, _ = self._seen[:end].split(b"\r\n", 1)[0].decode().split(" ")
            self._seen = self._seen[end + 4 :]
            status, headers, body = self._objects.answer(method, target)
            head = "\r\n".join([f"HTTP/1.1 {status} -", *headers, f"Content-Length: {len(body)}", "", ""])
            self._transport.writelines([head.encode(), b"" if method == "HEAD" else body])


async def serve(folder: Path) -> None:
    """Serve until standard input ends."""
    loop = asyncio.get_running_loop()
    objects = Objects(folder)
    server = await loop.create_server(lambda: Connection(objects), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
