"""Imports over the API: seen before, confirmed exactly, one commit; and never a back door."""

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from domain import facts
from domain.phases import TIMED
from events.codec import to_event
from events.entry import Actor
from events.reader import read_range
from service.verify.audit import Audit
from tests.service.city import API, CYCLE, City, later, office_of, record, sheet
from tests.service.workbooks import FIGURES, ROSTER, csv, xlsx

REASON = "按模板导入 from the template"
AT = f"/cycles/{CYCLE}/imports"
FILED = (("zhongshan", "1", "1a", "actual", 90), ("zhongshan", "1", "1a", "target", 100),
         ("zhongshan", "2", "2a", "points", "0.50"), ("zhongshan", "16", "16a", "yes", "是"))  # fmt: skip
NEXT = "2027"


def send(city: City, who: str, path: str, body: bytes, name: str = "数据.xlsx", **form: str) -> TestResponse:
    headers = {k: v for k, v in form.items() if k == "Idempotency_Key"}
    data: dict[str, Any] = {k: v for k, v in form.items() if k not in headers} | {"file": (io.BytesIO(body), name)}
    return city.call(who, "POST", API + path, data=data, headers=city.headers(who, **headers))


def preview(
    city: City, who: str, kind: str, body: bytes, name: str = "数据.xlsx", cycle: str = CYCLE
) -> dict[str, Any]:
    answer = send(city, who, f"/cycles/{cycle}/imports/{kind}/preview", body, name)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return dict(answer.get_json())


def confirm(
    city: City,
    who: str,
    kind: str,
    body: bytes,
    seen: dict[str, Any],
    name: str = "数据.xlsx",
    cycle: str = CYCLE,
    **more: str,
) -> TestResponse:
    said = {"difference": seen["difference"], "reason": REASON}
    return send(city, who, f"/cycles/{cycle}/imports/{kind}", body, name, **said, **more)


def imported(city: City, who: str, kind: str, body: bytes, cycle: str = CYCLE) -> dict[str, Any]:
    answer = confirm(city, who, kind, body, preview(city, who, kind, body, cycle=cycle), cycle=cycle)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.get_json())


def key_of(receipt: dict[str, Any]) -> str:
    """The id of the import that a receipt tells of."""
    found: str = next(each for each in receipt["events"] if each["type"] == "ImportConfirmed")["data"]["import_id"]
    return found


def code(answer: TestResponse) -> str:
    return str(answer.get_json()["type"]).rpartition(":")[2]


def refusals(seen: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(flaw["row"], flaw["column"], flaw["code"]) for each in seen["changes"] for flaw in each["refused"]]


def draft(city: City) -> None:
    """Another cycle that has not opened."""
    calendar = {phase: later(10 * (place + 1)) for place, phase in enumerate(TIMED)}
    digest = city.seen("administrator", f"/cycles/{CYCLE}")["hash"]
    created = facts.CycleCreated("2027 考核", "2027", "six-actions", digest, calendar)
    record(city.office.store, f"cycle/{NEXT}", [created], office_of(city))


def test_a_unit_imports_its_figures_takes_them_back_and_files_again(city: City) -> None:
    body = xlsx(FIGURES, *FILED)
    before = city.size()
    seen = preview(city, "unit", "figures", body)
    assert city.size() == before
    assert seen["importable"]
    assert [(each["key"], each["change"]) for each in seen["changes"]] == [
        ("zhongshan/1a", "new"), ("zhongshan/2a", "new"), ("zhongshan/16a", "new"),
    ]  # fmt: skip
    receipt = confirm(city, "unit", "figures", body, seen).get_json()
    kinds = [each["type"] for each in receipt["events"]]
    assert kinds == ["ImportConfirmed", "FiguresImported", *["FiguresSubmitted"] * 3]
    assert city.seen("unit", sheet())["leaves"][0]["claimed"] == "1.44"
    again = preview(city, "unit", "figures", body)
    assert again["counts"] == {"new": 0, "changed": 0, "unchanged": 3, "blank": 0, "refused": 0}
    assert code(confirm(city, "unit", "figures", body, again)) == "nothing-to-import"
    key = receipt["events"][0]["data"]["import_id"]
    back = city.done("unit", f"{AT}/{key}/reversal", {"reason": "口径有误"})
    assert [each["type"] for each in back["events"]] == ["ImportReversed", *["SubmissionWithdrawn"] * 3]
    assert city.seen("unit", sheet())["leaves"][0]["claimed"] == "0.00"
    assert city.post("unit", f"{AT}/{key}/reversal", {"reason": REASON}).status_code == 409
    imported(city, "unit", "figures", body)
    shown = city.seen("auditor", AT)["imports"]
    assert [each["reversal_reason"] for each in shown] == ["口径有误", None]
    assert shown[0]["file"] == seen["file"]
    city.settle()
    assert city.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores")["leaves"]["1a"]["claimed"] == "1.44"


