"""The award letter (中标通知书) and the contract: what parties sign and keep."""

from __future__ import annotations

from yiwang.business.trading.models import Award, Contract, Lot
from yiwang.business.trading.papers.words import NoSuchPaper, day_of, day_words, end_notes, instant_of
from yiwang.business.trading.parties import bid_names, names, party
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.money import shown_yuan
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Addressee, Block, Closing, Fields, Heading, Paper, Prose, Signatures

DRAFT = Words("（待签署）", " (for signature)")


def _award(lot: Lot) -> Award:
    decided = Award.objects.select_related("bid").filter(lot=lot, withdrawn_at=None).first()
    if decided is None:
        raise NoSuchPaper("award")
    return decided


def letter_paper(lot: Lot, language: str) -> Paper:
    """The award letter as sent (招标投标法 45). Raises NoSuchPaper before the award."""
    decided = _award(lot)
    bid = decided.bid
    known = names((lot.project.tenderee, lot.project.agency)) | bid_names([bid])
    within = law.limit("W23", on=lot.law_on or local_day(decided.sent_at))
    price = shown_yuan(bid.price_fen)
    rows = [
        (Words("项目名称", "Project"), lot.project.name),
        (Words("标段名称", "Lot"), lot.name),
        (Words("标段编号", "Lot code"), lot.code),
        (Words("中标价", "Award price"), Words(f"人民币 {price} 元", f"CNY {price}").in_language(language)),
        (Words("工期", "Period"), Words(f"{bid.period_days} 日历天", f"{bid.period_days} calendar days").in_language(language)),
        (Words("质量", "Quality"), bid.quality),
        (Words("项目经理", "Project manager"), f"{bid.manager} {bid.manager_certificate}".strip()),
    ]  # fmt: skip
    text = Words(
        f"贵方递交的{lot.project.name}（{lot.name}）投标文件已被我方接受，确定贵方为中标人。\n"
        f"请贵方在本通知书发出之日起 {within.at_most} 日内，按照招标文件和贵方的投标文件与我方订立书面合同。",
        f"Your bid for {lot.project.name} ({lot.name}) has been accepted: the award is yours.\n"
        f"Within {within.at_most} days of this letter please sign the written contract with us according to the "
        "tender documents and your bid.",
    )
    closing = (known[lot.project.tenderee], known.get(lot.project.agency, ""))
    source = f"《中华人民共和国招标投标法》第四十五条；{within.source}"
    return Paper(
        language=language,
        title=Words("中标通知书", "Award letter").in_language(language),
        number=decided.letter_number,
        dated_at=decided.sent_at,
        issuer=known[lot.project.tenderee],
        blocks=(
            Addressee(Words(f"{known[bid.bidder]}：", f"To {known[bid.bidder]}:").in_language(language)),
            Prose(text.in_language(language)),
            Fields(Words("中标内容", "What was awarded").in_language(language), tuple((label.in_language(language), said) for label, said in rows if said)),
            Closing((*(f"{each}{Words('（盖章）', ' (seal)').in_language(language)}" for each in closing if each), day_of(decided.sent_at).in_language(language))),
            end_notes([Words(f"依据：{source}", f"Source: {source}").in_language(language)], language),
        ),
    )  # fmt: skip


def contract_paper(lot: Lot, language: str) -> Paper:
    """The contract: for signature after the award, as signed once it is on record. Raises NoSuchPaper before.

    Its terms follow the award and the bid; nothing in it departs from them in substance (招标投标法 46).
    """
    decided = _award(lot)
    signed = Contract.objects.filter(lot=lot).first()
    number = signed.number if signed else lot.code + DRAFT.in_language(language)
    return Paper(
        language=language,
        title=Words("建设工程施工合同", "Works contract").in_language(language),
        number=Words("合同编号：", "Contract no. ").in_language(language) + number,
        dated_at=decided.sent_at if signed is None else instant_of(lot, "contract-signed"),
        issuer=names([lot.project.tenderee])[lot.project.tenderee],
        blocks=(*_terms(lot, decided, signed, language), *_signing(lot, decided, signed, language)),
    )


