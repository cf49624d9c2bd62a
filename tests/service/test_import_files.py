"""Imported files: kept byte for byte, given to auditors and to who imported them, and lawfully erased like evidence."""

import base64
import io
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from domain import facts
from events.codec import to_event
from tests.service.city import API, CYCLE, City, office_of, record, sheet
from tests.service.test_imports import (
    AT,
    FILED,
    REASON,
    code,
    confirm,
    draft,
    imported,
    key_of,
    preview,
    send,
    wrong,
)  # fmt: skip
from tests.service.workbooks import FIGURES, ROSTER, csv, xlsx

MARCH, APRIL = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"


def fetched(city: City, who: str, key: str, cycle: str = CYCLE) -> TestResponse:
    return city.get(who, f"/cycles/{cycle}/imports/{key}/file")


def downloads(city: City) -> list[dict[str, Any]]:
    city.settle()
    return [each["entry"] for each in city.seen("auditor", "/events?type=ImportDownloaded")["events"]]


def test_what_was_imported_is_kept_byte_for_byte_and_every_look_at_it_is_recorded(city: City) -> None:
    body = csv(FIGURES, *FILED, encoding="gb18030")
    seen = preview(city, "unit", "figures", body, "数据.csv")
    key = key_of(confirm(city, "unit", "figures", body, seen, "数据.csv").get_json())
    for who in ("auditor", "unit"):
        answer = fetched(city, who, key)
        assert (answer.status_code, answer.get_data()) == (200, body)
        assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(bytes.fromhex(seen['file'])).decode()}:"
    store, colleague = city.office.store, f"person/{city.people['nobody']}"
    granted = to_event(facts.RoleGranted("unit", "zhongshan", "test"))
    store.append(colleague, store.head(colleague), [granted], by=office_of(city))
    refused = {who: fetched(city, who, key).status_code for who in ("nobody", "administrator", "viewer", "other-unit")}
    assert refused == {"nobody": 403, "administrator": 403, "viewer": 403, "other-unit": 404}
    assert [(each["actor"], each["data"]["digest"], each["subject"]) for each in downloads(city)] == [
        (city.people[who], seen["file"], f"access/{key}") for who in ("auditor", "unit")
    ]
    assert wrong(city) == []


def test_the_file_of_a_roster_is_erased_by_two_people_and_its_import_stays(city: City) -> None:
    draft(city)
    body = xlsx(ROSTER, ("metal", "industry", "冶金工会", "Metal"))
    key = key_of(imported(city, "administrator", "roster", body, "2027"))
    assert fetched(city, "auditor", key, "2027").get_data() == body
    city.done("administrator", "/erasures", {"subject": key, "basis": "文件属性含有姓名，本人申请删除"})
    told = city.done("chief-approver", f"/erasures/{key}/approval", {"reason": "已核实"})
    shown = city.seen("auditor", "/cycles/2027/imports")["imports"][0]
    assert told["events"][0]["data"]["files"] == [shown["file"]]
    city.settle()
    gone = fetched(city, "auditor", key, "2027")
    assert (gone.status_code, gone.get_json()["erasure"], gone.get_json()["position"] > 0) == (410, key, True)
    assert [unit["unit"] for unit in city.seen("viewer", "/cycles/2027/scores")["units"]] == ["metal"]
    assert wrong(city) == []


def test_a_file_that_is_gone_without_an_erasure_is_damage_and_one_of_before_was_never_kept(city: City) -> None:
    key = key_of(imported(city, "unit", "figures", xlsx(FIGURES, *FILED)))
    for file in Path(city.office.settings.evidence.removeprefix("file://")).rglob("sha256/*/*"):
        file.unlink()
    assert code(fetched(city, "auditor", key)) == "damaged"
    city.settle()
    [told] = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert (told["entry"]["data"]["act"], told["entry"]["data"]["code"]) == ("read-import", "damaged")
    old = "0198c5b7-5e00-7000-8000-000000000001"
    nothing = "0" * 64
    before = facts.ImportConfirmed(old, "roster", nothing, "csv", nothing, 1, 1, 0, 0, 0, REASON, 0)
    record(city.office.store, f"import/{CYCLE}/{old}", [before])
    assert (fetched(city, "auditor", old).status_code, code(fetched(city, "auditor", old))) == (404, "unknown-file")
    assert downloads(city) == []


def test_a_file_above_the_limit_of_evidence_is_refused_whole(city: City) -> None:
    before, body = city.size(), csv(FIGURES, *FILED) + b"\r\n" * (city.office.settings.max_upload // 2)
    # As bytes, for the client would leave large ones in a temporary file of its own.
    boundary, form = encode_multipart({"file": FileStorage(io.BytesIO(body), "a.csv")})
    kind = f'multipart/form-data; boundary="{boundary}"'
    answer = city.call("unit", "POST", f"{API}{AT}/figures/preview", data=form, content_type=kind)
    assert answer.status_code == 413
    assert city.size() == before


def test_figures_from_a_file_hold_from_when_they_were_so(city: City) -> None:
    body, path = xlsx(FIGURES, *FILED), f"{AT}/figures"
    early = send(city, "unit", f"{path}/preview", body, effective="2999-01-01T00:00:00Z")
    assert (early.status_code, code(early)) == (422, "bad-effective")
    seen = send(city, "unit", f"{path}/preview", body, effective=MARCH).get_json()
    said = {"difference": seen["difference"], "reason": REASON}
    assert code(send(city, "unit", path, body, **said)) == "import-changed"
    answer = send(city, "unit", path, body, effective=MARCH, **said)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    city.settle()

    def claimed(moment: str) -> str:
        query = f"/cycles/{CYCLE}/units/zhongshan/scores?as_of_effective={moment}"
        points: str = city.seen("auditor", query)["leaves"]["1a"]["claimed"]
        return points

    assert (claimed("2026-02-01T00:00:00Z"), claimed(APRIL)) == ("0.00", "1.44")
    [shown] = city.seen("unit", AT)["imports"]
    assert (shown["effective"], shown["kept"]) == ("2026-03-01T00:00:00.000000Z", True)
    city.done("unit", f"{AT}/{shown['import_id']}/reversal", {"reason": REASON})
    city.settle()
    assert claimed(APRIL) == "0.00"
    assert city.seen("auditor", sheet() + f"?as_of_effective={APRIL}")["submissions"][0]["withdrawn"]
