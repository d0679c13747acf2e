"""The command line: complete help, sentences instead of tracebacks, a first start, a backup that can be trusted."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from yiwang.site.cli import parser

pytestmark = pytest.mark.sqlite

SETUP = (
    "setup", "--name", "示例市公共资源交易中心", "--name-en", "Sample Centre", "--code", "12620500MB0000000A",
    "--region", "620500", "--address", "人民路一号", "--phone", "0938-8000000", "--owner", "王芳", "--username", "wangfang",
)  # fmt: skip


def yiwang(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yiwang.site.cli", *arguments],
        env={**os.environ, "YIWANG_HOME": str(home), "YIWANG_DATABASE": "", **environment},
        capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip


def setup(home: Path) -> subprocess.CompletedProcess[str]:
    from yiwang.pure.kernel.codes import uscc_of

    given = [uscc_of("12620500MB0000000") if each == "12620500MB0000000A" else each for each in SETUP]
    return yiwang(home, *given, YIWANG_OWNER_PASSWORD="long enough 2026 §")


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that was founded once, to be copied."""
    home = tmp_path_factory.mktemp("founded") / "home"
    done = setup(home)
    assert done.returncode == 0, done.stderr
    return home


def leaves(command, path=()):
    for action in command._actions:
        if getattr(action, "choices", None) and hasattr(action, "add_parser"):
            for name, each in action.choices.items():
                yield from leaves(each, (*path, name))
            return
    yield path, command


def test_every_command_has_help_in_words():
    every = dict(leaves(parser()))
    wanted = ("setup", "serve", "worker", "demo", "replay", "check", "backup", "restore", "manage")
    assert {(each,) for each in wanted} | {("law", "show"), ("law", "explain"), ("law", "check")} <= set(
        every
    )
    for path, command in every.items():
        for action in command._actions:
            assert action.help, f"{' '.join(path)} {action.dest}"


def test_help_answers_without_a_home(tmp_path):
    done = yiwang(tmp_path / "none", "--help")
    assert done.returncode == 0
    assert "setup" in done.stdout
    assert not (tmp_path / "none").exists()


def test_a_real_centre_is_founded_once_and_check_says_what_is_unsafe(tmp_path):
    home = tmp_path / "home"
    done = setup(home)
    assert done.returncode == 0, done.stderr
    again = setup(home)
    assert again.returncode == 2
    assert "already" in again.stderr
    checked = yiwang(home, "check", "--json")
    found = json.loads(checked.stdout)
    assert checked.returncode == 1
    assert any("https" in each["en"] and each["level"] == "unsafe" for each in found)
    assert not any("rehearsal database" in each["en"] for each in found)
    safe = yiwang(
        home, "check", "--json", YIWANG_ORIGIN="https://ggzy.example.gov.cn", YIWANG_SECRET_KEY="x" * 60
    )
    home.chmod(0o750)
    assert not any("https" in each["en"] for each in json.loads(safe.stdout))


def test_a_weak_password_leaves_nothing_founded(tmp_path):
    home = tmp_path / "home"
    from yiwang.pure.kernel.codes import uscc_of

    given = [uscc_of("12620500MB0000000") if each == "12620500MB0000000A" else each for each in SETUP]
    done = yiwang(home, *given, YIWANG_OWNER_PASSWORD="short")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert setup(home).returncode == 0


def test_commands_that_need_a_founded_house_say_so(tmp_path):
    done = yiwang(tmp_path / "empty", "serve", "--port", "1")
    assert done.returncode == 2
    assert done.stderr.startswith("yiwang: ")
    assert "Traceback" not in done.stderr


def test_a_backup_restores_into_an_empty_home_and_a_tampered_one_does_not(tmp_path, founded):
    home, archive = tmp_path / "home", tmp_path / "backup.tar.gz"
    shutil.copytree(founded, home)
    assert yiwang(home, "backup", str(archive)).returncode == 0
    assert yiwang(home, "backup", str(archive)).returncode == 2, "an archive is not overwritten"
    beside = yiwang(
        home, "backup", str(tmp_path / "other.tar.gz"), YIWANG_S3_BUCKET="papers", YIWANG_S3_PREFIX="city"
    )
    assert "s3://papers/city" in beside.stdout
    assert "NOT in this archive" in beside.stdout
    assert yiwang(home, "restore", str(archive)).returncode == 2, (
        "a home that is not empty is not overwritten"
    )
    restored = yiwang(tmp_path / "second", "restore", str(archive))
    assert restored.returncode == 0, restored.stderr
    assert json.loads(yiwang(tmp_path / "second", "check", "--json").stdout)
    assert (tmp_path / "second" / "secret-key").read_text() == (home / "secret-key").read_text()

    folder = tmp_path / "opened"
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    (folder / "secret-key").write_text("another")
    tampered = tmp_path / "tampered.tar.gz"
    with tarfile.open(tampered, "w:gz") as file:
        for each in sorted(folder.iterdir()):
            file.add(each, arcname=each.name)
    refused = yiwang(tmp_path / "third", "restore", str(tampered))
    assert refused.returncode == 2
    assert "manifest" in refused.stderr
    assert not (tmp_path / "third" / "yiwang.sqlite3").exists()


def test_a_home_in_use_is_not_written_by_another_command(tmp_path, founded):
    from yiwang.record.journal.api import hold_home

    home = tmp_path / "home"
    shutil.copytree(founded, home)
    with hold_home(home):
        for command in (("serve",), ("worker", "--once"), ("demo", "--no-serve")):
            done = yiwang(home, *command)
            assert done.returncode == 2, command
            assert "in use" in done.stderr


def test_pages_of_a_demo_name_the_address_at_which_it_is_served(monkeypatch):
    from django.conf import settings

    from yiwang.site.commands import demo

    seen: dict[str, str] = {}
    monkeypatch.delenv("YIWANG_ORIGIN", raising=False)
    for name in ("_migrate", "hold_home"):
        monkeypatch.setattr(demo, name, lambda *_: contextlib.nullcontext())
    monkeypatch.setattr(demo, "home_in_use", lambda _: False)
    monkeypatch.setattr(demo, "business_now", lambda: datetime(2026, 3, 1, tzinfo=UTC))
    monkeypatch.setattr(demo, "_city", lambda _: seen.update(built=settings.ORIGIN))
    monkeypatch.setattr(demo.os, "execve", lambda *given: seen.update(served=given[2]["YIWANG_ORIGIN"]))
    monkeypatch.setattr(demo.connection, "close", lambda: None)
    before = settings.ORIGIN
    demo.demo(argparse.Namespace(fresh=False, seed=1, host="127.0.0.1", port=8123, no_serve=False))
    assert seen == {"built": "http://localhost:8123", "served": "http://localhost:8123"}
    assert before == settings.ORIGIN


def test_a_database_whose_guards_are_gone_is_not_served(tmp_path, founded):
    import sqlite3

    home = tmp_path / "home"
    shutil.copytree(founded, home)
    with sqlite3.connect(home / "yiwang.sqlite3") as database:
        guards = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        assert len(guards) > 5
        database.execute(f"DROP TRIGGER {guards[0]}")
    database.close()
    done = yiwang(home, "serve", "--port", "1")
    assert done.returncode == 2
    assert "migrate" in done.stderr
    assert any("migrate" in each["en"] for each in json.loads(yiwang(home, "check", "--json").stdout))
    assert yiwang(home, "manage", "migrate").returncode == 0
    assert not any("trigger" in each["en"] for each in json.loads(yiwang(home, "check", "--json").stdout))
