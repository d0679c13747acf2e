"""``python -m bench.uploads``: upload throughput of the embedded server beside the disk, in the same run.

A document goes up as a browser sends it (tus, pieces of 64 MB over one connection, SHA-256 while streaming, judged by its
content, synced and put in place), and the same bytes are written by ``dd conv=fdatasync``. Several interleaved rounds,
medians. Promised: at least 0.8 of the disk.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.servers import ROOT
from bench.verdicts import Verdicts

PIECE = 64 << 20
PROMISED = 0.8
AT_REST = 0.1  # CPU seconds in a second


def dd(source: Path, folder: Path) -> float:
    """Seconds that the disk needs for the same bytes."""
    target = folder / "dd"
    started = time.perf_counter()
    subprocess.run(
        ["dd", f"if={source}", f"of={target}", "bs=1M", "conv=fdatasync", "status=none"], check=True
    )
    seconds = time.perf_counter() - started
    target.unlink()
    return seconds


def cpu_seconds(group: int) -> float:
    """CPU that all processes of a group have used so far."""
    ticks = 0
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                fields = (each / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            ticks += int(fields[11]) + int(fields[12]) if int(fields[2]) == group else 0
    return ticks / os.sysconf("SC_CLK_TCK")


class Browser:
    """One connection of somebody who is logged in."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(
        self, method: str, path: str, body: bytes | memoryview | None = None, **headers: str
    ) -> http.client.HTTPResponse:
        """An answer, read to its end; its body stands in ``answer.text``."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        given |= {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        given |= {"Referer": f"http://localhost:{self._port}/", "Host": f"localhost:{self._port}"}
        self._connection.request(method, path, body, given)
        answer = self._connection.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")  # type: ignore[attr-defined]
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self._cookies[name] = value
        return answer

    def enter(self) -> str:
        """Enters the rehearsal as its first bidder; gives the token that every change needs."""
        page = self.ask("GET", "/account/enter-as/").text  # type: ignore[attr-defined]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        bidder = re.search(r'name="as" value="([^"]+:bidder)"', page)
        assert token is not None
        assert bidder is not None
        body = f"csrfmiddlewaretoken={token[1]}&as={bidder[1]}".encode()
        self.ask("POST", "/account/enter-as/", body, Content_Type="application/x-www-form-urlencoded")
        return self._cookies["csrftoken"]

    def upload(self, content: bytes, token: str) -> float:
        """Seconds from the first request to the stored document."""
        common = {"Tus_Resumable": "1.0.0", "X_CSRFToken": token}
        started = time.perf_counter()
        name = base64.b64encode("投标文件.pdf".encode()).decode()
        made = self.ask(
            "POST",
            "/hall/uploads/",
            b"",
            Upload_Length=str(len(content)),
            Upload_Metadata=f"filename {name}",
            **common,
        )
        assert made.status == 201, (made.status, made.text)  # type: ignore[attr-defined]
        place, view, offset = made.headers["Location"], memoryview(content), 0
        while offset < len(content):
            sent = self.ask(
                "PATCH",
                place,
                view[offset : offset + PIECE],
                Upload_Offset=str(offset),
                Content_Type="application/offset+octet-stream",
                **common,
            )
            assert sent.status == 204, (sent.status, sent.text)  # type: ignore[attr-defined]
            offset = int(sent.headers["Upload-Offset"])
        assert sent.headers["Upload-Paper"]
        return time.perf_counter() - started


def serve(home: Path, port: int) -> subprocess.Popen[bytes]:
    """A demo city that answers at ``port``; built first where there is none."""
    origin = f"http://localhost:{port}"  # the same for both: else the server would write every page anew
    environment = {
        **os.environ,
        "YIWANG_HOME": str(home),
        "YIWANG_LOG_LEVEL": "ERROR",
        "YIWANG_ORIGIN": origin,
    }
    if not home.exists():
        subprocess.run(
            [sys.executable, "-m", "yiwang.site", "demo", "--no-serve"],
            cwd=ROOT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    server = subprocess.Popen(
        [sys.executable, "-m", "yiwang.site", "serve", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    for _ in range(300):
        try:
            if Browser(port).ask("GET", "/healthz").status == 200:
                _come_to_rest(server.pid)
                return server
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def _come_to_rest(group: int) -> None:
    """Waits until the server has done what every start asks of it: an upload is measured, not the work beside it."""
    for _ in range(120):
        before = cpu_seconds(group)
        time.sleep(1)
        if cpu_seconds(group) - before < AT_REST:
            return
    raise RuntimeError("the server does not come to rest")


def main() -> int:
    """Prints the table; 1 where the median of the rounds misses the promise."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mb", type=int, default=160)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--port", type=int, default=8153)
    parser.add_argument("--home", type=Path, help="a demo city that is there already; default: a new one")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="yiwang-uploads-"))
    home = options.home or folder / "home"
    server = serve(home, options.port)
    try:
        browser = Browser(options.port)
        token = browser.enter()
        print(f"load average {os.getloadavg()[0]:.1f}, {options.mb} MB, {options.rounds} rounds")
        rates: dict[str, list[float]] = {"disk": [], "upload": []}
        source, burnt = folder / "source.pdf", list[float]()
        for _ in range(options.rounds):
            content = b"%PDF-1.7\n" + os.urandom(options.mb << 20) + b"\n%%EOF\n"
            source.write_bytes(content)
            rates["disk"].append(options.mb / dd(source, home))
            before = cpu_seconds(server.pid)
            rates["upload"].append(options.mb / browser.upload(content, token))
            burnt.append((cpu_seconds(server.pid) - before) * 100 / options.mb)
            print(f"  disk {rates['disk'][-1]:.0f} MB/s, upload {rates['upload'][-1]:.0f} MB/s", flush=True)
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)
    disk, upload = statistics.median(rates["disk"]), statistics.median(rates["upload"])
    verdicts = Verdicts("uploads")
    share = statistics.median(up / down for up, down in zip(rates["upload"], rates["disk"], strict=True))
    verdicts.note(
        f"load average {os.getloadavg()[0]:.1f}; disk (dd conv=fdatasync), upload",
        f"{disk:.0f}, {upload:.0f} MB/s",
    )
    verdicts.note("CPU of the server for 100 MB", f"{statistics.median(burnt):.2f} s")
    verdicts.least("upload: share of the disk in the same round, median", share, PROMISED)
    return verdicts.status


if __name__ == "__main__":
    sys.exit(main())
