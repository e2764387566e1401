"""Runs moto behind the fault layer on a free port, prints the port, and ends when its standard input does."""

from __future__ import annotations

import os
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.server import MotoRequestHandler
from werkzeug.serving import make_server

from tests.e2e.faults import FaultLayer


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def main() -> None:
    """Serve until the parent closes the pipe or dies."""
    app = FaultLayer(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    print(server.server_port, flush=True)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
