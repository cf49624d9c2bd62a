"""What the demo year promises to who looks at it, and to who scores it again by hand."""

import csv
import io
import json
import re
import stat
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from domain import facts
from domain.columns import clamp
from domain.points import parse, show
from domain.rubric.identity import identity
from domain.rubric.rules import Award, OverTarget, Tally
from domain.scoring import score
from events.codec import TYPES
from service import welcome
from service.app import create_app
from service.bootstrap import bootstrap, newcomer
from service.demo import cast, marking, notes, rewriting, stories, tables, together, year
from service.demo.papers import paper
from service.demo.places import CYCLE, PLACES
from service.demo.sights import SIGHTS
from service.demo.stage import Stage
from service.demo.visit import visit
from service.office import Office
from service.rubric_files import load
from service.verify.database import Kept, verify_database
from tests.servers import Database, fresh_database, process_number
from tests.service.demo_year import Year, played, settings_of
from workers.database_url import DatabaseUrl
from workers.review_queue import waiting

RUBRIC = rewriting.rewritten(load(year.RUBRIC), "")  # as it stands at the end, but for who decided it


# Everything that can happen up to the review, in which the year is left.
SHOWN = set(
    re.findall(
        r"\w+",
        """
    FiguresSubmitted SubmissionWithdrawn EvidenceAttached EvidenceWithdrawn EvidenceReviewed EvidenceDownloaded
    FiguresVerified LeafJudged NotApplicableConfirmed
    AdjustmentProposed AdjustmentApproved AdjustmentDeclined AdjustmentRevoked
    BonusClaimed BonusProposed BonusGranted BonusDeclined BonusRevoked KeyReserved KeyReleased
    RubricDrafted RubricPublished CycleCreated UnitEnrolled PhaseAdvanced DeadlineMoved
    PersonRegistered RoleGranted RoleRevoked ConflictDeclared CredentialIssued CredentialRevoked
    ActRefused RecomputationRequested
    ImportConfirmed RosterImported FiguresImported
    MarkingProposed MarkingSet JudgementSealed SecondJudgementGiven JudgementOpened JudgementModerated
    JointClaimed JointClaimAgreed JointClaimDisputed JointSplitProposed
    SimulationRequested SimulationFinished InterpretationDecided
    RubricChangeProposed RubricAdopted RubricApplied
    """,
    )
)


@pytest.fixture(scope="module")
def demo(
    postgres_server: DatabaseUrl, servers: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Year]:
    redis = servers["valkey"].rsplit("/", 1)[0] + f"/{120 + process_number()}"
    with (
        fresh_database(postgres_server, f"demo_{process_number()}") as made,
        played(settings_of(made, redis, tmp_path_factory.mktemp("demo"))) as found,
    ):
        yield found


def test_every_total_on_the_board_is_what_the_pure_calculator_says(demo: Year) -> None:
    board = {row["unit"]: row for row in demo.office.reads.board(CYCLE)}
    assert board.keys() == {place.unit for place in PLACES}
    for place in PLACES:
        leaves = final_leaves(demo, place.unit, place.cohort)
        bonus = sum(points for leaf, points in leaves.items() if RUBRIC.leaf(leaf).bonus)
        row = board[place.unit]
        assert (row["total"], row["bonus"]) == (show(sum(leaves.values())), show(bonus)), place.unit
        told = json.loads(demo.office.reads.unit(CYCLE, place.unit) or b"")
        assert {leaf: each["final"] for leaf, each in told["leaves"].items()} == {
            leaf: show(points) for leaf, points in leaves.items()
        }


def test_an_auditor_finds_nothing_wrong_with_the_year_as_it_was_played(demo: Year) -> None:
    assert list(verify_database(demo.office.store, Kept()).findings) == []


def test_ranks_follow_the_totals_inside_a_cohort(demo: Year) -> None:
    for cohort in RUBRIC.cohorts:
        rows = [row for row in demo.office.reads.board(CYCLE) if row["cohort"] == cohort.id]
        totals = [parse(row["total"]) for row in rows]
        assert [row["rank"] for row in rows] == [1 + sum(each > total for each in totals) for total in totals]


