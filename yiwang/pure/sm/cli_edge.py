"""Where the commands meet a person: files that are never overwritten, passwords, sentences, progress."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from yiwang.pure.kernel.findings import Finding, Refused, Sentences
from yiwang.pure.sm.envelope.verdicts import DoesNotOpen
from yiwang.pure.sm.errors import (
    BadCiphertext,
    BadKey,
    BadSignature,
    Malformed,
    ProtocolViolation,
    SmError,
    Unavailable,
)

SENTENCES = Path(__file__).parent / "sentences.toml"
MAX_SMALL = 8 << 20  # bytes of a file that is read whole

Command = Callable[[argparse.Namespace], int]
_RULES: tuple[tuple[type[SmError], str, int], ...] = (
    (BadSignature, "sm-bad-signature", 1),
    (BadCiphertext, "sm-bad-ciphertext", 1),
    (BadKey, "sm-bad-key", 2),
    (Malformed, "sm-malformed", 2),
    (Unavailable, "sm-unavailable", 2),
    (ProtocolViolation, "sm-protocol", 2),
)


def say(*findings: Finding) -> None:
    """Each finding's sentence in Chinese and in English on standard error."""
    sentences = Sentences([SENTENCES])
    for finding in findings:
        for language in ("zh", "en"):
            print(sentences.say(finding, language), file=sys.stderr)


def reported(command: Command) -> Command:
    """``command`` with its refusals said as sentences and turned into the exit status."""

    def run(args: argparse.Namespace) -> int:
        try:
            return command(args)
        except DoesNotOpen as error:
            say(error.verdict.finding)
            return 1
        except Refused as error:
            say(*error.findings)
            return 2
        except SmError as error:
            for kind, rule, status in _RULES:
                if isinstance(error, kind):
                    say(Finding(rule, "", {"reason": str(error)}))
                    return status
            raise
        except OSError as error:
            print(f"{error.filename or ''}: {error.strerror}", file=sys.stderr)
            return 2

    return run


def small_file(path: Path) -> bytes:
    """The bytes of a file of at most 8 MiB. Raises Malformed where it is longer."""
    with path.open("rb") as file:
        found = file.read(MAX_SMALL + 1)
    if len(found) > MAX_SMALL:
        raise Malformed(f"{path}: longer than {MAX_SMALL} bytes")
    return found


@contextmanager
def new_file(path: Path, mode: int = 0o644) -> Iterator[BinaryIO]:
    """A file that appears whole or not at all, and never instead of another. Raises Refused where one is there."""
    if path.exists():
        raise Refused([Finding("sm-exists", "", {"path": path})])
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)  # fails where the name was taken meanwhile
    finally:
        part.unlink(missing_ok=True)


def write_new(path: Path, octets: bytes, mode: int = 0o644) -> None:
    """Writes ``octets`` to a new file. Raises Refused where it exists."""
    with new_file(path, mode) as file:
        file.write(octets)


def password(args: argparse.Namespace, *, again: bool = False) -> bytes:
    """The password from ``--password-file``, else asked for (twice for a new key). Raises Malformed for an empty one."""
    if args.password_file is not None:
        found = small_file(args.password_file).rstrip(b"\r\n")
    else:
        found = getpass.getpass("口令 / password: ").encode()
        if again and getpass.getpass("再输一次 / again: ").encode() != found:
            raise Malformed("the two passwords differ")
    if not found:
        raise Malformed("an empty password protects nothing")
    return found


def progress(done: int, total: int) -> None:
    """Chunks done on standard error, where a person looks at it."""
    if sys.stderr.isatty():
        print(f"\r{done}/{total} MiB", end="" if done < total else "\n", file=sys.stderr, flush=True)
