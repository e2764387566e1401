"""A WSGI layer in front of a stand-in for AWS that answers chosen calls with chosen faults.

A call is known by the service in its signature's scope and by its operation: the end of ``X-Amz-Target``, the
``Action`` of a form, or, for S3, method and path. Rules and the log of calls are reached under ``/_faults``.
"""

from __future__ import annotations

import io
import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs

_SCOPE = re.compile(r"Credential=([^/]*)/\d{8}/([^/]*)/([^/]*)/aws4_request")


@dataclass
class Fault:
    """What happens to a call.

    ``times`` counts the calls it happens to, -1 for all; ``after`` calls go well first. With a ``code`` the answer is
    that error; with an ``answer`` it is that JSON, where the stand-in has no such answer; ``truncate`` cuts the body
    off after so many bytes, ``flip`` changes that byte of it; ``delay_s`` makes it late.
    """

    service: str
    operation: str
    region: str = ""
    code: str = ""
    message: str = "said by the test"
    status: int = 400
    times: int = -1
    after: int = 0
    delay_s: float = 0.0
    truncate: int = -1
    flip: int = -1
    answer: str = ""


@dataclass
class Call:
    """One call as it was recognised; ``body`` is what a JSON service was sent."""

    service: str
    operation: str
    region: str
    path: str
    body: str = ""


Start = Callable[..., Any]


class FaultLayer:
    """The WSGI application; ``app`` answers what no rule takes."""

    def __init__(self, app: Callable[[dict[str, Any], Start], Iterable[bytes]]) -> None:
        self._app = app
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        self._calls: list[Call] = []

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/_faults":
            return self._control(environ, start)
        call = _recognise(environ)
        with self._lock:
            if call.service:
                self._calls.append(call)
            fault = self._take(call)
        if fault is None:
            return self._app(environ, start)
        time.sleep(fault.delay_s)
        if fault.code:
            return _error(call, fault, environ, start)
        if fault.answer:
            body = fault.answer.encode()
            start("200 OK", [("Content-Type", "application/x-amz-json-1.1"), ("Content-Length", str(len(body)))])
            return [body]
        if fault.flip >= 0:
            body = bytearray(b"".join(self._app(environ, start)))
            body[fault.flip] ^= 1
            return [bytes(body)]
        return self._cut(environ, start, fault.truncate) if fault.truncate >= 0 else self._app(environ, start)

    def _take(self, call: Call) -> Fault | None:
        for fault in self._faults:
            here = fault.region in ("", call.region)
            if (fault.service, fault.operation) != (call.service, call.operation) or not here or fault.times == 0:
                continue
            if fault.after:
                fault.after -= 1
                continue
            fault.times -= 1
            return fault
        return None

    def _control(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with self._lock:
            if environ["REQUEST_METHOD"] == "POST":
                self._faults = [Fault(**item) for item in json.loads(body)]
                self._calls = []
            answer = json.dumps([asdict(call) for call in self._calls]).encode()
        start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
        return [answer]

    def _cut(self, environ: dict[str, Any], start: Start, length: int) -> Iterable[bytes]:
        """The true answer's headers, and the beginning of its body."""
        kept: list[Any] = []
        body = b"".join(self._app(environ, lambda status, headers, *_: kept.extend((status, headers))))
        headers = [(name, value) for name, value in kept[1] if name.lower() != "content-length"]
        start(kept[0], [*headers, ("Content-Length", str(len(body))), ("Connection", "close")])
        return [body[:length]]


def _recognise(environ: dict[str, Any]) -> Call:
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    if scope is None:
        return Call("", "", "", path)
    region, service = scope[2], scope[3]
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if service == "s3":
        return Call(service, _s3_operation(method, path, environ.get("QUERY_STRING", "")), region, path)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    text = body.decode("utf-8", "replace")
    if target:
        return Call(service, target.rpartition(".")[2], region, path, text)
    return Call(service, parse_qs(text).get("Action", [""])[0], region, path)


def _s3_operation(method: str, path: str, query: str) -> str:
    bucket, _, key = path.lstrip("/").partition("/")
    if method == "GET":
        return "GetObject" if key else "ListObjectsV2" if "list-type=2" in query else f"GetBucket {query}"
    if method == "HEAD":
        return "HeadObject" if key else "HeadBucket"
    policy = "Policy" if bucket and not key and query.partition("=")[0] == "policy" else ""
    return f"{method.title()}{'Object' if key else 'Bucket'}{policy}" if bucket else "ListBuckets"


def _error(call: Call, fault: Fault, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    code, message = fault.code, fault.message
    headers = []
    if environ.get("HTTP_X_AMZ_TARGET"):
        body = json.dumps({"__type": code, "message": message})
        headers = [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code)]
    elif call.service == "ec2":
        inner = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
        body = f"<Response><Errors>{inner}</Errors><RequestID>r</RequestID></Response>"
    elif call.service == "s3":
        body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    else:
        inner = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        body = f"<ErrorResponse>{inner}<RequestId>r</RequestId></ErrorResponse>"
    answer = b"" if environ["REQUEST_METHOD"] == "HEAD" else body.encode()
    headers = headers or [("Content-Type", "text/xml")]
    start(f"{fault.status} Fault", [*headers, ("Content-Length", str(len(answer)))])
    return [answer]
