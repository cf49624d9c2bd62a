"""Results that two people published are recomputed at their position from the entries alone."""

from pathlib import Path

from domain import facts
from events.codec import to_event
from events.entry import Actor
from service.verify.__main__ import verify_file
from service.verify.database import Kept, verify_database
from service.verify.offline import Asked
from service.verify.writing import write_bundle_file
from tests.service.city import CYCLE, City
from tests.service.log_house import LogHouse
from tests.service.test_publications import adjust, publish, reviewed


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
    store.append(stream, store.head(stream), [to_event(false)], by=Actor("founder"))
    city.settle()
    house.sign()
    write_bundle_file(store, CYCLE, tmp_path / "b.zip")
    for report in (verify_file(tmp_path / "b.zip", Asked()), verify_database(store, Kept())):
        assert [each.place for each in report.findings] == [f"position {last + 1}"]
