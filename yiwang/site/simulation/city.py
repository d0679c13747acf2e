"""The invented parties and works of the demo city. Names are made up; regions are those of the code list."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from yiwang.pure.kernel.codes import REGIONS, uscc_of

_ORGANISATION_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = (
    "建国",
    "晓梅",
    "志强",
    "丽华",
    "海涛",
    "雪琴",
    "文博",
    "春燕",
    "立新",
    "雅静",
    "国栋",
    "思远",
    "慧敏",
    "永刚",
)

TENDEREES = (
    ("天水市育才教育投资有限公司", "620502"),
    ("麦积区惠民建设管理中心", "620503"),
    ("秦安县水务发展有限公司", "620522"),
    ("甘谷县交通建设服务中心", "620523"),
    ("天水市康宁医院", "620502"),
    ("武山县城乡环境服务中心", "620524"),
)
AGENCIES = (
    ("陇上信达工程咨询有限公司", "620502"),
    ("天水明镜招标代理有限公司", "620503"),
    ("渭河源项目管理有限公司", "620523"),
)
BIDDERS = (
    "甘肃陇原第一建筑工程有限公司",
    "天水恒固建设集团有限公司",
    "渭水路桥工程有限公司",
    "麦积山市政工程有限公司",
    "西北宏图建设有限公司",
    "甘肃安泰建筑安装有限公司",
    "秦州四方建设工程有限公司",
    "陇南青山水利工程有限公司",
    "关山建工有限公司",
    "甘肃金桥公路养护有限公司",
    "天水中和装饰工程有限公司",
    "华羲建设集团有限公司",
    "甘谷永兴建筑工程有限公司",
    "平凉崆峒建设有限公司",
)
WORKS = (
    ("中学教学楼新建工程", "新建教学楼一栋，框架结构，含给排水、电气及室外附属工程。"),
    ("乡村道路提升改造工程", "改建乡村道路，水泥混凝土路面，含涵洞、边沟和交通安全设施。"),
    ("污水处理厂提标改造工程", "增设深度处理单元，更换曝气系统及自控设备。"),
    ("河道治理工程", "河道清淤疏浚、护岸加固和生态绿化。"),
    ("老旧小区综合改造工程", "外墙保温、屋面防水、供热管网和小区道路改造。"),
    ("医院门诊楼装修工程", "门诊楼室内装修、医用气体和通风空调工程。"),
    ("集中供热管网延伸工程", "敷设供热一次管网，新建换热站。"),
    ("公共停车场建设工程", "新建地面停车场，含照明、充电桩和收费系统土建部分。"),
    ("水库除险加固工程", "大坝灌浆、溢洪道改建和监测设施。"),
    ("农贸市场改造工程", "市场主体结构加固、摊位改造、给排水和消防工程。"),
)


@dataclass(frozen=True, slots=True)
class Invented:
    """An invented organisation: code, name, region and the role it asks for."""

    code: str
    name: str
    region: str
    role: str


def credit_code(rng: random.Random, region: str, public: bool) -> str:
    """A valid 统一社会信用代码 that nobody has been given: 12 for public bodies, 91 for companies."""
    body = "".join(rng.choice(_ORGANISATION_ALPHABET) for _ in range(9))
    return uscc_of(f"{'12' if public else '91'}{region}{body}")


def parties(rng: random.Random) -> list[Invented]:
    """All parties of the city, in a fixed order for a seed."""
    found = [Invented(credit_code(rng, region, True), name, region, "tenderee") for name, region in TENDEREES]
    found += [Invented(credit_code(rng, region, False), name, region, "agency") for name, region in AGENCIES]
    regions = sorted(REGIONS)
    for name in BIDDERS:
        region = rng.choice(regions)
        found.append(Invented(credit_code(rng, region, False), name, region, "bidder"))
    return found


def person_name(rng: random.Random) -> str:
    """An invented person's name."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def works(rng: random.Random) -> Iterator[tuple[str, str, str]]:
    """Names, contents and regions of works, endlessly, no name twice."""
    regions = [code for code in sorted(REGIONS) if code != "620500"]
    seen: set[str] = set()
    while True:
        region = rng.choice(regions)
        kind, content = rng.choice(WORKS)
        name = f"{REGIONS[region][0]}{kind}"
        if name in seen:
            name = f"{name}（{('二', '三', '四', '五')[rng.randrange(4)]}期）"
        if name not in seen:
            seen.add(name)
            yield name, content, region
