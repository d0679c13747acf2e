"""docs/api.md is written by this test: every example is a request that was made and its answer.

``YIWANG_WRITE_GUIDE=1`` writes it anew; otherwise what stands there must be what happens.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.site.api_world import SHEET, Program, Town, paper, town

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
KEY = "yw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
LONGEST = 110
MOST_LINES = 46

INTRODUCTION = """\
# API guide · 接口指南

Written by `tests/site/test_api_guide.py`: every example below was sent and answered so. Random codes, digests and
tokens are masked. The contract in full is the OpenAPI document at `/api/v1/openapi.json`.

- **Public reads need no key.** 公开信息无须密钥。
- **A key acts as a person, organisation and role.** An administrator makes it on the page “接口密钥 / API keys”
  (`/account/organisation/keys/`), sees it once, and revokes it there. Send it as `Authorization: Bearer yw_…`.
  Session cookies are not looked at. 120 verbs a minute a key; then 429 with `Retry-After`.
- **`Idempotency-Key`** (1–64 visible ASCII characters): repeat a request with its key and the first result comes
  again; another request under the same key is refused. Repeat after a broken connection; never guess.
- **Errors are problem details** (RFC 9457, `application/problem+json`) with *all* findings: rule, article, field and
  a sentence in Chinese and English. Unknown parameters are refused (422).
- Amounts are integer fen; instants RFC 3339; lists go on with `cursor=` *next*, the feed with `after=` *next*.
"""


@pytest.fixture
def built(db: None) -> Town:
    return town()


class Writer:
    """Collects headings, words, requests and answers as Markdown."""

    def __init__(self) -> None:
        self.parts = [INTRODUCTION]

    def say(self, heading: str, words: str) -> None:
        self.parts.append(f"## {heading}\n\n{words}\n")

    def show(self, request: str, response: Any) -> Any:
        answer = json.loads(response.content)
        body = masked(json.dumps(answer, ensure_ascii=False, indent=1)).splitlines()
        body = [line if len(line) <= LONGEST else line[: LONGEST - 1] + "…" for line in body]
        if len(body) > MOST_LINES:
            body = [*body[:MOST_LINES], "…"]
        status = f"{response.status_code} {response['Content-Type']}"
        shown = "\n".join(body)
        self.parts.append(f"```http\n{masked(request)}\n```\n\n```json\n// {status}\n{shown}\n```\n")
        return answer


def masked(text: str) -> str:
    """The text without what is random: digests, codes, tokens, salts."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "0" * 12 + "…", text)
    text = re.sub(r"\b([A-Z])-[0-9A-Z]{12}\b", r"\1-XXXXXXXXXXXX", text)
    text = re.sub(r'"token": "[^"]+"', '"token": "…"', text)
    return re.sub(r'"leaf": ".*"', '"leaf": "…"', text)


def sheet_lines() -> str:
    return "\n".join(f"{name}={value}" for name, value in SHEET.items())


def written(built: Town) -> str:
    """The guide, from a town in which one tender is open."""
    guide, anybody, lot = Writer(), Program(), built.market.lot
    guide.say("Find notices · 查找公告", "Filters: `category form region stage first_on last_on query`.")
    found = guide.show(
        "GET /api/v1/notices?category=works&region=620503&limit=1",
        anybody.get("/notices", {"category": "works", "region": "620503", "limit": 1}),
    )
    guide.say("Read one · 公告全文", "`sha256` is the SHA-256 of the UTF-8 bytes of `body`.")
    code = found["notices"][0]["code"]
    guide.show(f"GET /api/v1/notices/{code}", anybody.get(f"/notices/{code}"))
    guide.say(
        "A lot · 标段", "Stage, deadlines with their articles, the opening record once bids were opened."
    )
    guide.show(f"GET /api/v1/lots/{lot}", anybody.get(f"/lots/{lot}"))
    guide.say("Explain a deadline · 期限怎么算", "From an event, by the law of that day.")
    guide.show(
        "GET /api/v1/law/limits/W21/explain?begins=2023-04-28T09:00",
        anybody.get("/law/limits/W21/explain", {"begins": "2023-04-28T09:00"}),
    )
    guide.say(
        "Follow everything · 变更流",
        "Numbers have no gaps. Keep `next`, ask again with it as `after`. What was recorded before it became public (a bid "
        "before its opening) carries `openings`: for each, base64(SHA-256(salt ‖ JCS([name, value]))) stands in `leaf` "
        "under `c` in `slot`, so anyone can see that nothing was changed since.",
    )
    guide.show("GET /api/v1/feed?after=0&limit=1", anybody.get("/feed", {"after": 0, "limit": 1}))
    _with_a_key(guide, built, lot)
    _for_the_lots_side(guide, built)
    _refusals(guide, anybody)
    return "\n".join(guide.parts)


