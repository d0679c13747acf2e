"""What the bidders of the city have verified once, and one bidder whose administrator has people to manage."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import Any

from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import ANYONE, BIDDER, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.record.files import api as files
from yiwang.record.journal.api import real_now
from yiwang.site.simulation.city import GIVEN, SURNAMES
from yiwang.site.simulation.papers import stored_pdf
from yiwang.site.simulation.script import World

CATEGORIES = ("建筑工程施工总承包", "市政公用工程施工总承包", "公路工程施工总承包", "水利水电工程施工总承包")
GRADES = ("一级", "二级", "三级")
ISSUER = "甘肃省住房和城乡建设厅（演练）"
WORKS = ("第二实验小学综合楼", "渭河南路改造", "陇昌路排水管网", "社区卫生服务中心", "乡镇污水处理站")
EXPIRES_SOON = date(2026, 10, 20)  # some weeks after the day on which the city stands
FAR = date(2029, 6, 30)
WITH_MANAGERS = 6  # so many of the bidders have their project managers on the register


def _paper(title: str) -> files.Document:
    sha256, _ = stored_pdf(title)
    return files.describe(sha256)


def _qualification(number: int) -> dict[str, Any]:
    return {
        "title": CATEGORIES[number % len(CATEGORIES)],
        "level": GRADES[number % len(GRADES)],
        "number": f"D262{number:06d}",
        "issuer": ISSUER,
        "valid_until": (EXPIRES_SOON if number == 1 else FAR).isoformat(),
    }


def _performance(number: int) -> dict[str, Any]:
    return {
        "title": f"{WORKS[number % len(WORKS)]}工程",
        "client": "天水市城乡建设服务中心（演练）",
        "number": f"HT-2024-{number + 1:03d}",
        "amount_fen": (number + 3) * 412_350_000,
        "finished_on": date(2025, 3 + number % 6, 18).isoformat(),
    }


def _manager(number: int) -> dict[str, Any]:
    return {
        "person_name": SURNAMES[(number * 5) % len(SURNAMES)] + GIVEN[(number * 3) % len(GIVEN)],
        "title": ("一级注册建造师", "二级注册建造师")[number % 2],
        "specialty": ("建筑工程", "市政公用工程")[number % 2],
        "number": f"甘1622026{number:05d}",
        "valid_until": FAR.isoformat(),
    }


def furnish(world: World) -> None:
    """Every bidder has a qualification; some performance and project managers; one is returned, one still waits."""
    at, checker = world.now, world.centre[0]
    for number, bidder in enumerate(world.bidders):
        wanted = [(identity.QUALIFICATION, _qualification(number), "资质证书")]
        if number < WITH_MANAGERS:
            wanted.append((identity.PERFORMANCE, _performance(number), "合同与竣工验收证明"))
            wanted += [(identity.PERSONNEL, _manager(2 * number + each), "注册建造师证书") for each in (0, 1)]
        for kind, facts, title in wanted:
            code = identity.submit_credential(bidder, kind, facts, [_paper(title)], at=at)
            identity.verify_credential(checker, code, at=at + timedelta(hours=1))
    world.now = at + timedelta(hours=2)


def _returned(world: World, at: datetime) -> None:
    code = identity.submit_credential(
        world.bidders[0], identity.PERFORMANCE, _performance(30), [_paper("合同")], at=at
    )
    reasons = ["缺少竣工验收证明，请补充后重新提交。"]
    identity.return_credential(world.centre[1], code, reasons, at=at)


def people_of_a_bidder(world: World) -> None:
    """The first bidder's administrator invites: one joined until the year's end, one is suspended, one
    invitation is open; a reset of a login awaits its second pair of eyes; a credential awaits verification."""
    boss, at, now = world.bidders[0], world.now, real_now()
    joined = [_joined(boss, name, at) for name in ("周雅静", "吴思远")]
    identity.suspend_colleague(boss, joined[1], at=at)
    identity.invite(boss, "郑慧敏", [BIDDER], now=now, at=at, ends_on=local_day(at) + timedelta(days=60))
    identity.ask_reset(world.centre[1], _username("周雅静"), "本人到场核对身份证，手机丢失。", at=at)
    _returned(world, at)
    identity.submit_credential(
        world.bidders[1], identity.PERSONNEL, _manager(40), [_paper("注册建造师证书")], at=at
    )


def _username(name: str) -> str:
    return f"demo-{GIVEN.index(name[1:]):02d}"


def _joined(boss: Actor, name: str, at: datetime) -> str:
    """Invited and come, as a visitor would; in a rehearsal nobody logs in with that password."""
    ends_on = date(local_day(at).year, 12, 31)
    paper = identity.invite(boss, name, [BIDDER], now=real_now(), at=at, ends_on=ends_on)
    new = identity.NewPerson(_username(name), secrets.token_urlsafe(24), name, "13800000000")
    return identity.accept_invitation(ANYONE, paper, new, address="", now=real_now(), at=at)