def _terms(lot: Lot, decided: Award, signed: Contract | None, language: str) -> list[Block]:
    bid = decided.bid
    known = names([lot.project.tenderee]) | bid_names([bid])
    amount = shown_yuan(signed.amount_fen if signed else bid.price_fen)
    bond = shown_yuan(signed.bond_fen) if signed else ""
    parts = [
        (Words("一、工程概况", "1. The works"), Words(
            f"工程名称：{lot.project.name}（{lot.name}）。\n工程内容：{lot.content}\n资金来源：{lot.project.funds}。\n批准文件：{lot.project.approval}。",
            f"Works: {lot.project.name} ({lot.name}).\nContent: {lot.content}\nFunds: {lot.project.funds}.\nApproval: {lot.project.approval}.")),
        (Words("二、合同工期", "2. Period"), Words(f"工期总日历天数：{bid.period_days} 天。", f"{bid.period_days} calendar days in all.")),
        (Words("三、质量标准", "3. Quality"), Words(f"工程质量符合“{bid.quality}”标准。", f"The works meet the standard “{bid.quality}”.")),
        (Words("四、签约合同价", "4. Price"), Words(
            f"人民币 {amount} 元。" + (f"\n履约保证金：人民币 {bond} 元。" if signed and signed.bond_fen else ""),
            f"CNY {amount}." + (f"\nPerformance bond: CNY {bond}." if signed and signed.bond_fen else ""))),
        (Words("五、项目经理", "5. Project manager"), Words(
            f"承包人项目经理：{bid.manager}（{bid.manager_certificate}）。", f"The contractor's manager: {bid.manager} ({bid.manager_certificate}).")),
        (Words("六、合同文件构成", "6. Documents of the contract"), Words(
            f"本协议书；中标通知书（{decided.letter_number}）；投标文件；招标文件及其澄清、修改；图纸和已标价工程量清单。",
            f"This agreement; the award letter ({decided.letter_number}); the bid; the tender documents with clarifications and amendments; drawings and the priced bill of quantities.")),
        (Words("七、承诺", "7. Undertaking"), Words(
            "双方按照招标文件和中标人的投标文件订立本合同，不再订立背离合同实质性内容的其他协议（招标投标法第四十六条）。",
            "The parties contract according to the tender documents and the bid, and make no other agreement that departs from it in substance (Bidding Law, art. 46).")),
    ]  # fmt: skip
    parties = (
        (Words("发包人（甲方）", "Employer").in_language(language), known[lot.project.tenderee]),
        (Words("承包人（乙方）", "Contractor").in_language(language), known[bid.bidder]),
    )
    blocks: list[Block] = [Fields("", parties)]
    for title, text in parts:
        blocks += [Heading(title.in_language(language)), Prose(text.in_language(language))]
    return blocks


def _signing(lot: Lot, decided: Award, signed: Contract | None, language: str) -> list[Block]:
    sides = []
    day = day_words(signed.signed_on).in_language(language) if signed else ""
    for title, code in (
        (Words("发包人（盖章）：", "Employer (seal):"), lot.project.tenderee),
        (Words("承包人（盖章）：", "Contractor (seal):"), decided.bid.bidder),
    ):
        found = party(code)
        lines = (
            found.name if found else code,
            Words(f"统一社会信用代码：{code}", f"Code: {code}").in_language(language),
            Words("法定代表人（签字）：", "Legal representative:").in_language(language),
            Words(f"签订日期：{day}", f"Signed on: {day}").in_language(language),
        )
        sides.append((title.in_language(language), lines))
    source = law.limit("W23", on=lot.law_on or local_day(decided.sent_at)).source
    notes = [Words(f"依据：{source}", f"Source: {source}").in_language(language)]
    return [Signatures(tuple(sides)), end_notes(notes, language)]