def _with_a_key(guide: Writer, built: Town, lot: str) -> None:
    bidder = built.program(built.market.bidders[0])
    head = f"Authorization: Bearer {KEY}"
    guide.say("Take the documents · 获取招标文件", "Recorded once; again changes nothing.")
    guide.show(f"POST /api/v1/lots/{lot}/taking\n{head}", bidder.post(f"/lots/{lot}/taking"))
    guide.say(
        "Store a paper · 上传文件", "`multipart/form-data`, field `file`. The token is good for seven days."
    )
    kept = guide.show(f"POST /api/v1/documents\n{head}", bidder.post("/documents", {"file": paper()}))
    guide.say(
        "Hand in a bid · 递交投标文件",
        "`multipart/form-data`: the opening sheet, and papers as files (`papers`) or tokens (`kept`). Keep the receipt. "
        "`credentials` takes the codes of verified records (`GET /me/credentials`), which go along frozen as they are. "
        "What the committee asks: `GET /me/lots/CODE/inquiries`, `/inquiries/CODE/answer`. "
        "`…/bid/replacement` replaces and `…/bid/withdrawal` withdraws it until the deadline. `/taking`, `/bids` (`replace`) and `/bids/withdrawals` take "
        "JSON for several lots of a project at once: all of them, or none with the reasons of each (`field`: the lot, or `LOT.field`). A member may say so itself (`/lots/CODE/consent`, not demanded). A consortium bids through its leader: "
        "`consortium` has its members (in the form as a JSON list of `code`, `name`, `work`, `percent`, the leader first), "
        "`agreement_papers` or tokens in `agreement` are their agreement.",
    )
    asked = {**SHEET, "kept": [kept["token"]]}
    lines = f"POST /api/v1/lots/{lot}/bid\n{head}\nIdempotency-Key: bid-2026-001\n\n{sheet_lines()}\nkept=…"
    first = guide.show(lines, bidder.post(f"/lots/{lot}/bid", asked, "bid-2026-001"))
    again = bidder.post(f"/lots/{lot}/bid", asked, "bid-2026-001")
    assert again.json() == first
    guide.say("The same key for something else · 幂等键重用", "Refused; nothing was done.")
    guide.show(
        lines.replace("500000000", "1"),
        bidder.post(f"/lots/{lot}/bid", {**asked, "price_fen": 1}, "bid-2026-001"),
    )
    guide.say(
        "Ask and object · 提问、异议",
        "`/lots/CODE/questions` (nobody is told who asked), `/lots/CODE/objections` with `matter` documents, opening or "
        "result (and `interest` where you did not take or bid); the lot's side answers at `/objections/CODE/answer`. What you may read: `/me/lots/CODE/questions`, "
        "`…/objections`. Everybody reads clarifications and marks of objections in `/lots/CODE`. To complain to the supervisor: "
        "`/lots/CODE/complaints` (`/me/supervisors` lists the bodies; papers are the proof), `/complaints/CODE/withdrawal`, and who is asked "
        "answers at `/complaints/CODE/answer`, a tenderee that has to correct something states how at `/complaints/CODE/correction` "
        "and reads at `/me/lots/CODE/orders` what is open and which steps would leave nothing of it; `/me/lots/CODE/complaints` shows to each side what it may know, and to nobody else anything.",
    )
    guide.show(
        f"POST /api/v1/lots/{lot}/questions\n{head}\n\ntext=第三章的工期从哪天起算？",
        bidder.post(f"/lots/{lot}/questions", {"text": "第三章的工期从哪天起算？"}),
    )
    guide.show(f"GET /api/v1/me/lots/{lot}/questions\n{head}", bidder.get(f"/me/lots/{lot}/questions"))
    guide.say(
        "Credentials, verified once · 资信互认",
        "`multipart/form-data` with `papers`; which facts a kind asks for, a refusal names. `of` submits a further version, "
        "`/credentials/CODE/withdrawal` takes one off. A person of the centre verifies it. Everybody reads "
        "`/credentials/CODE` and `/suppliers/CODE/credentials` (nothing about persons): state, validity, and the `digest` of "
        "what was verified, to compare with a copy that you were given.",
    )
    typed = {"kind": "qualification", "title": "建筑工程施工总承包", "level": "二级", "number": "D262000001",
             "issuer": "甘肃省住房和城乡建设厅", "valid_until": "2029-12-31"}  # fmt: skip
    lines = "\n".join(f"{name}={value}" for name, value in typed.items())
    guide.show(
        f"POST /api/v1/credentials\n{head}\nIdempotency-Key: credential-7\n\n{lines}\npapers=…",
        bidder.post("/credentials", {**typed, "papers": [paper("证书")]}, "credential-7"),
    )
    guide.show(f"GET /api/v1/me/credentials\n{head}", bidder.get("/me/credentials"))
    guide.say("To-dos · 我的待办", "Also `/me`, `/me/lots`, `/me/receipts`, `/me/messages`.")
    guide.show(f"GET /api/v1/me/todos\n{head}", bidder.get("/me/todos"))


