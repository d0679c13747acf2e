"""Whether an archive folder still holds exactly what its index says: every digest is computed again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yiwang.pure.kernel.findings import Finding
from yiwang.pure.papers.archives import INDEX, SUMS

MOST_INDEX_BYTES = 64 << 20
OF_THE_INDEX = (INDEX, "index.html", "index.pdf", "index.xlsx")
CHUNK = 1 << 20


def archive_findings(root: Path) -> Iterator[Finding]:
    """Objections to the archive in ``root``: no index, files missing, changed, of another size, or too many."""
    listed = _listed(root)
    if listed is None:
        yield Finding("archive-no-index", params={"path": INDEX})
        return
    sums = _sums(root)
    if sums is None:
        yield Finding("archive-no-index", params={"path": SUMS})
        return
    for path, sha256 in listed.items():
        if sums.get(path) != sha256:
            yield Finding("archive-index-differs", params={"path": path})
    for path in sorted(set(sums) - set(listed) - set(OF_THE_INDEX)):
        yield Finding("archive-index-differs", params={"path": path})
    for path in sorted({*OF_THE_INDEX} - set(sums)):
        yield Finding("archive-index-differs", params={"path": path})
    for path, sha256 in sums.items():
        yield from _file_findings(root, path, sha256)
    yield from _extra_findings(root, {*sums, SUMS})


def index_digest(root: Path) -> str:
    """The SHA-256 of the index: what the journal of the project recorded when the archive was made."""
    return _digest(root / INDEX)


def _read(path: Path) -> bytes | None:
    if not path.is_file() or path.is_symlink() or path.stat().st_size > MOST_INDEX_BYTES:
        return None
    return path.read_bytes()


def _listed(root: Path) -> dict[str, str] | None:
    """Path → digest by ``index.json``; None where there is none that can be read."""
    text = _read(root / INDEX)
    if text is None:
        return None
    try:
        said: Any = json.loads(text)
        return {str(each["path"]): str(each["sha256"]) for each in said["documents"]}
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _sums(root: Path) -> dict[str, str] | None:
    text = _read(root / SUMS)
    if text is None:
        return None
    try:
        pairs = [line.split("  ", 1) for line in text.decode().splitlines()]
        return {path: sha256 for sha256, path in pairs}
    except ValueError:
        return None


def _leads_out(path: str) -> bool:
    parts = path.split("/")
    return "\\" in path or "\x00" in path or any(each in ("", ".", "..") for each in parts)


def _file_findings(root: Path, path: str, sha256: str) -> Iterator[Finding]:
    params: dict[str, object] = {"path": path[:200]}
    if _leads_out(path):
        yield Finding("archive-path", params=params)
        return
    file = root.joinpath(*path.split("/"))
    if not file.is_file() or not file.resolve().is_relative_to(root.resolve()):
        yield Finding("archive-missing", params=params)
    elif _digest(file) != sha256:
        yield Finding("archive-changed", params=params)


def _digest(file: Path) -> str:
    hashed = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            hashed.update(chunk)
    return hashed.hexdigest()


def _extra_findings(root: Path, known: set[str]) -> Iterator[Finding]:
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root).as_posix()
        if not file.is_dir() and path not in known:
            yield Finding("archive-extra", params={"path": path[:200]})
