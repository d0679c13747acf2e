"""What an organisation may have verified once and reuse: qualifications, performance, personnel (资质、业绩、人员)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.pure.kernel.actors import SYSTEM, Actor
from yiwang.pure.kernel.findings import Finding
from yiwang.pure.kernel.sameness import key
from yiwang.pure.kernel.words import Words

QUALIFICATION, PERFORMANCE, PERSONNEL = "qualification", "performance", "personnel"
KINDS = (QUALIFICATION, PERFORMANCE, PERSONNEL)
KIND_WORDS = {
    QUALIFICATION: Words("资质", "Qualification"),
    PERFORMANCE: Words("业绩", "Performance"),
    PERSONNEL: Words("人员", "Personnel"),
}
PUBLIC_KINDS = (
    QUALIFICATION,
    PERFORMANCE,
)  # personnel is personal data: 个人信息保护法 6, as little as is needed

SUBMITTED, RETURNED, VERIFIED = "submitted", "returned", "verified"
VERSION_STATUSES = (SUBMITTED, RETURNED, VERIFIED)
STATUS_WORDS = {
    SUBMITTED: Words("待核验", "Awaiting verification"),
    RETURNED: Words("已退回", "Returned"),
    VERIFIED: Words("已核验", "Verified"),
}
VALID, EXPIRING, EXPIRED = "valid", "expiring", "expired"
EXPIRING_DAYS = 60  # a house setting
DOCUMENTS_AT_MOST = 10
FOUR_EYES = "GB/T 22239-2019"

TEXT, DAY, AMOUNT = "text", "day", "amount"
NUMBER_AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Part:
    """One fact of a credential: its name, words, type (TEXT, DAY as ISO, AMOUNT in fen) and whether it must be given."""

    name: str
    words: Words
    type: str = TEXT
    needed: bool = True
    longest: int = 100


PARTS: Mapping[str, tuple[Part, ...]] = {
    QUALIFICATION: (
        Part("title", Words("资质类别", "Category")),
        Part("level", Words("等级", "Grade"), longest=20),
        Part("number", Words("证书编号", "Certificate number"), longest=NUMBER_AT_MOST),
        Part("issuer", Words("发证机关", "Issued by")),
        Part("valid_until", Words("有效期至", "Valid until"), DAY),
    ),
    PERFORMANCE: (
        Part("title", Words("项目名称", "Project"), longest=120),
        Part("client", Words("建设单位", "Client"), longest=120),
        Part("number", Words("合同编号", "Contract number"), longest=NUMBER_AT_MOST),
        Part("amount_fen", Words("合同金额", "Contract amount"), AMOUNT),
        Part("finished_on", Words("竣工验收日期", "Accepted on"), DAY),
    ),
    PERSONNEL: (
        Part("person_name", Words("姓名", "Name"), longest=60),
        Part("title", Words("证书名称", "Certificate"), longest=60),
        Part("specialty", Words("专业", "Specialty"), needed=False, longest=60),
        Part("number", Words("证书编号", "Certificate number"), longest=NUMBER_AT_MOST),
        Part("valid_until", Words("有效期至", "Valid until"), DAY),
    ),
}


def certificate_key(number: str) -> str:
    """By what the number of a certificate is found again, however it is written; "" where it says nothing."""
    return key(number)[:NUMBER_AT_MOST]


def manager_certificate(facts: Mapping[str, object], at_most: int) -> str:
    """A certificate of somebody's in one line: title, specialty, number. The number is whole also where it gets long."""
    number = str(facts.get("number", "")).strip()
    rest = " ".join(str(facts.get(part, "")).strip() for part in ("title", "specialty") if facts.get(part))
    return f"{rest[: max(at_most - len(number) - 1, 0)].strip()} {number}".strip()[:at_most]


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None


def valid_until(facts: Mapping[str, object]) -> date | None:
    """The last day on which a credential counts; None where it has no end."""
    return _day(facts.get("valid_until", ""))


def validity(until: date | None, today: date) -> str:
    """VALID, EXPIRING within 60 days, or EXPIRED after the last day."""
    if until is None:
        return VALID
    if until < today:
        return EXPIRED
    return EXPIRING if until <= today + timedelta(days=EXPIRING_DAYS) else VALID


def credential_findings(
    kind: str, facts: Mapping[str, object], documents: int, today: date
) -> Iterator[Finding]:
    """Objections to the facts of a credential, each at its field; it must still be valid and have its papers."""
    for part in PARTS[kind]:
        value = facts.get(part.name, "")
        if part.type == TEXT and len(str(value).strip()) > part.longest:
            yield Finding("text-length", "", {"at_least": 1, "at_most": part.longest}, part.name)
        missing = value in ("", None) or (part.type == TEXT and not str(value).strip())
        if (
            (part.needed and missing)
            or (part.type == DAY and not missing and _day(value) is None)
            or (part.type == AMOUNT and not missing and not (isinstance(value, int) and value > 0))
        ):
            yield Finding(
                "credential-part", "", {"part_zh": part.words.zh, "part_en": part.words.en}, part.name
            )
    if validity(valid_until(facts), today) == EXPIRED:
        yield Finding("credential-expired", "", {}, "valid_until")
    finished = _day(facts.get("finished_on", ""))
    if finished is not None and finished > today:
        yield Finding("credential-future", "", {}, "finished_on")
    if not 1 <= documents <= DOCUMENTS_AT_MOST:
        yield Finding("credential-documents", "", {"at_least": 1, "at_most": DOCUMENTS_AT_MOST}, "documents")


def verification_findings(
    status: str, organisation: str, submitted_by: str, by: Actor, member_of: Collection[str]
) -> Iterator[Finding]:
    """Who verifies has no part in what is verified; ``member_of`` are the organisations of the verifier."""
    if status != SUBMITTED:
        yield Finding("credential-decided")
    if by.role != SYSTEM and (by.person == submitted_by or organisation in member_of):
        yield Finding("review-own", FOUR_EYES)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A verified version that a bid is to carry: whose it is and until when it counts (None: without end)."""

    code: str
    organisation: str
    until: date | None


def snapshot_findings(
    chosen: Collection[Chosen], organisation: str, wanted: int, today: date
) -> Iterator[Finding]:
    """Objections to carrying ``chosen`` (of ``wanted`` asked for) in a bid of ``organisation`` today."""
    if len(chosen) != wanted or any(each.organisation != organisation for each in chosen):
        yield Finding("credential-unknown", "", {}, "credentials")
    if any(validity(each.until, today) == EXPIRED for each in chosen):
        yield Finding("credential-expired", "", {}, "credentials")
