"""The folder of published pages: files written whole or not at all, each with its compressed twin.

Nothing is synced to the disk one by one: every page can be written anew from the records, and a start of the
site mends what a power failure left empty (see ``services.mend``).
"""

from __future__ import annotations

import gzip
import os
import secrets
import tempfile
from pathlib import Path

PACKED_ALREADY = (".pdf",)  # have no compressed twin
GENERATION_FILE = ".generation"  # what the embedded server looks at; see yiwang.site.front


def _replace(path: Path, content: bytes) -> None:
    """Puts ``content`` in the place of ``path`` in one step; a reader sees the old or the new, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_page(root: Path, name: str, content: bytes) -> bool:
    """Writes ``name`` (a relative path) below ``root`` where it differs from what stands there.

    True where something was written. ValueError where the name leads out of the folder or is hidden.
    """
    if any(not part or part.startswith(".") for part in name.split("/")):
        raise ValueError(f"not the name of a page: {name}")
    path = root / name
    if is_whole(root, name) and path.read_bytes() == content:
        return False
    # The twin first: between the two steps a visitor may get either text, never a broken one.
    if not name.endswith(PACKED_ALREADY):
        _replace(path.with_name(path.name + ".gz"), gzip.compress(content, 9, mtime=0))
    _replace(path, content)
    return True


def raise_generation(root: Path) -> None:
    """Tells the servers of the folder that something in it changed."""
    _replace(root / GENERATION_FILE, secrets.token_hex(8).encode())


def is_whole(root: Path, name: str) -> bool:
    """Whether the page stands there with its twin (where it has one), neither of them empty."""
    both = [root / name] + ([] if name.endswith(PACKED_ALREADY) else [root / f"{name}.gz"])
    return all(path.is_file() and path.stat().st_size > 0 for path in both)
