"""The archive of a project: whole for those who may have it, silent about what is still secret, on record."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.hall import story
from tests.hall.world import City, Person
from yiwang.business.trading import api as trading
from yiwang.business.trading.papers import filing
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.refs import Ref
from yiwang.pure.papers.api import Paper, archive_findings, pdf
from yiwang.record.journal.api import NotInAct, business_now, hold_lock, openings, timeline
from yiwang.site.cli import main


def taken(person: Person, code: str) -> zipfile.ZipFile:
    answer = person.client.post(f"/hall/projects/{code[:17]}/archive/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def everything(packed: zipfile.ZipFile) -> str:
    """All names and all readable text of an archive."""
    parts = [name.partition("/")[2] for name in packed.namelist()]
    parts += [packed.read(name).decode() for name in packed.namelist() if name.endswith((".json", ".html"))]
    return "\n".join(parts)


def test_those_who_may_have_it_get_it_whole_and_the_others_do_not(city: City, tmp_path: Path) -> None:
    code = story.awarded(city)
    address = f"/hall/projects/{code[:17]}/archive/"
    for person in (city.host, city.centre, city.supervisor):
        assert address in person.get(f"/hall/projects/{code[:17]}/")
        packed = taken(person, code)
        folder = tmp_path / person.actor.person
        packed.extractall(folder)
        root = folder / packed.namelist()[0].partition("/")[0]
        assert list(archive_findings(root)) == []
        found = everything(packed)
        for stage in (
            "01-项目登记",
            "02-公告与招标文件/招标文件",
            "03-投标/01-",
            "04-开标",
            "05-评标",
            "06-公示与定标",
            "08-流水记录",
        ):
            assert stage in found, stage
    assert city.stranger.client.post(address).status_code == 404
    assert city.bidders[0].client.post(address).status_code == 403
    assert city.host.client.get(address).status_code == 405


def test_before_the_opening_nothing_of_a_bid_nor_who_took_the_documents_is_in_it(city: City) -> None:
    code = story.announce(city)
    story.bid(city, code, 0, "10987654.32")
    bidder = city.bidders[0].actor.organisation
    envelope = trading.own_envelope(trading.find_lot(code), bidder)
    assert envelope is not None
    for person in (city.host, city.centre, city.supervisor):
        found = everything(taken(person, code))
        for secret in (
            "03-投标",
            "获取登记",
            bidder,
            envelope.code,
            envelope.leaf_hash,
            trading.receipt_of(envelope).papers[0][0],
        ):
            assert secret not in found


def test_names_of_the_committee_are_not_in_it_before_the_award(city: City) -> None:
    code = story.reported(city)
    members = [each.name for each in trading.find_lot(code).committee.all()]
    packed = taken(city.centre, code)
    assert not [each for each in members if each in everything(packed)]
    sheets = b"".join(packed.read(name) for name in packed.namelist() if name.endswith(".xlsx"))
    assert not [each for each in members if each.encode() in sheets]


def test_who_took_it_away_and_the_digest_of_its_index_are_on_record(city: City) -> None:
    code = story.announce(city)
    packed = taken(city.host, code)
    lot = trading.find_lot(code)
    entry = next(
        each for each in timeline(lot.project.ref, public_only=False) if each.kind == "archive-exported"
    )
    names = {name.partition("/")[2]: name for name in packed.namelist()}
    assert hashlib.sha256(packed.read(names["index.json"])).hexdigest() in str(openings(entry.id))
    assert "archive-exported" not in [each.kind for each in timeline(lot.project.ref)]


def test_the_command_writes_and_checks_and_finds_a_change(
    city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = story.announce(city)
    assert main(["archive", "export", code[:17], "--to", str(tmp_path / "out")]) == 0
    folder = next((tmp_path / "out").iterdir())
    assert main(["archive", "check", str(folder)]) == 0
    notice = next(folder.rglob("*.pdf"))
    notice.write_bytes(notice.read_bytes() + b"%")
    capsys.readouterr()
    assert main(["archive", "check", "--json", str(folder)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [each["rule"] for each in said["findings"]] == ["archive-changed"]
    assert main(["archive", "export", code[:17], "--to", str(tmp_path / "out")]) == 2
    assert main(["archive", "export", "C0000000000000000", "--to", str(tmp_path / "out")]) == 2
    assert main(["archive", "check", str(tmp_path / "nowhere")]) == 2


def test_the_same_state_gives_the_same_documents(city: City) -> None:
    code = story.opened(city)
    first, second = (trading.export_archive(SYSTEM_ACTOR, code[:17], business_now()) for _ in range(2))
    assert [(each.path, each.sha256) for each in first.members] == [
        (each.path, each.sha256) for each in second.members
    ]


def test_the_papers_of_an_archive_are_made_while_nobody_waits_for_the_database(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = story.announce(city)
    made: list[Paper] = []

    def outside(paper: Paper) -> bytes:
        with pytest.raises(NotInAct):
            hold_lock(Ref("trading", "project", code[:17]))
        made.append(paper)
        return pdf(paper)

    monkeypatch.setattr(filing, "pdf", outside)
    trading.export_archive(SYSTEM_ACTOR, code[:17], business_now())
    assert made
