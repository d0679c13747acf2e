"""Trust policies (C2SP tlog-policy): which logs, which witnesses, and how many of whom must have cosigned."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass, field

from yiwang.pure.tlog.cosignatures import COSIGNATURE_KINDS
from yiwang.pure.tlog.keys import COSIGNATURE_ED25519, VKey
from yiwang.pure.tlog.lines import limited, shown
from yiwang.pure.tlog.refusals import POLICY, refused

MAX_POLICY = 1_000_000
MAX_LINES = 256
NONE = b"none"
SYNTAX = f"{POLICY} § Policy file syntax and structure"
_FORBIDDEN = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_SPACE = re.compile(rb"[ \t]+")
_NUMBER = re.compile(rb"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class Party:
    """A log or a witness of a policy: its name in the policy (b"" of a log), its key, and its URL ("" if none)."""

    name: bytes
    vkey: VKey
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """At least ``threshold`` of ``members`` (names of witnesses and groups)."""

    name: bytes
    threshold: int
    members: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """A trust policy. ``quorum`` is the name of a witness or group, or b"none"."""

    logs: tuple[Party, ...]
    witnesses: tuple[Party, ...]
    groups: tuple[Group, ...]
    quorum: bytes

    def met_by(self, cosigned: Set[bytes]) -> bool:
        """Whether the witnesses named in ``cosigned`` are a quorum."""
        if self.quorum == NONE:
            return True
        met = set(cosigned) & {each.name for each in self.witnesses}
        for group in self.groups:  # each refers to names before it only
            if sum(name in met for name in group.members) >= group.threshold:
                met.add(group.name)
        return self.quorum in met

    def sentence(self, name: bytes | None = None) -> str:
        """The rule in short, as ``2 of (X1, X2, any of (Y1, Y2))``."""
        name = self.quorum if name is None else name
        for group in self.groups:
            if group.name == name:
                members = ", ".join(self.sentence(each) for each in group.members)
                return f"{group.threshold} of ({members})"
        return name.decode("utf-8", "backslashreplace")


def parse_policy(raw: bytes) -> Policy:
    """The policy of a file, at most 1 MB and 256 lines that define something.

    Refused with the line and the rule broken: characters, unknown words, names defined twice or not before
    they are used, a member of two groups, k outside 1 … n, keys of a kind that does not fit, one public key
    twice among the logs or among the witnesses, not exactly one quorum.
    """
    limited(raw, MAX_POLICY, SYNTAX)
    bad = _FORBIDDEN.search(raw)
    if bad:
        line = raw.count(b"\n", 0, bad.start()) + 1
        column = bad.start() - raw.rfind(b"\n", 0, bad.start())
        refused("control-character", f"{POLICY} § Character set", line=line, column=column, code=bad[0][0])
    if raw and not raw.endswith(b"\n"):
        refused("no-newline", SYNTAX, line=raw.count(b"\n") + 1)
    reader = _Reader()
    for number, written in enumerate(raw.split(b"\n"), 1):
        words = _SPACE.split(written.strip(b" \t"))
        if words != [b""] and not words[0].startswith(b"#"):
            reader.take(number, words)
    return reader.policy()


@dataclass
class _Reader:
    """Takes the lines of a policy one by one."""

    logs: list[Party] = field(default_factory=list)
    witnesses: list[Party] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: bytes = b""
    names: set[bytes] = field(default_factory=set)
    members: set[bytes] = field(default_factory=set)
    count: int = 0

    def take(self, line: int, words: list[bytes]) -> None:
        """One line, by its first word."""
        self.count += 1
        if self.count > MAX_LINES:
            refused("policy-too-long", SYNTAX, line=line, limit=MAX_LINES)
        takers: dict[bytes, Callable[[int, list[bytes]], None]] = {
            b"log": self.take_log,
            b"witness": self.take_witness,
            b"group": self.take_group,
            b"quorum": self.take_quorum,
        }
        taker = takers.get(words[0])
        if taker is None:
            refused("policy-word", SYNTAX, line=line, text=shown(words[0]))
        taker(line, words[1:])

    def take_log(self, line: int, words: list[bytes]) -> None:
        """``log <vkey> [<url>]``."""
        _check_count(line, b"log", words, 1, 2)
        key = VKey.parse(words[0], line)
        if key.kind == COSIGNATURE_ED25519:
            refused("policy-kind", f"{POLICY} § Public key representation", line=line, name=key.name)
        self._add(line, self.logs, Party(b"", key, _url(words[1:])))

    def take_witness(self, line: int, words: list[bytes]) -> None:
        """``witness <name> <vkey> [<url>]``."""
        _check_count(line, b"witness", words, 2, 3)
        self._define(line, words[0])
        key = VKey.parse(words[1], line)
        if key.kind not in COSIGNATURE_KINDS:
            refused("policy-kind", f"{POLICY} § Public key representation", line=line, name=key.name)
        self._add(line, self.witnesses, Party(words[0], key, _url(words[2:])))

    def take_group(self, line: int, words: list[bytes]) -> None:
        """``group <name> all|any|<k> <name>…``."""
        _check_count(line, b"group", words, 3, MAX_LINES)
        name, rule, members = words[0], words[1], words[2:]
        for member in members:
            if member not in self.names:
                refused(
                    "policy-undefined", f"{POLICY} § Defining a witness group", line=line, name=shown(member)
                )
            if member in self.members:
                refused(
                    "policy-member-twice",
                    f"{POLICY} § Defining a witness group",
                    line=line,
                    name=shown(member),
                )
            self.members.add(member)
        self._define(line, name)
        threshold = {b"any": 1, b"all": len(members)}.get(rule)
        if threshold is None:
            threshold = int(rule) if _NUMBER.fullmatch(rule) else 0
        if not 1 <= threshold <= len(members):
            source = f"{POLICY} § Defining a witness group"
            refused("policy-threshold", source, line=line, text=shown(rule), count=len(members))
        self.groups.append(Group(name, threshold, tuple(members)))

    def take_quorum(self, line: int, words: list[bytes]) -> None:
        """``quorum <name>``."""
        _check_count(line, b"quorum", words, 1, 1)
        if self.quorum:
            refused("policy-quorum-twice", f"{POLICY} § Defining the quorum", line=line)
        if words[0] != NONE and words[0] not in self.names:
            refused("policy-undefined", f"{POLICY} § Defining the quorum", line=line, name=shown(words[0]))
        self.quorum = words[0]

    def policy(self) -> Policy:
        """What was read; Refused (``policy-no-quorum``) without a quorum."""
        if not self.quorum:
            refused("policy-no-quorum", f"{POLICY} § Defining the quorum")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def _define(self, line: int, name: bytes) -> None:
        if name == NONE or name in self.names:
            refused("policy-name-twice", f"{POLICY} § What is a policy", line=line, name=shown(name))
        self.names.add(name)

    def _add(self, line: int, parties: list[Party], party: Party) -> None:
        if any(each.vkey.public == party.vkey.public for each in parties):
            refused("policy-key-twice", SYNTAX, line=line, name=party.vkey.name)
        parties.append(party)


def _url(words: list[bytes]) -> str:
    return words[0].decode("utf-8", "backslashreplace") if words else ""


def _check_count(line: int, word: bytes, words: list[bytes], least: int, most: int) -> None:
    if not least <= len(words) <= most:
        refused("policy-words", SYNTAX, line=line, text=word.decode(), count=len(words))
