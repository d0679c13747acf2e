"""The embedded server's front over a folder of its own: what ``bench.pages`` lets granian serve."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from yiwang.site.front import Environ, StartResponse, front


def _no_page(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """In Django's place: nothing but files is asked for here."""
    start_response("404 Not Found", [("Content-Length", "0")])
    return []


application = front(Path(os.environ["YIWANG_BENCH_ROOT"]), {}, _no_page)
