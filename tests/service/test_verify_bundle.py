"""A bundle holds or it does not, and says where."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from domain import facts
from events.codec import to_event
from events.entry import Actor
from events.log.bundles import parse_bundle, write_bundle
from events.log.signers import sign_note
from events.store import EventStore
from service.verify import acts
from service.verify.__main__ import verify_file
from service.verify.findings import HOLDS, LOWER_GRADE
from service.verify.offline import Asked
from service.verify.standalone import script
from service.verify.writing import write_bundle_file
from tests.service.bundles import Members, altered, change_entry, places, verified
from tests.service.city import City
from tests.service.log_acts import some_acts
from tests.service.log_house import LogHouse
from workers.log_keys import new_key


def test_an_honest_bundle_holds(bundle: Path) -> None:
    report = verify_file(bundle, Asked())
    assert report.lines[-1] == "成立 holds"
    assert (report.exit_code, report.grade) == (HOLDS, "signed")
    assert report.size > 300


def test_a_grade_that_is_not_held_is_told_by_the_exit_code(bundle: Path) -> None:
    assert verify_file(bundle, Asked(grade="witnessed")).exit_code == LOWER_GRADE


def test_a_policy_of_ones_own_decides(bundle: Path) -> None:
    stranger = f"log {new_key('kaohe.example/test').verifier.text}\nquorum none\n".encode()
    assert places(verify_file(bundle, Asked(policy=stranger))) == ["checkpoint"]


def test_the_script_in_the_bundle_verifies_it_with_nothing_else(bundle: Path, members: Members, tmp_path: Path) -> None:
    tool = tmp_path / "verify.pyz"
    tool.write_bytes(members["verify.pyz"])
    assert members["verify.pyz"] == script()
    run = [sys.executable, "-I", str(tool), str(bundle)]
    assert subprocess.run(run, check=False, capture_output=True).returncode == HOLDS
    bare = subprocess.run([run[0], "-I", "-S", *run[2:]], check=False, capture_output=True, text=True)
    assert bare.returncode == LOWER_GRADE
    assert "cryptography" in bare.stdout


@pytest.mark.parametrize("position", [1, 70, 257, 300])
def test_one_changed_byte_of_an_entry_is_found_at_its_position(members: Members, position: int) -> None:
    report = verified(change_entry(members, position, lambda entry: entry.replace(b'"1.0"', b'"1.1"')))
    assert f"position {position}" in places(report)


def test_two_swapped_entries_are_found_at_both_positions(members: Members) -> None:
    name = "tile/entries/000"
    entries = parse_bundle(members[name], 256)
    entries[10], entries[11] = entries[11], entries[10]
    assert {"position 11", "position 12"} <= set(places(verified(members | {name: write_bundle(entries)})))


def test_a_changed_tile_is_named(members: Members) -> None:
    report = verified(altered(members, "tile/0/000", lambda tile: b"x" * 32 + tile[32:]))
    assert "tile/0/000" in places(report)


@pytest.mark.parametrize("name", ["tile/0/000", "tile/entries/000"])
def test_a_missing_tile_or_bundle_is_named(members: Members, name: str) -> None:
    assert name in places(verified({each: data for each, data in members.items() if each != name}))


def test_a_published_score_that_the_entries_do_not_give_is_named(members: Members) -> None:
    published = json.loads(members["published.json"])
    leaf = published["units"]["zhongshan"]["leaves"]["1a"]
    leaf["final"] = "9.99"
    report = verified(members | {"published.json": json.dumps(published).encode()})
    assert [place for place in places(report) if "units/zhongshan/leaves/1a/final" in place]


def test_a_published_rank_that_the_entries_do_not_give_is_named(members: Members) -> None:
    published = json.loads(members["published.json"])
    published["units"]["xigang"]["rank"] = 7
    report = verified(members | {"published.json": json.dumps(published).encode()})
    assert [place for place in places(report) if "units/xigang/rank" in place]


def test_an_omitted_unit_is_named(members: Members) -> None:
    published = json.loads(members["published.json"])
    del published["units"]["xigang"]
    report = verified(members | {"published.json": json.dumps(published).encode()})
    assert [place for place in places(report) if "units/xigang" in place]


def test_another_rubric_under_the_same_name_is_found(members: Members) -> None:
    name = next(each for each in members if each.startswith("documents/"))
    report = verified(altered(members, name, lambda body: body.replace(b"1.00", b"2.00", 1)))
    assert "cycle 2026" in places(report)


def test_a_checkpoint_signed_by_somebody_else_is_found(members: Members) -> None:
    text = members["checkpoint"].decode().split("\n\n")[0] + "\n"
    forged = sign_note(text, new_key("kaohe.example/test")).data
    assert places(verified(members | {"checkpoint": forged})) == ["checkpoint"]


def test_a_bundle_that_claims_another_size_than_is_signed_is_found(members: Members) -> None:
    def shorter(manifest: bytes) -> bytes:
        claimed = json.loads(manifest)
        return json.dumps(claimed | {"size": claimed["size"] - 1, "position": claimed["size"] - 1}).encode()

    assert places(verified(altered(members, "manifest.json", shorter))) == ["checkpoint"]


def breaks_the_rules(city: City, stream: str, actor: Actor, fact: facts.Fact) -> None:
    store: EventStore = city.office.store
    store.append(stream, store.head(stream), [to_event(fact)], by=actor)


def test_an_act_without_the_role_and_an_own_approval_are_found_though_signed(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "LAG", timedelta(0))
    house = LogHouse(city)
    some_acts(city)
    stream, people = "sheet/2026/zhongshan/1", city.people
    reviewer, approver = (people[name] for name in ("reviewer", "chief-approver"))
    proposal = facts.AdjustmentProposed("a-1", "1a", "0.10", "other", "改一改")
    breaks_the_rules(city, stream, Actor(approver, "approver", "*"), proposal)
    breaks_the_rules(city, stream, Actor(approver, "approver", "*"), facts.AdjustmentApproved("a-1", "1a", "自己批准"))
    breaks_the_rules(city, stream, Actor(reviewer, "approver", "*"), facts.LeafJudged("1a", "0.50", "越权"))
    breaks_the_rules(city, stream, Actor("mallory"), facts.LeafJudged("1a", "0.50", "无名"))
    conflicted = Actor(people["conflicted-reviewer"], "reviewer", "organisation")
    breaks_the_rules(city, stream, conflicted, facts.LeafJudged("1a", "0.50", "有利益冲突"))
    city.settle()
    size = house.sign().head.size
    file = tmp_path / "bundle.zip"
    write_bundle_file(city.office.store, "2026", file)
    found = places(verify_file(file, Asked()))
    assert {f"position {size - back}" for back in range(5)} == {each for each in found if each.startswith("position")}


def test_a_report_is_told_also_where_the_terminal_speaks_no_chinese(bundle: Path, tmp_path: Path) -> None:
    tool = tmp_path / "verify.pyz"
    tool.write_bytes(script())
    run = [sys.executable, str(tool), str(bundle)]
    told = subprocess.run(run, check=False, capture_output=True, env={"PYTHONIOENCODING": "ascii"})
    assert (told.returncode, told.stdout.split()[-1]) == (HOLDS, b"holds"), told.stderr
