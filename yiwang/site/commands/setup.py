"""``yiwang setup``: the first start of a real centre."""

from __future__ import annotations

import argparse
import getpass
import os

from django.conf import settings
from django.core.management import call_command

from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import CENTRE, OPERATOR, SYSTEM_ACTOR
from yiwang.record.journal.api import REAL, Unborn, act, birth, business_now, found, home_in_use
from yiwang.site.stopping import Stop


def setup(args: argparse.Namespace) -> int:
    """Founds a real database with the centre and its first person, or refuses and leaves nothing behind."""
    if home_in_use(settings.HOME):
        raise Stop(f"{settings.HOME} 正被另一个进程使用 / {settings.HOME} is in use by another process")
    settings.HOME.mkdir(parents=True, exist_ok=True, mode=0o750)
    call_command("migrate", verbosity=0)
    try:
        born = birth()
    except Unborn:
        pass
    else:
        raise Stop(
            f"{settings.HOME} 已经建立（{born.kind}）/ {settings.HOME} was founded already ({born.kind})"
        )
    password = os.environ.get("YIWANG_OWNER_PASSWORD") or _asked()
    now = business_now()
    with act():
        found(REAL, now, centre=args.name, centre_en=args.name_en, region=args.region)
        identity.establish(
            SYSTEM_ACTOR,
            code=args.code,
            name=args.name,
            region=args.region,
            address=args.address,
            contact_name=args.owner,
            contact_phone=args.phone,
            roles=(CENTRE, OPERATOR),
            at=now,
        )
        person = identity.create_person(args.username, password, args.owner, at=now, by=SYSTEM_ACTOR)
        identity.appoint(SYSTEM_ACTOR, person, OPERATOR, organisation=args.code, at=now, administrator=True)
    print(f"{args.name} 已建立。下一步 / founded. Next: yiwang serve; yiwang check")
    return 0


def _asked() -> str:
    first = getpass.getpass("密码 password: ")
    if first != getpass.getpass("再次输入 once more: "):
        raise Stop("两次输入不同 / the two differ")
    return first
