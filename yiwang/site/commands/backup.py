"""``yiwang backup`` and ``yiwang restore``: the whole house in one checked file.

The archive holds the database (a SQLite copy made by its own backup, or a pg_dump), every document that lies in the
home, and a manifest with the SHA-256 of each member. Documents in a bucket (S3) are not copied: it says so. Published pages are not in it: they are written anew from the record.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from yiwang import __version__
from yiwang.pure.kernel.days import iso
from yiwang.record.journal.api import home_in_use, real_now
from yiwang.site.stopping import Stop

MANIFEST = "manifest.json"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
KEPT = ("secret-key",)


def stored_in() -> str:
    """The bucket that holds the documents, as s3://bucket/prefix; "" where a folder does."""
    asked = settings.FILES_S3
    return f"s3://{asked['bucket']}/{asked.get('prefix', '')}".rstrip("/") if asked else ""


def _said_of_bucket(place: str) -> None:
    """Says plainly that documents lie elsewhere."""
    if place:
        print(
            f"注意：文件存放在 {place}，不在本备份中；请另行保护该存储桶\n"
            f"Note: documents lie in {place} and are NOT in this archive: protect the bucket by itself"
        )


def _dump_sqlite(target: Path) -> None:
    with sqlite3.connect(settings.DATABASES["default"]["NAME"]) as source, sqlite3.connect(target) as copy:
        source.backup(copy)
    copy.close()
    source.close()


def _postgres(program: str, *arguments: str) -> list[str]:
    found = shutil.which(program)
    if found is None:
        raise Stop(
            f"找不到 {program}，请安装 PostgreSQL 客户端 / {program} not found: install the PostgreSQL client"
        )
    known = settings.DATABASES["default"]
    command = [found, "--no-password", f"--dbname={known['NAME']}"]
    for option, key in (("host", "HOST"), ("port", "PORT"), ("username", "USER")):
        if known[key]:
            command.append(f"--{option}={known[key]}")
    return [*command, *arguments]


def _run(command: list[str]) -> None:
    environment = {**os.environ, "PGPASSWORD": settings.DATABASES["default"].get("PASSWORD", "")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own list
    if done.returncode != 0:
        raise Stop(f"{Path(command[0]).name}: {done.stderr.strip()}")


def _members(scratch: Path) -> Iterator[tuple[str, Path]]:
    name = DATABASE[connection.vendor]
    if connection.vendor == "sqlite":
        _dump_sqlite(scratch / name)
    else:
        _run(_postgres("pg_dump", "--format=custom", f"--file={scratch / name}"))
    yield name, scratch / name
    for kept in KEPT:
        if (settings.HOME / kept).exists():
            yield kept, settings.HOME / kept
    for path in sorted(settings.FILES_ROOT.rglob("*")):
        if path.is_file():
            yield f"files/{path.relative_to(settings.FILES_ROOT)}", path


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def backup(args: argparse.Namespace) -> int:
    """Writes the archive beside its final name and renames it when it is whole."""
    if args.file.exists():
        raise Stop(f"{args.file} 已经存在，不覆盖 / {args.file} exists and is not overwritten")
    partial = args.file.with_name(args.file.name + ".partial")
    digests: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as scratch, tarfile.open(partial, "w:gz", compresslevel=3) as archive:
        # The database first: documents written after it are unknown to it, never the other way round.
        for name, path in _members(Path(scratch)):
            digests[name] = _sha256(path)
            archive.add(path, arcname=name, recursive=False)
        manifest = {
            "yiwang": __version__,
            "made_at": iso(real_now()),
            "database": connection.vendor,
            "documents_in": stored_in(),
            "sha256": digests,
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(text)
        archive.addfile(head, io.BytesIO(text))
    partial.rename(args.file)
    print(f"{len(digests)} 个文件 / members → {args.file}")
    _said_of_bucket(stored_in())
    return 0


def _checked(archive: tarfile.TarFile) -> tuple[dict[str, str], str, str]:
    """Digests by member, the kind of database, and the bucket that held the documents ("" for none)."""
    try:
        file = archive.extractfile(MANIFEST)
    except KeyError:
        file = None
    if file is None:
        raise Stop("备份文件里没有清单，可能不完整 / the archive has no manifest: it may be cut short")
    manifest = json.load(file)
    return dict(manifest["sha256"]), str(manifest["database"]), str(manifest.get("documents_in", ""))


def _target(name: str, scratch: Path) -> Path:
    if name in DATABASE.values():
        return scratch / name
    path = settings.HOME / name
    if not path.resolve().is_relative_to(settings.HOME):
        raise Stop(f"备份里有越界路径 / a path in the archive leads out of the home: {name}")
    return path


def _copied(source: IO[bytes], target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as file:
        while block := source.read(1 << 20):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def restore(args: argparse.Namespace) -> int:
    """Restores into a home that has no database yet; every member is compared with the manifest."""
    name = settings.DATABASES["default"]["NAME"]
    if home_in_use(settings.HOME) or (connection.vendor == "sqlite" and Path(name).exists()):
        raise Stop(f"{settings.HOME} 不是空的 / {settings.HOME} is not empty")
    if not args.file.exists():
        raise Stop(f"没有这个文件 / no such file: {args.file}")
    with tempfile.TemporaryDirectory(dir=settings.HOME.parent) as scratch, tarfile.open(args.file) as archive:
        digests, vendor, bucket = _checked(archive)
        if vendor != connection.vendor:
            raise Stop(
                f"备份来自 {vendor}，当前数据库是 {connection.vendor} / the archive is of {vendor}, this is {connection.vendor}"
            )
        for member in archive:
            source = archive.extractfile(member)
            if member.name == MANIFEST or source is None:
                continue
            if _copied(source, _target(member.name, Path(scratch))) != digests.pop(member.name, ""):
                raise Stop(f"与清单不符 / does not match the manifest: {member.name}")
        if digests:
            raise Stop(f"缺少 / missing: {', '.join(sorted(digests)[:5])}")
        database = Path(scratch) / DATABASE[vendor]
        if vendor == "sqlite":
            shutil.move(database, name)
        else:
            _run(_postgres("pg_restore", "--exit-on-error", str(database)))
    print(f"已恢复到 {settings.HOME} / restored into {settings.HOME}")
    _said_of_bucket(bucket)
    return 0
