"""Results that two people published are recomputed at their position from the entries alone."""

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, strategies as st

from domain import facts
from domain.columns import LeafScore
from domain.rubric.model import Conventions
from events.codec import to_event
from events.entry import Actor
from service.rubric_files import load
from service.verify.__main__ import verify_file
from service.verify.certificate import verify_certificate
from service.verify.certifying import certificate
from service.verify.database import Kept, verify_database
from service.verify.offline import Asked
from service.verify.publications import summed
from service.verify.writing import write_bundle_file
from tests.service.city import CYCLE, RUBRIC, City, office_of
from tests.service.log_house import LogHouse
from tests.service.test_adoptions import adopted, nine_of_ten, published
from tests.service.test_journeys import REASON, file
from tests.service.test_publications import adjust, advance, publish, reviewed
from workers.projections.sums import sum_up


@pytest.mark.parametrize("bonus", ["on-top", "limited"])
@given(chance=st.randoms(use_true_random=False))
def test_the_verifier_sums_as_the_score_tables_do_whatever_the_convention(bonus: Any, chance: Random) -> None:
    rubric = replace(load("six-actions"), conventions=Conventions(bonus=bonus))
    leaves = {
        leaf.id: LeafScore(*(chance.randint(0, 300) for _ in range(3)), chance.choice([None, 300]), "verified")
        for leaf in rubric.leaves
        if "district" in leaf.faces
    }
    assert summed(rubric, "district", leaves) == sum_up(rubric, "district", leaves)


def test_published_results_verify_after_the_scores_have_moved(city: City, tmp_path: Path) -> None:
    house = LogHouse(city)
    reviewed(city)
    publish(city, "provisional")
    adjust(city)
    city.settle()
    house.sign()
    write_bundle_file(city.office.store, CYCLE, tmp_path / "b.zip")
    for report in (verify_file(tmp_path / "b.zip", Asked()), verify_database(city.office.store, Kept())):
        assert report.exit_code == 0, report.lines


def test_stated_results_that_the_entries_do_not_give_are_found_at_the_statement(city: City, tmp_path: Path) -> None:
    house = LogHouse(city)
    reviewed(city)
    city.settle()
    store, stream = city.office.store, f"cycle/{CYCLE}"
    last = house.sign().head.size
    false = facts.ResultsProposed(1, "provisional", "ab" * 32, "00" * 32, {}, "kaohe", last, "伪造的成绩")
    store.append(stream, store.head(stream), [to_event(false)], by=office_of(city))
    city.settle()
    house.sign()
    write_bundle_file(store, CYCLE, tmp_path / "b.zip")
    for report in (verify_file(tmp_path / "b.zip", Asked()), verify_database(store, Kept())):
        assert [each.place for each in report.findings] == [f"position {last + 1}"]


def test_results_of_a_year_that_changed_its_rubric_verify_before_and_after(city: City, tmp_path: Path) -> None:
    house = LogHouse(city)
    nine_of_ten(city)
    advance(city, "closed", "review")
    publish(city, "provisional")
    adopted(city)
    publish(city, "provisional")
    city.settle()
    house.sign()
    write_bundle_file(city.office.store, CYCLE, tmp_path / "b.zip")
    for report in (verify_file(tmp_path / "b.zip", Asked()), verify_database(city.office.store, Kept())):
        assert report.exit_code == 0, report.lines
    proof = certificate(city.office.store, CYCLE, "zhongshan")
    assert msgspec.json.decode(proof)["score"]["total"] == "0.00"
    assert verify_certificate(proof, Asked()).exit_code == 0


def test_results_of_another_year_under_another_rubric_verify_in_the_bundle_of_this_one(
    city: City, tmp_path: Path
) -> None:
    house, other = LogHouse(city), msgspec.json.decode(RUBRIC) | {"id": "next-year"}
    drafted = city.done("administrator", "/rubrics", {"rubric": other})["events"][0]["data"]["hash"]
    city.done("second-administrator", "/rubrics/next-year/publication", {"hash": drafted})
    calendar = city.seen("administrator", f"/cycles/{CYCLE}")["calendar"]
    year = {"cycle": "2027", "title": "下一年度", "rubric": "next-year", "calendar": calendar}
    city.done("administrator", "/cycles", year)
    unit = {"unit": "xigang", "cohort": "district", "name_zh": "西岗区", "name_en": "Xigang"}
    city.done("administrator", "/cycles/2027/units", unit)
    for phase in ("open", "closed", "review"):
        city.done("administrator", "/cycles/2027/phases", {"phase": phase, "reason": REASON})
    city.settle()
    results = {"stage": "provisional", "reason": REASON}
    city.done("administrator", "/cycles/2027/publications", results)
    city.done("second-administrator", "/cycles/2027/publications/1/confirmation", {"reason": REASON})
    city.settle()
    house.sign()
    for cycle in (CYCLE, "2027"):
        write_bundle_file(city.office.store, cycle, tmp_path / f"{cycle}.zip")
        report = verify_file(tmp_path / f"{cycle}.zip", Asked())
        assert report.exit_code == 0, report.lines


def test_a_rubric_on_a_sheet_that_no_two_people_adopted_is_found_there(city: City) -> None:
    house = LogHouse(city)
    nine_of_ten(city)
    rubric = published(city)
    city.settle()
    stream, store = f"sheet/{CYCLE}/zhongshan/1", city.office.store
    by = Actor(city.people["administrator"], "administrator", "*")
    store.append(stream, store.head(stream), [to_event(facts.RubricApplied(rubric, REASON))], by=by)
    city.settle()
    house.sign()
    last = city.office.reads.last()
    report = verify_database(store, Kept())
    assert [each.place for each in report.findings] == [f"position {last}"]


def test_an_adoption_that_left_a_sheet_out_is_found(city: City) -> None:
    house = LogHouse(city)
    before, rubric = city.seen("unit", f"/cycles/{CYCLE}")["hash"], published(city)
    store, stream = city.office.store, f"cycle/{CYCLE}"
    for who, fact in (
        ("administrator", facts.RubricChangeProposed("c", before, rubric, "ab" * 32, 0, 0, "kaohe", 1, REASON)),
        ("second-administrator", facts.RubricAdopted("c", before, rubric, "ab" * 32, "kaohe", REASON)),
    ):
        by = Actor(city.people[who], "administrator", "*")
        store.append(stream, store.head(stream), [to_event(fact)], by=by)
    file(city, 80)
    city.settle()
    house.sign()
    report = verify_database(store, Kept())
    assert [each.place for each in report.findings] == [f"position {city.office.reads.last() - 1}"]