def test_every_row_that_cannot_be_taken_is_named_and_nothing_is_imported(city: City) -> None:
    body = xlsx(
        FIGURES,
        ("zhongshan", "1", "1a", "actual", 12.5), ("zhongshan", "1", "1a", "target", 100),
        ("zhongshan", "1", "1b", "numerator", 5), ("zhongshan", "1", "1b", "denominator", 4),
        ("zhongshan", "1", "1c", "numerator", 5),
        ("xigang", "1", "1a", "actual", 5),
        ("zhongshan", "1", "2a", "points", "0.50"),
        ("zhongshan", "99", "99a", "points", "0.50"),
        ("zhongshan", "2", "2a", "points", "0.70"),
        ("zhongshan", "2", "2b", "points", "1"), ("zhongshan", "2", "2b", "yes", "也许"),
        ("zhongshan", "7", "7a", "claims", 3),
        ("zhongshan", "16", "16a", "yes", "是"), ("zhongshan", "16", "16a", "yes", "否"),
        ("", "4", "4a", "count", 3),
    )  # fmt: skip
    seen = preview(city, "unit", "figures", body)
    assert refusals(seen) == [
        (2, "value", "not-whole"), (4, "value", "bad-figures"), (6, "value", "bad-figures"),
        (7, "unit", "unknown-unit"),
        (8, "leaf", "unknown-leaf"), (9, "item", "unknown-item"), (10, "value", "bad-figures"),
        (11, "figure", "wrong-figure"), (13, "leaf", "wrong-rule"),
        (14, "figure", "duplicate-row"), (15, "figure", "duplicate-row"), (16, "unit", "missing-value"),
    ]  # fmt: skip
    before = city.size()
    answer = confirm(city, "unit", "figures", body, seen)
    assert (answer.status_code, code(answer)) == (409, "rows-refused")
    assert city.size() == before


def test_a_roster_names_what_it_cannot_take(city: City) -> None:
    body = xlsx(
        ROSTER,
        ("zhongshan", "district", "zhongshan 总工会", "zhongshan union"), ("xigang", "industry", "西岗", "Xigang"),
        ("one", "nowhere", "一", "One"), ("two", "district", "二", ""), ("Big One", "district", "大", "Big"),
        ("twin", "district", "双", "Twin"), ("twin", "district", "双", "Twin"),
    )  # fmt: skip
    seen = preview(city, "administrator", "roster", body)
    assert [each["change"] for each in seen["changes"]] == ["unchanged", *["refused"] * 6]
    assert refusals(seen) == [
        (3, "cohort", "enrolled-otherwise"), (4, "cohort", "bad-cohort"), (5, "name_en", "missing-value"),
        (6, "unit", "bad-id"), (7, "unit", "duplicate-row"), (8, "unit", "duplicate-row"),
    ]  # fmt: skip
    assert all(flaw["zh"] and flaw["en"] for each in seen["changes"] for flaw in each["refused"])


def test_only_the_difference_that_was_seen_can_be_confirmed(city: City) -> None:
    body = xlsx(FIGURES, *FILED)
    seen = preview(city, "unit", "figures", body)
    other = xlsx(FIGURES, *FILED[2:])
    assert code(confirm(city, "unit", "figures", other, seen)) == "import-changed"
    city.done("unit", sheet() + "/submissions", {"figures": {"1b": {"numerator": 1, "denominator": 2}}})
    answer = confirm(city, "unit", "figures", body, seen)
    assert (answer.status_code, code(answer)) == (409, "import-changed")
    assert city.seen("auditor", AT)["imports"] == []


def test_the_same_request_is_answered_the_same_and_done_once(city: City) -> None:
    body = xlsx(FIGURES, *FILED)
    seen = preview(city, "unit", "figures", body)
    first = confirm(city, "unit", "figures", body, seen, Idempotency_Key="one")
    again = confirm(city, "unit", "figures", body, seen, Idempotency_Key="one")
    assert first.status_code == again.status_code == 201
    assert first.get_json()["events"][0]["id"] == again.get_json()["events"][0]["id"]
    other = xlsx(FIGURES, *FILED[2:])
    assert code(confirm(city, "unit", "figures", other, seen, Idempotency_Key="one")) == "key-reused"


def test_an_import_is_no_way_round_the_calendar(city: City) -> None:
    body = xlsx(FIGURES, *FILED)
    city.done("administrator", f"/cycles/{CYCLE}/phases", {"phase": "closed", "reason": REASON})
    seen = preview(city, "unit", "figures", body)
    assert {flaw for _, _, flaw in refusals(seen)} == {"wrong-phase"}
    assert confirm(city, "unit", "figures", body, seen).status_code == 409
    city.settle()
    blocked = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["act"] for each in blocked] == ["import-figures"]