def test_some_units_win_points_and_some_lose_them(demo: Year) -> None:
    rows = demo.office.reads.board(CYCLE)
    assert any(parse(row["bonus"]) > 500 for row in rows)
    assert any(row["bonus"] == "0.00" for row in rows)
    for cohort in RUBRIC.cohorts:
        bases = [parse(row["base"]) for row in rows if row["cohort"] == cohort.id]
        assert max(bases) < cohort.points
        assert max(bases) - min(bases) > 500


def test_every_kind_of_fact_about_a_sheet_a_person_or_a_cycle_happens(demo: Year) -> None:
    assert SHOWN - {event.type for event in demo.events()} == set()
    assert TYPES.keys() >= SHOWN


def test_files_are_accepted_returned_and_rejected_and_figures_corrected(demo: Year) -> None:
    outcomes = {each.outcome for each in demo.facts("EvidenceReviewed") if isinstance(each, facts.EvidenceReviewed)}
    assert outcomes == {"accepted", "returned", "rejected"}
    verified = [each for each in demo.facts("FiguresVerified") if isinstance(each, facts.FiguresVerified)]
    assert {each.corrected for each in verified} == {True, False}
    attached = [each for each in demo.facts("EvidenceAttached") if isinstance(each, facts.EvidenceAttached)]
    assert len({each.media_type for each in attached}) == 4
    assert any(each.supersedes for each in attached)


def test_what_the_rules_forbid_is_tried_refused_and_recorded(demo: Year) -> None:
    refused = {each.code for each in demo.facts("ActRefused") if isinstance(each, facts.ActRefused)}
    assert refused >= {"own-act", "conflict-of-interest", "wrong-phase", "key-taken", "over-cap"}


def test_all_six_kinds_of_people_act_or_read(demo: Year) -> None:
    held = {grant[0] for player in (*cast.CAST, cast.FIRST, cast.SECOND) for grant in player.grants}
    assert held == set(cast.SHOWN) == {"unit", "reviewer", "approver", "auditor", "administrator", "viewer"}
    assert {event.envelope.actorrole for event in demo.events()} >= held - {"viewer"}


def test_nobody_decides_what_he_proposed(demo: Year) -> None:
    proposed: dict[str, str] = {}
    decided = 0
    for event in demo.events():
        data = json.loads(bytes(event.envelope.data))
        what = data.get("adjustment") or data.get("bonus")
        if event.type in {"AdjustmentProposed", "BonusProposed"}:
            proposed[what] = event.envelope.actor
        elif event.type.startswith(("Adjustment", "Bonus")) and what in proposed:
            decided += 1
            assert event.envelope.actor != proposed[what]
    assert decided > len(stories.BONUSES)


def test_the_year_stands_in_review_with_work_for_a_visitor(demo: Year) -> None:
    assert demo.office.cycles.get(CYCLE)[0].phase == "review"
    kinds = {row["kind"] for row in waiting(demo.office.store, CYCLE, None, None, (0, "", "", "", ""), 200)}
    assert kinds >= {"figures", "evidence", "claim", "bonus", "adjustment", "second-judgement", "moderation"}


@pytest.fixture
def stage(demo: Year) -> Iterator[Stage]:
    """The API as a visitor meets it once the year is played."""
    app, found = create_app(demo.settings), notes.read(demo.settings.data)
    assert found
    with closing(app.extensions["kaohe"]):
        yield Stage(app, found)


