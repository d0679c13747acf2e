"""Requests per CPU-second of a published page: nginx alone, the embedded server, nginx in front.

Each server answers the same file from the same folder on loopback to `wrk` with 16 connections; the CPU time is that
of the server's processes alone (/proc/PID/stat, user and system). Runs are interleaved, the median counts.
``python -m bench.pages`` prints a table; :func:`measure` gives the figures.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.verdicts import Verdicts
from yiwang.doors.website.folder import raise_generation, write_page

ROUNDS = 3
SECONDS = 3
CONNECTIONS = 16
ROOT_VARIABLE = "YIWANG_BENCH_ROOT"
LEAST = {"embedded": 0.25, "nginx in front": 0.75}
DEPLOYED = Path(__file__).parent.parent / "docs" / "deploy" / "nginx.conf"

PAGE = (
    "<!doctype html><html lang='zh-Hans'><meta charset='utf-8'><title>公告</title><table>"
    + "".join(
        f"<tr><th>第{n}项</th><td>秦州区滨河路改造工程第{n * 7919 % 997}号</td></tr>" for n in range(120)
    )
    + "</table></html>"
).encode()


class NotMeasured(RuntimeError):
    """Something the bench needs is missing or did not answer."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One server: answered requests, the CPU-seconds it used for them, and their quotient."""

    name: str
    per_cpu_second: float
    per_second: float


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and its living children."""
    ticks, found = 0, [pid]
    while found:
        each = found.pop()
        try:
            stat = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            children = Path(f"/proc/{each}/task/{each}/children").read_text().split()
        except FileNotFoundError:
            continue
        ticks += int(stat[11]) + int(stat[12])
        found += [int(child) for child in children]
    return ticks / os.sysconf("SC_CLK_TCK")


def _plain_nginx(port: int, root: Path) -> str:
    return (
        f"server {{ listen 127.0.0.1:{port}; root {root}; index index.html; charset utf-8; gzip_static on; }}"
    )


def _deployed_nginx(port: int, root: Path) -> str:
    """The configuration of docs/deploy, with the folder and ports of the bench."""
    text = DEPLOYED.read_text()
    for pattern, value in ((r"listen 80;", f"listen 127.0.0.1:{port};"), (r"root [^;]+;", f"root {root};")):
        text, count = re.subn(pattern, value, text, count=1)
        if count != 1:
            raise NotMeasured(f"{DEPLOYED.name}: no {pattern}")
    return text


def _nginx(folder: Path, server: str) -> list[str]:
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(program).exists():
        raise NotMeasured("nginx is not installed")
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;\n"
        + ("user root;\n" if os.getuid() == 0 else "")
        + "events { worker_connections 512; }\nhttp { access_log off; sendfile on; tcp_nopush on;\n"
        "keepalive_requests 1000000; types { text/html html; } default_type text/html;\n"
        + "".join(
            f"{name}_temp_path {folder}/{name};\n"
            for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + server
        + "\n}\n"
    )
    return [program, "-c", str(config), "-p", str(folder), "-e", f"{folder}/error.log"]


def _granian(port: int) -> list[str]:
    return [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--workers", "1", "--blocking-threads", "4", "--no-log", "bench.pages_app:application"]  # fmt: skip


@contextmanager
def running(command: list[str], port: int, root: Path) -> Iterator[int]:
    """The process number of a server that answers on ``port``; it is stopped at the end."""
    environment = {**os.environ, ROOT_VARIABLE: str(root)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            if process.poll() is not None:
                raise NotMeasured(f"{command[0]} ended with {process.returncode}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/notices/X/", timeout=2) as answer:
                    if answer.read() != PAGE:
                        raise NotMeasured(f"another server answers on {port}")
                    break
            except OSError:
                time.sleep(0.1)
        else:
            raise NotMeasured(f"{command[0]} does not answer")
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _load(port: int, seconds: int) -> tuple[int, float]:
    """Requests answered by ``wrk`` and how long it took. NotMeasured where an answer was no 200."""
    program = shutil.which("wrk")
    if program is None:
        raise NotMeasured("wrk is not installed")
    said = subprocess.run(
        [program, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-H", "Accept-Encoding: gzip",
         f"http://127.0.0.1:{port}/notices/X/"],
        capture_output=True, text=True, timeout=seconds + 30, check=True,
    ).stdout  # fmt: skip
    count = re.search(r"(\d+) requests in ([\d.]+)s", said)
    if count is None or "Non-2xx" in said:
        raise NotMeasured(said)
    return int(count[1]), float(count[2])


def _once(name: str, command: list[str], port: int, root: Path, seconds: int) -> Rate:
    with running(command, port, root) as pid:
        _load(port, 1)
        before = cpu_seconds(pid)
        count, took = _load(port, seconds)
        used = cpu_seconds(pid) - before
    if used <= 0:
        raise NotMeasured(f"{name}: no CPU time was seen")
    return Rate(name, count / used, count / took)


def measure(rounds: int = ROUNDS, seconds: int = SECONDS) -> dict[str, Rate]:
    """The median of ``rounds`` interleaved runs for each server. Raises NotMeasured."""
    with tempfile.TemporaryDirectory(prefix="yiwang-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        root = folder / "public"
        write_page(root, "notices/X/index.html", PAGE)
        raise_generation(root)
        runs: dict[str, list[Rate]] = {}
        for _ in range(rounds):
            for each in ("nginx alone", "embedded", "nginx in front"):
                port = free_port()
                configs = {"nginx alone": _plain_nginx, "nginx in front": _deployed_nginx}
                command = _granian(port) if each == "embedded" else _nginx(folder, configs[each](port, root))
                runs.setdefault(each, []).append(_once(each, command, port, root, seconds))
    return {
        each: Rate(
            each,
            statistics.median(rate.per_cpu_second for rate in rates),
            statistics.median(rate.per_second for rate in rates),
        )
        for each, rates in runs.items()
    }


def main() -> int:
    """Prints the table; 1 where a share is below what the house promises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    options = parser.parse_args()
    rates = measure(options.rounds, options.seconds)
    alone = rates["nginx alone"].per_cpu_second
    verdicts = Verdicts("pages")
    for name, rate in rates.items():
        share = rate.per_cpu_second / alone
        least = LEAST.get(name)
        verdicts.note(f"published page, gzip, {name}: per CPU-second", f"{rate.per_cpu_second:,.0f}")
        if least is not None:
            verdicts.least(f"{name}: share of nginx alone", share, least)
    return verdicts.status


if __name__ == "__main__":
    sys.exit(main())