def _for_the_lots_side(guide: Writer, built: Town) -> None:
    market = built.market
    agency, head = built.program(market.agency), f"Authorization: Bearer {KEY}"
    guide.say(
        "The lot's side · 招标人、代理机构",
        "JSON bodies. `/projects`, then for each lot `tender-notice` (`method`: how bids are scored), `clarifications`, `corrections`, `postponements`, "
        "`publicity`, `notices` (result, failure, contract), `opening`, `award`, `contract`, `written-report`, "
        "`termination`, `retender`; `passings` (a candidate passed over), `no-winner`, `reexaminations`, `annulment`, "
        "`forgoing` (not tendered again), `evaluation-time` (longer), `charge` (who is in charge), `deposit-payers` (after the opening, who paid: for the committee); `/projects/CODE/opening` opens a whole session and "
        "`/projects/CODE/archive` gives its archive as zip; `GET /me/lots/CODE/refunds`, `/refunds/CODE/payment`; `expert-draw` and `special-tender` (`GET /me/lots/CODE/experts` says how far each draw is, also one for a committee that was stood down); `/notices/CODE/confirmation` by the tenderee, who did not write it (D01), and "
        "`…/taking-back`. `/tender-notices`, `/publicities`, `/result-notices`, `/failure-notices` and `/contract-notices` draft one notice for several `lots` of a "
        "project, for all or for none (a refusal's `field` is `LOT.field`); clarifications, corrections and postponements take `others`. "
        "What each lot says for itself stands in the `parts` of a published notice. Papers are tokens of `/documents`. The centre checks the form, and enters what a committee on "
        "paper decided, in the hall. A prequalification: `/lots/CODE/prequalification-notice`; a bidder takes its documents "
        "(`taking`), then `/lots/CODE/application` (papers as tokens, `credentials`: verified records, `members` of a consortium, `replace`) and "
        "`…/withdrawal`; after the deadline `/me/lots/CODE/applications`, `/applications/CODE/decision` where the tenderee "
        "reviews, `/lots/CODE/applications/result`. Once awarded, anybody reads with `GET /lots/CODE/calculation` how the award came about (with an ETag: ask again with `If-None-Match`); tenderee and agency read the evaluation report with `GET /me/lots/CODE/evaluation-report`.",
    )
    new = {
        "name": "清水县卫生院门诊楼工程", "tenderee": market.hosts[0].organisation,
        "agency": market.agency.organisation, "region": "620521", "funds": "财政预算资金",
        "approval": "天发改投〔2026〕9号", "state_funded": True,
        "lots": [{"name": "施工", "content": "新建门诊楼", "estimate_fen": 600_000_000, "period_days": 180}],
    }  # fmt: skip
    said = json.dumps(new, ensure_ascii=False, indent=1)
    once = f"{head}\nIdempotency-Key: project-9"
    made = guide.show(f"POST /api/v1/projects\n{once}\n\n{said}", agency.send("/projects", new, "project-9"))
    (lot,) = made["lots"]
    guide.say("All that stands against a notice · 公告的全部问题", "Too short a sale, too early a deadline.")
    wanted = {
        "publish_at": "2026-03-09T09:00:00+08:00", "documents_from_at": "2026-03-09T09:00:00+08:00",
        "documents_until_on": "2026-03-11", "deadline_at": "2026-03-20T09:30:00+08:00",
        "opening_place": "第三开标室", "qualification": "施工总承包二级", "ceiling_fen": 600_000_000,
        "deposit_fen": 20_000_000, "validity_days": 90, "period_days": 180, "kept": [],
    }  # fmt: skip
    said = json.dumps(wanted, ensure_ascii=False, indent=1)
    path = f"/lots/{lot}/tender-notice"
    guide.show(f"POST /api/v1{path}\n{head}\n\n{said}", agency.send(path, wanted))


def _refusals(guide: Writer, anybody: Program) -> None:
    guide.say("Without a key · 没有密钥", "401; a key whose role may not do it: 403.")
    guide.show("GET /api/v1/me", anybody.get("/me"))
    guide.say("All that is wrong · 全部问题", "Every finding, not the first.")
    guide.show("GET /api/v1/feed?befor=0&x=1", anybody.get("/feed", {"befor": 0, "x": 1}))


def test_the_guide_shows_what_happens(built: Town) -> None:
    text = written(built)
    assert "yw_" + "A" * 8 in text
    if os.environ.get("YIWANG_WRITE_GUIDE"):
        GUIDE.write_text(text, encoding="utf-8")
    assert GUIDE.read_text("utf-8") == text