def test_a_newcomer_finds_in_board_explanation_and_feed_what_he_should_not_miss(demo: Year, stage: Stage) -> None:
    for sight in SIGHTS:
        assert json.loads(stage.read("auditor", sight.path))
        assert json.loads(stage.read("auditor", f"/events?type={sight.type}"))["events"], sight

    def leaf(unit: str, name: str) -> dict[str, Any]:
        tree = json.loads(stage.read("auditor", f"/cycles/{CYCLE}/units/{unit}/explanation"))
        return next(
            each for group in tree["groups"] for item in group["items"] for each in item["leaves"] if each["id"] == name
        )

    def shown(unit: str, name: str) -> dict[str, str]:
        return dict(json.loads(demo.office.reads.unit(CYCLE, unit) or b"")["leaves"][name])

    moderated = leaf("pulandian", marking.LEAF)
    assert "the moderator's points stand" in moderated["round"]["outcome"]["en"]
    assert moderated["points"] == moderated["round"]["moderated"] == shown("pulandian", marking.LEAF)["final"]
    assert [shown(unit, marking.LEAF)["status"] for unit in ("commerce", "changhai")] == ["pending"] * 2
    for unit in (together.AGREED.unit, together.AGREED.partner):
        assert "1/2" in leaf(unit, together.AGREED.leaf)["formula"]["en"]
    assert shown(together.AGREED.unit, together.AGREED.leaf)["final"] == "0.50"
    [change] = json.loads(stage.read("viewer", f"/cycles/{CYCLE}/rubric-changes"))["changes"]
    decided = identity(rewriting.rewritten(load(year.RUBRIC), stage.notes.people[cast.FIRST.key].id))
    assert (change["state"], change["hash"]) == ("adopted", decided)
    [simulation] = json.loads(stage.read("auditor", "/simulations"))["simulations"]
    assert (simulation["state"], simulation["ranks"]) == ("finished", change["ranks"])
    assert leaf("jinzhou", "23c")["rule"]["steps"] == "pro-rata"
    [roster, figures] = json.loads(stage.read("auditor", f"/cycles/{CYCLE}/imports"))["imports"]
    assert (roster["kind"], figures["units"]) == ("roster", [tables.HANDED_IN])
    filed = next(event for event in demo.events("FiguresImported"))
    assert leaf(tables.HANDED_IN, "1a")["sources"][0]["recorded_at"] == filed.envelope.time
    assert stage.read("auditor", f"/cycles/{CYCLE}/imports/{figures['import_id']}/file")[:2] == b"PK"


def test_an_interrupted_year_is_carried_on_without_doing_anything_twice(demo: Year) -> None:
    assert 900 < demo.after_interruption < len(demo.events())
    assert len(demo.events("PersonRegistered")) == len(cast.CAST) + 2
    assert len(demo.events("UnitEnrolled")) == len(PLACES)
    claims = [each for each in stories.BONUSES if each.end != "taken"]
    assert len(demo.events("BonusClaimed")) == len(claims)
    filed = sum(
        1
        for place in PLACES
        for item in RUBRIC.items
        if any(place.cohort in leaf.faces and not _claimed(leaf.faces[place.cohort].rule) for leaf in item.leaves)
    )
    again = len(stories.RETURNED_EARLY | stories.RETURNED_LATE) + 1
    assert len(demo.events("FiguresSubmitted")) == filed + again


def test_the_progress_shown_ends_at_the_end(demo: Year) -> None:
    assert demo.acts == year.ACTS


def test_a_second_visit_changes_nothing(demo: Year) -> None:
    before = len(demo.events())
    visit(demo.settings, lambda _: pytest.fail("somebody acted"))
    assert len(demo.events()) == before


def test_the_tokens_are_kept_for_their_owner_alone(demo: Year) -> None:
    file = notes.place(demo.settings.data)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    found = notes.read(demo.settings.data)
    assert found is not None
    assert {"unit/zhongshan", "auditor", "administrator"} <= found.people.keys()
    record = b"".join(event.entry for event in demo.events())
    assert not any(holder.token.encode() in record for holder in found.people.values())


def test_names_of_people_stay_out_of_the_record(demo: Year) -> None:
    record = b"".join(event.entry for event in demo.events()).decode()
    assert not any(player.name in record for player in cast.CAST)


def test_a_record_of_somebody_else_is_left_alone(database: Database, redis_url: str, tmp_path: Path) -> None:
    settings = settings_of(database, redis_url, tmp_path)
    office = Office(settings)
    bootstrap(office, "王", *newcomer())
    visit(settings, lambda _: pytest.fail("somebody acted"))
    assert not notes.place(tmp_path).exists()
    office.close()


