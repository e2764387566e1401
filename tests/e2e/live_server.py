"""CloudWatch Logs over HTTP as far as a tail needs it, StartLiveTail with a real event stream, and faults at will.

Written from AWS's documentation: the encoding of event streams
(https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html#streaming-event-stream), an update a second
of at most 500 events. moto ends a session after one update, so it cannot stand in for this. Updates come ten times as
often here, so that tests are short.
"""

from __future__ import annotations

import json
import random
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PACE_S = 0.1
MOST = 500


def message(kind: str, payload: dict[str, Any], *, exception: bool = False) -> bytes:
    """One message of an event stream."""
    names = {":message-type": "exception" if exception else "event", ":content-type": "application/json"}
    names[":exception-type" if exception else ":event-type"] = kind
    headers = b"".join(
        struct.pack("!B", len(name)) + name.encode() + b"\x07" + struct.pack("!H", len(value)) + value.encode()
        for name, value in names.items()
    )
    body = json.dumps(payload).encode()
    prelude = struct.pack("!II", 16 + len(headers) + len(body), len(headers))
    start = prelude + struct.pack("!I", zlib.crc32(prelude)) + headers + body
    return start + struct.pack("!I", zlib.crc32(start))


class LiveServer:
    """One log group. Events are ingested with :meth:`put`; what is set on it changes what sessions do."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.events: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.refuse = ""
        self.denied: set[str] = set()
        self.epoch = 0
        self.end_with = ""
        self.mute = False
        self.repeat = False
        self.page_size = 1000
        self.date_ahead_s = 0.0
        self.url = ""
        self.admits = threading.Event()
        self.admits.set()

    def put(self, *lines: tuple[int, str, str]) -> None:
        """Ingest events: timestamp in ms, stream, message."""
        now = int(time.time() * 1000)
        with self.lock:
            for stamp, stream, text in lines:
                self.events.append(
                    {
                        "eventId": f"{len(self.events):056d}",
                        "logStreamName": stream,
                        "timestamp": stamp,
                        "ingestionTime": now,
                        "message": text,
                    }
                )

    def drop(self, end_with: str = "") -> None:
        """End every session: with an exception of this name, or by a lost connection.

        None hands out what is put afterwards. While ``admits`` is cleared no other begins.
        """
        with self.lock:
            self.end_with = end_with
            self.epoch += 1

    def filtered(self, asked: dict[str, Any]) -> dict[str, Any]:
        with self.lock:
            found = [one for one in self.events if asked["startTime"] <= one["timestamp"]]
        found.sort(key=lambda one: int(one["timestamp"]))
        at = int(asked.get("nextToken", "0"))
        answer: dict[str, Any] = {"events": found[at : at + self.page_size], "searchedLogStreams": []}
        if at + self.page_size < len(found):
            answer["nextToken"] = str(at + self.page_size)
        return answer

    def session(self) -> Iterator[bytes]:
        """The messages of one session; stops where the connection is to break."""
        self.admits.wait()
        with self.lock:
            epoch = self.epoch
            # A session that begins repeats what the last one may have sent already.
            sent = max(0, len(self.events) - 3) if self.repeat else len(self.events)
        yield message("initial-response", {})
        yield message("sessionStart", {"sessionId": "s", "requestId": "r"})
        while True:
            time.sleep(PACE_S)
            with self.lock:
                ended, mute, new = epoch != self.epoch, self.mute, self.events[sent:]
                if not mute:
                    sent = len(self.events)
            if ended:
                if self.end_with:
                    yield message(self.end_with, {"message": "said by the test"}, exception=True)
                return
            if mute:
                continue
            random.shuffle(new)
            results = [
                {"logGroupIdentifier": "123456789012:/vpc/g"}
                | {key: one[key] for key in ("logStreamName", "timestamp", "ingestionTime", "message")}
                for one in new[:MOST]
            ]
            metadata = {"sampled": len(new) > MOST}
            yield message("sessionUpdate", {"sessionMetadata": metadata, "sessionResults": results})


def _handler(server: LiveServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if "X-Amz-Target" not in self.headers:
                self._no_other_service()
                return
            asked = json.loads(body or b"{}")
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            server.calls.append(operation)
            if operation in server.denied:
                said = f"User: x is not authorized to perform: logs:{operation} on y"
                self._json({"__type": "AccessDeniedException", "message": said}, 400)
            elif operation == "FilterLogEvents":
                self._json(server.filtered(asked))
            elif operation == "DescribeLogGroups":
                arn = "arn:aws:logs:us-east-1:123456789012:log-group:/vpc/g"
                self._json({"logGroups": [{"logGroupName": "/vpc/g", "logGroupArn": arn, "arn": arn + ":*"}]})
            elif operation == "StartLiveTail" and server.refuse:
                self._json({"__type": server.refuse, "message": "said by the test"}, 400)
            elif operation == "StartLiveTail":
                self._stream()
            else:
                self._json({"__type": "UnknownOperationException", "message": operation}, 400)

        def _stream(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/vnd.amazon.eventstream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            self.close_connection = True
            try:
                for piece in server.session():
                    self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                    self.wfile.flush()
            except OSError:
                return  # the reader has gone

        def _no_other_service(self) -> None:
            error = "<Error><Code>UnauthorizedOperation</Code><Message>only logs here</Message></Error>"
            body = f"<Response><Errors>{error}</Errors><RequestID>r</RequestID></Response>".encode()
            self.send_response(403)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _json(self, answer: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            return super().date_time_string(int(time.time() + server.date_ahead_s))

        def log_message(self, *_: Any) -> None:
            return

    return Handler


@contextmanager
def serving() -> Iterator[LiveServer]:
    """A server on a free port."""
    live = LiveServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(live))
    server.daemon_threads = True
    live.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield live
    finally:
        live.drop()
        live.admits.set()
        server.shutdown()
        server.server_close()
