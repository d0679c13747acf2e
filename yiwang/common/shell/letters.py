"""The frame that every mail of the platform has: subject with the sender, greeting, text, who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.pure.kernel.words import Words

LONGEST_SUBJECT = 200
_GREETING = Words("您好：", "Dear reader,")
_SIGNED = Words(
    "—— {sender}\n本邮件由系统自动发送，请勿回复。网址：{origin}",
    "— {sender}\nThis mail was sent automatically: please do not answer it. Address: {origin}",
)


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a kind of mail says, in both languages; ``{name}`` stands for what differs from letter to letter.

    The body says what happened, what to do, until when, and where.
    """

    subject: Words
    body: Words

    def written(
        self, language: str, values: Mapping[str, str], *, sender: str, origin: str
    ) -> tuple[str, str]:
        """Subject (one line, at most 200 characters) and text, in ``language``."""
        subject = self.subject.in_language(language).format(**values)
        signed = _SIGNED.in_language(language).format(sender=sender, origin=origin)
        lines = self.body.in_language(language).format(**values).strip().splitlines()
        body = "\n".join(line.rstrip() for line in lines)
        text = f"{_GREETING.in_language(language)}\n\n{body}\n\n{signed}\n"
        return " ".join(f"[{sender}] {subject}".split())[:LONGEST_SUBJECT], text