def test_notes_of_another_record_show_nothing_of_this_one(
    database: Database, redis_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_of(database, redis_url, tmp_path)
    left = notes.Notes(notes.place(tmp_path), "2026-01-01", finished=True)
    left.note(cast.FIRST.key, notes.Holder(*newcomer()))
    welcome.welcome(settings)
    assert "people bootstrap" in capsys.readouterr().out
    office = Office(settings)
    bootstrap(office, "王", *newcomer())
    office.close()
    welcome.show(settings)
    welcome.welcome(settings)
    assert capsys.readouterr().out == ""


def test_the_files_open_in_other_programs() -> None:
    rows = [("Port", "2026"), ("港口", "a,b (c)")]
    made = {each.name: each.body for each in (paper(number, "x", rows) for number in range(4))}
    with zipfile.ZipFile(io.BytesIO(made["x.xlsx"])) as archive:
        assert archive.testzip() is None
        assert "港口" in archive.read("xl/worksheets/sheet1.xml").decode()
    place = int(made["x.pdf"].split(b"startxref\n")[1].split(b"\n")[0])
    assert made["x.pdf"][place : place + 4] == b"xref"
    width, height = struct.unpack(">II", made["x.png"][16:24])
    pixels = made["x.png"][made["x.png"].index(b"IDAT") + 4 :]
    assert len(zlib.decompressobj().decompress(pixels)) == (width + 1) * height
    assert list(csv.reader(io.StringIO(made["x.csv"].decode("utf-8-sig")))) == [["Port", "2026"], ["港口", "a，b (c)"]]


def final_leaves(demo: Year, unit: str, cohort: str) -> dict[str, int]:
    """The unit's points by leaf, from its events by way of the calculator: no fold, no projection."""
    happened = demo.facts_of([f"sheet/{CYCLE}/{unit}/{item.id}" for item in RUBRIC.items])
    figures: dict[str, Any] = {}
    second: dict[str, int] = {}
    for fact in happened:
        match fact:
            case facts.FiguresVerified():
                figures[fact.leaf] = fact.figures
            case facts.NotApplicableConfirmed():
                figures[fact.leaf] = {"not_applicable": True}
            case facts.LeafJudged():
                figures[fact.leaf] = {"points": fact.points} | ({"not_applicable": True} if fact.alone else {})
            case facts.SecondJudgementGiven():
                second[fact.leaf] = parse(fact.points)
            case facts.JudgementOpened() if abs(parse(fact.points) - second[fact.leaf]) <= parse(marking.LIMIT):
                figures[fact.leaf] = {"points": fact.points}
            case facts.JudgementModerated():
                figures[fact.leaf] = {"points": fact.points}
    found = score(RUBRIC, cohort, figures | won(happened, unit, cohort))
    moved = adjusted(happened)
    return {leaf: clamp(points + moved[leaf], found.maximum[leaf]) for leaf, points in found.leaves.items()}


def won(happened: list[object], unit: str, cohort: str) -> dict[str, Any]:
    """What stays granted, as the calculator takes it."""
    revoked = {each.bonus for each in happened if isinstance(each, facts.BonusRevoked)}
    granted = {each.bonus for each in happened if isinstance(each, facts.BonusGranted)} - revoked
    proposed = [each for each in happened if isinstance(each, facts.BonusProposed) and each.bonus in granted]
    joint = {e.bonus: e.shares for e in happened if isinstance(e, facts.JointClaimed | facts.JointClaimAgreed)}
    figures: dict[str, Any] = {}
    for leaf in {each.leaf for each in proposed}:
        mine = [each for each in proposed if each.leaf == leaf and each.bonus not in joint]
        rule = RUBRIC.leaf(leaf).faces[cohort].rule
        if isinstance(rule, Tally):
            figures[leaf] = {"claims": len(mine)}
        elif isinstance(rule, Award):
            figures[leaf] = {"awards": [each.level for each in mine] if rule.levels else len(mine)}
        for shares in (joint[each.bonus] for each in proposed if each.leaf == leaf and each.bonus in joint):
            parts = [parse(shares[partner]) for partner in sorted(shares)]
            figures[leaf].setdefault("joint", []).append({"own": sorted(shares).index(unit), "parts": parts})
    return figures


def adjusted(happened: list[object]) -> dict[str, int]:
    """The sum of the adjustments that stay approved, by leaf."""
    revoked = {each.adjustment for each in happened if isinstance(each, facts.AdjustmentRevoked)}
    approved = {each.adjustment for each in happened if isinstance(each, facts.AdjustmentApproved)} - revoked
    moved: dict[str, int] = defaultdict(int)
    for each in happened:
        if isinstance(each, facts.AdjustmentProposed) and each.adjustment in approved:
            moved[each.leaf] += parse(each.delta)
    return moved


def _claimed(rule: object) -> bool:
    return isinstance(rule, Tally | Award | OverTarget)
