"""kill -9 of the server while a document comes in: ``python -m bench.upload_kills --kills 20 --database sqlite``.

A server is started, a client uploads by tus, every process of the server is killed at a random byte; the next server is
asked where the upload stands and the client goes on from there, until it was killed so often. In the end the stored
document must be the bytes that were sent. ``--client PYTHON SCRIPT`` is the program that uploads (``bench/tus_client.py``).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.servers import CURRENT, POSTGRES, SQLITE, Server, database, run_inside
from bench.verdicts import Verdicts

OWN = [sys.executable, str(Path(__file__).with_name("tus_client.py"))]
SECONDS = 600.0
PATIENCE = 60.0
PIECE = 4 << 20


def main(arguments: list[str]) -> int:
    """Prints the table; 1 where a document did not end as the bytes that were sent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--mb", type=int, default=24)
    parser.add_argument("--database", nargs="+", default=[SQLITE, POSTGRES], choices=[SQLITE, POSTGRES, CURRENT])  # fmt: skip
    parser.add_argument("--client", nargs=2, default=OWN, metavar=("PYTHON", "SCRIPT"))
    parser.add_argument("--json", action="store_true", help="one JSON object a database")
    options = parser.parse_args(arguments)
    if options.inside:
        print(json.dumps(measured(options.kills, options.mb, options.client)))
        return 0
    verdicts, missed = None if options.json else Verdicts("upload_kills"), 0
    for which in options.database:
        given = [
            "--inside",
            "--kills",
            str(options.kills),
            "--mb",
            str(options.mb),
            "--client",
            *options.client,
        ]
        with database(which) as environment:
            figures = json.loads(run_inside("bench.upload_kills", environment, given, SECONDS)[-1])
        missed += len(figures["objections"])
        if verdicts is None:
            print(json.dumps(figures), flush=True)
            continue
        what = f"{which}: wrong after {options.kills} kills amid {options.mb} MB"
        verdicts.most(what, len(figures["objections"]), 0, "", 0)
        verdicts.note(f"{which}: bytes sent a second time", f"{figures['again']:,}")
    return 1 if missed else 0


def measured(kills: int, megabytes: int, client: list[str]) -> dict[str, Any]:
    """What was found wrong over the database that the environment names, and how much had to be sent again."""
    from bench.tenders import prepare

    bidder = prepare(1, 1).bidders[0]
    rng = random.Random(kills)
    content = b"%PDF-1.7\n" + rng.randbytes(megabytes << 20) + b"\n%%EOF\n"
    with tempfile.TemporaryDirectory(prefix="yiwang-uploads-") as folder:
        file = Path(folder) / "paper.pdf"
        file.write_bytes(content)
        upload = _Upload(client, file, bidder.session)
        edges = sorted(rng.randrange(1, len(content)) for _ in range(kills))
        for edge in edges:
            upload.until(edge)
        upload.until(None)
    return {"kills": kills, "again": upload.again, "objections": [*upload.objections, *_objections(content)]}


class _Upload:
    """A document on its way, whatever happens to the server."""

    def __init__(self, client: list[str], file: Path, session: str) -> None:
        self.client, self.file, self.location = client, file, ""
        self.again, self.objections = 0, list[str]()
        token = "a" * 32
        headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}
        self.environment = os.environ | {"TUS_HEADERS": json.dumps(headers)}

    def arrived(self) -> int:
        """How many bytes lie on the disk."""
        from django.conf import settings

        code = self.location.rstrip("/").rpartition("/")[2]
        path = Path(settings.FILES_ROOT) / "unfinished" / f"upload-{code}"
        return path.stat().st_size if code and path.exists() else 0

    def until(self, edge: int | None) -> None:
        """Serves and uploads until so many bytes arrived, then kills the server; None: to the end."""
        server = Server()
        before = self.arrived()
        try:
            server.wait()
            url = f"http://127.0.0.1:{server.port}/hall/uploads/"
            command = [*self.client, url, self.location, str(self.file), str(PIECE)]
            process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # fmt: skip
            assert process.stdout is not None
            if not self.location:
                self.location = process.stdout.readline().strip()
            if edge is None:
                told, error = process.communicate(timeout=PATIENCE)
                if not told.endswith("done\n"):
                    self.objections.append(f"the upload {self.location} did not end: {error[-500:]}")
                return
            self._wait(process, edge)
        finally:
            server.kill()
        process.communicate(timeout=PATIENCE)
        if self.arrived() < before:
            self.objections.append(f"{before} bytes had arrived, {self.arrived()} are left")
        self.again += max(0, edge - self.arrived())

    def _wait(self, process: subprocess.Popen[str], edge: int) -> None:
        end = time.monotonic() + PATIENCE
        while self.arrived() < edge and process.poll() is None and time.monotonic() < end:
            time.sleep(0.001)


def _objections(content: bytes) -> list[str]:
    """What is wrong with the documents that are stored in the end."""
    import hashlib

    from yiwang.record.files.api import exists, open_document
    from yiwang.record.files.models import Upload

    sha256 = hashlib.sha256(content).hexdigest()
    finished = list(Upload.objects.exclude(sha256="").values_list("sha256", flat=True))
    if finished != [sha256] or not exists(sha256):
        return [f"stored: {finished}, sent: {sha256}"]
    with open_document(sha256) as stored:
        return [] if stored.read() == content else ["other bytes are stored than were sent"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