def test_nobody_learns_of_another_units_figures_by_a_file(city: City) -> None:
    city.done("other-unit", sheet("xigang") + "/submissions", {"figures": {"1a": {"actual": 7, "target": 9}}})
    guess = xlsx(FIGURES, ("xigang", "1", "1a", "actual", 7), ("xigang", "1", "1a", "target", 9))
    seen = preview(city, "unit", "figures", guess)
    assert refusals(seen) == [(2, "unit", "unknown-unit")]
    assert seen["changes"][0]["before"] == {}
    assert seen["versions"] == {}


def test_units_see_their_own_imports_alone(city: City) -> None:
    receipt = imported(city, "unit", "figures", xlsx(FIGURES, *FILED))
    assert len(city.seen("unit", AT)["imports"]) == len(city.seen("administrator", AT)["imports"]) == 1
    assert city.seen("other-unit", AT)["imports"] == []
    key = receipt["events"][0]["data"]["import_id"]
    assert city.post("other-unit", f"{AT}/{key}/reversal", {"reason": REASON}).status_code == 404
    assert city.post("administrator", f"{AT}/{key}/reversal", {"reason": REASON}).status_code == 403


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_is_read_in_each_encoding_that_excel_writes(city: City, encoding: str) -> None:
    body = csv(FIGURES, *FILED, encoding=encoding)
    seen = preview(city, "unit", "figures", body, "数据.CSV")
    assert seen["format"] == "csv"
    assert seen["counts"]["new"] == 3


def test_a_whole_city_is_one_commit(city: City) -> None:
    units = [f"u-{number}" for number in range(40)]
    body = xlsx(ROSTER, *((unit, "district", f"{unit} 总工会", unit) for unit in units))
    imported(city, "administrator", "roster", body)
    clerk = f"person/{city.people['unit']}"
    store = city.office.store
    grants: list[facts.Fact] = [facts.RoleGranted("unit", unit, "test") for unit in units]
    store.append(clerk, store.head(clerk), [to_event(each) for each in grants], by=office_of(city))
    parts = []
    for unit in units:
        rows = (
            city.get("unit", f"{AT}/templates/figures?unit={unit}&format=csv")
            .get_data()
            .decode("utf-8-sig")
            .splitlines()
        )
        parts += [filled_in(line) for line in rows[1:]]
    whole = "\r\n".join(["unit,item,leaf,figure,value", *parts]).encode()
    seen = preview(city, "unit", "figures", whole, "city.csv")
    assert seen["counts"]["refused"] == 0, refusals(seen)
    assert seen["counts"]["new"] == 40 * 55  # 54 leaves and the one bonus that takes figures
    answer = confirm(city, "unit", "figures", whole, seen, "city.csv")
    assert answer.status_code == 201, answer.get_data(as_text=True)[:500]
    assert [each["type"] for each in answer.get_json()["events"]].count("FiguresSubmitted") > 40 * 20
    scopes = {
        each["stream"].split("/")[2] for each in answer.get_json()["events"] if each["stream"].startswith("sheet/")
    }
    assert scopes == set(units)


def filled_in(line: str) -> str:
    """A row of the template with a value that fits it."""
    unit, item, leaf, figure, *_ = line.split(",")
    small = {"numerator", "actual"}
    value = "5" if figure in small else "9"
    if figure in {"not_applicable", "workers"}:
        value = ""
    if figure.startswith("yes"):
        value = "是"
    return ",".join((unit, item, leaf, figure, "0.00" if figure == "points" else value))


def test_the_offline_verifier_finds_nothing_wrong_with_imports_exports_and_their_way_back(city: City) -> None:
    draft(city)
    roster = xlsx(ROSTER, ("metal", "industry", "冶金工会", "Metal"))
    for kind, who, cycle, body in (
        ("figures", "unit", CYCLE, xlsx(FIGURES, *FILED)),
        ("roster", "administrator", NEXT, roster),
    ):
        receipt = imported(city, who, kind, body, cycle)
        key = next(each for each in receipt["events"] if each["type"] == "ImportConfirmed")["data"]["import_id"]
        city.done(who, f"/cycles/{cycle}/imports/{key}/reversal", {"reason": REASON})
    assert city.get("viewer", f"/cycles/{CYCLE}/exports/results").status_code == 200
    city.settle()
    assert wrong(city) == []
    stream, store = "import/2026/forged", city.office.store
    forged = to_event(facts.RosterImported("forged", ["metal"]))
    store.append(stream, 0, [forged], by=Actor(city.people["unit"], "unit", "zhongshan"))
    city.settle()
    assert [each.en for each in wrong(city)] == ["this role does not permit this act here"]


def wrong(city: City) -> list[Any]:
    """What an auditor's walk over all entries finds."""
    with city.office.store.connection() as connection:
        found = {
            bytes(digest).hex(): bytes(body)
            for digest, body in connection.execute("SELECT hash, body FROM record.documents")
        }
        audit = Audit(found, 0)
        for position, entry in read_range(connection, 0, 10_000):
            audit.take(position, entry)
    return list(audit.findings)
