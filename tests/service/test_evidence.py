"""Evidence files: what is taken, what is refused, what is kept, and what a reader gets."""

import hashlib
import io
import os
import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from service.sniff import UnknownType, media_type_of
from tests.service.city import API, City, sheet
from tests.service.papers import packed

SHEET = sheet()
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20
PDF = b"%PDF-1.7\n%%EOF\n"
TYPES = "[Content_Types].xml"
DOCX = packed(TYPES, "word/document.xml")
XLSX = packed(TYPES, "xl/workbook.xml")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

TAKEN = {
    "a.pdf": (PDF, "application/pdf"),
    "A.PDF": (PDF, "application/pdf"),
    "a.jpg": (JPEG, "image/jpeg"),
    "a.jpeg": (JPEG, "image/jpeg"),
    "a.png": (PNG, "image/png"),
    "a.docx": (DOCX, WORD),
    "a.xlsx": (XLSX, EXCEL),
    "a.zip": (packed("a.txt"), "application/zip"),
    "a.csv": ("单位,得分\n中山区,1.60\n".encode(), "text/csv"),
    "gb.csv": ("单位,得分\r\n中山区,1.60\r\n".encode("gb18030"), "text/csv"),
    "bom.csv": ("\ufeff单位,得分\n中山区,1.60\n".encode(), "text/csv"),
    "formula.csv": (b"a,b\n\"=cmd|' /C calc'!A0\",2\n", "text/csv"),
    "long.csv": (b"a,b\n" * 40_000, "text/csv"),
    "证明.pdf": (PDF, "application/pdf"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_file_is_known_by_its_bytes(name: str) -> None:
    body, kind = TAKEN[name]
    assert media_type_of(io.BytesIO(body), name) == kind


def encrypted() -> bytes:
    body = bytearray(packed("secret.txt"))
    central = body.index(b"PK\x01\x02")
    struct.pack_into("<H", body, central + 8, 1)
    return bytes(body)


def bomb() -> bytes:
    """A directory that promises a terabyte."""
    body = bytearray(packed("a", "b", "c"))
    place = body.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<I", body, place + 24, 0xFFFFFFF0)
        place = body.find(b"PK\x01\x02", place + 1)
    return bytes(body)


def crowd() -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for number in range(10_001):
            archive.writestr(str(number), b"")
    return body.getvalue()


REFUSED = {
    "empty.pdf": b"",
    "empty.csv": b"",
    "fake.pdf": PNG,
    "fake.png": PDF,
    "fake.docx": XLSX,
    "fake.xlsx": packed("a.txt"),
    "page.pdf": b"<html><script>alert(1)</script></html>",
    "program.pdf": b"MZ\x90\x00",
    "program.exe": PDF,
    "noname": PDF,
    "double.pdf.exe": PDF,
    "polyglot.pdf": PDF + packed("hidden.html"),
    "polyglot.png": PNG + packed("hidden.html"),
    "prefixed.zip": b"#!/bin/sh\n" + packed("a"),
    "cut.zip": packed("a")[:-10],
    "cut.docx": DOCX[:40],
    "empty.zip": b"PK\x05\x06" + b"\x00" * 18,
    "locked.zip": encrypted(),
    "bomb.zip": bomb(),
    "crowd.zip": crowd(),
    "macro.docx": packed(TYPES, "word/document.xml", "word/vbaProject.bin"),
    "nul.csv": b"a,b\n\x00,1\n",
    "bell.csv": b"a,b\n\x07,1\n",
    "ragged.csv": b"a,b\n1,2,3\n",
    "narrow.csv": b"only one column\n",
    "binary.csv": bytes(range(256)),
    "markup.csv": b'<svg onload="alert(1,2)">,x\n',
    "page.csv": b"\xef\xbb\xbf \r\n<!doctype html><script>alert(1,2)</script>\n",
    "climbing.zip": packed("ok.txt", "../../etc/cron.d/x"),
    "rooted.zip": packed("/etc/passwd"),
    "windows.zip": packed("a\\..\\..\\x"),
    "drive.zip": packed("C:/x"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_what_it_says_is_refused(name: str) -> None:
    with pytest.raises(UnknownType):
        media_type_of(io.BytesIO(REFUSED[name]), name)


def upload(city: City, body: bytes, name: str, leaf: str = "1a", who: str = "unit", **headers: str) -> TestResponse:
    # As bytes, for the client would leave large ones in a temporary file of its own.
    boundary, form = encode_multipart({"leaf": leaf, "file": FileStorage(io.BytesIO(body), name)})
    kind = f'multipart/form-data; boundary="{boundary}"'
    given = city.headers(who, **headers)
    return city.call(who, "POST", f"{API}{SHEET}/evidence", data=form, content_type=kind, headers=given)


def attached(city: City, body: bytes = PDF, name: str = "a.pdf", **headers: str) -> dict[str, Any]:
    answer = upload(city, body, name, **headers)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.get_json()["events"][0]["data"])


def folder(city: City) -> Path:
    return Path(city.office.settings.evidence.removeprefix("file://"))


def test_a_file_comes_back_byte_for_byte_with_its_digest(city: City) -> None:
    body = PDF + os.urandom(300_000) + b"%%EOF"
    evidence = attached(city, body)
    assert evidence["digest"] == hashlib.sha256(body).hexdigest()
    assert (evidence["size"], evidence["media_type"]) == (len(body), "application/pdf")
    answer = city.get("reviewer", f"{SHEET}/evidence/{evidence['evidence']}")
    assert answer.get_data() == body
    assert answer.mimetype == "application/pdf"
    assert answer.content_length == len(body)


def test_a_download_is_never_opened_in_the_browser(city: City) -> None:
    evidence = attached(city, b'a,b\n"=1+1",2\n', "a.csv")
    answer = city.get("reviewer", f"{SHEET}/evidence/{evidence['evidence']}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{evidence["evidence"]}.csv"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_every_download_is_recorded_with_who_and_what(city: City) -> None:
    evidence = attached(city)
    for _ in range(2):
        city.get("reviewer", f"{SHEET}/evidence/{evidence['evidence']}")
    city.settle()
    events = city.seen("auditor", f"/events?stream=access/{evidence['evidence']}")["events"]
    assert [each["entry"]["type"] for each in events] == ["EvidenceDownloaded"] * 2
    assert {each["entry"]["actor"] for each in events} == {city.people["reviewer"]}
    assert events[0]["entry"]["data"]["digest"] == evidence["digest"]


def test_a_file_name_stands_in_no_event(city: City) -> None:
    attached(city, name="张三的病历.pdf")
    events = city.office.store.read("sheet/2026/zhongshan/1")
    assert not any("张三".encode() in event.entry or b"\\u5f20" in event.entry for event in events)
    assert [each["name"] for each in city.seen("reviewer", SHEET)["evidence"]] == ["张三的病历.pdf"]


def test_another_departments_reviewer_sees_no_file(city: City) -> None:
    evidence = attached(city)
    assert city.get("other-reviewer", SHEET).status_code == 403
    assert city.get("other-reviewer", f"{SHEET}/evidence/{evidence['evidence']}").status_code == 404


def test_a_reviewer_of_another_leaf_of_the_sheet_sees_its_figures_and_no_file(city: City) -> None:
    evidence = attached(city)
    women = {"role": "reviewer", "scope": "women", "reason": "兼任"}
    city.done("administrator", f"/people/{city.people['nobody']}/roles", women)
    seen = city.seen("nobody", SHEET)
    assert [each["leaf"] for each in seen["leaves"]][:4] == ["1a", "1b", "1c", "1d"]
    assert seen["evidence"] == []
    assert city.get("nobody", f"{SHEET}/evidence/{evidence['evidence']}").status_code == 404


def test_the_same_upload_at_once_is_attached_once(city: City) -> None:
    before = city.size()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: upload(city, PDF, "a.pdf", Idempotency_Key="once"), range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.get_json()["events"][0]["id"] for answer in answers}) == 1
    after = city.size()
    assert after["record.events"] == before["record.events"] + 1
    assert after["vault.secrets"] == before["vault.secrets"] + 1
    assert after["files"] == before["files"] + 1


def test_a_file_over_the_limit_is_refused_and_nothing_stays(city: City) -> None:
    before = city.size()
    limit = city.office.settings.max_upload
    assert upload(city, PDF + b"x" * limit, "a.pdf").status_code == 413
    assert upload(city, PDF + b"x" * (3 * limit), "a.pdf").status_code == 413
    assert city.size() == before


def test_a_refused_upload_leaves_nothing(city: City) -> None:
    before = city.size()
    assert upload(city, PDF, "a.exe").status_code == 415
    assert upload(city, b"", "a.pdf").status_code == 415
    assert upload(city, PDF, "a.pdf", leaf="99").status_code == 404
    assert upload(city, PDF, "a.pdf", who="reviewer").status_code == 403
    assert upload(city, PDF, "a.pdf", who="other-unit").status_code == 404
    assert city.size() == before
    # An older version seen is a blocked act, and evidence of one.
    assert upload(city, PDF, "a.pdf", If_Match='"7"').status_code == 412
    assert city.size() == before | {"record.events": before["record.events"] + 1}


def test_a_file_in_the_wrong_phase_is_refused_and_traced(city: City) -> None:
    for phase in ("closed", "review"):
        city.done("administrator", "/cycles/2026/phases", {"phase": phase, "reason": "按期"})
    before = city.size()
    assert upload(city, PDF, "a.pdf").status_code == 409
    after = city.size()
    assert after["files"] == before["files"]
    assert after["vault.secrets"] == before["vault.secrets"]
    city.settle()
    refused = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["act"] for each in refused] == ["attach-evidence"]


def several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"leaf": "1a"},
        {"leaf": "1a", "file": "a text, no file"},
        {"leaf": "1a", "file": (io.BytesIO(PDF), "a.pdf"), "points": "8.00"},
        {"file": (io.BytesIO(PDF), "a.pdf")},
        {"leaf": "../1a", "file": (io.BytesIO(PDF), "a.pdf")},
        {"leaf": (io.BytesIO(b"1a"), "1a"), "file": (io.BytesIO(PDF), "a.pdf")},
        {"leaf": ["1a", "1b"], "file": (io.BytesIO(PDF), "a.pdf")},
        {"leaf": "1a", "file": [(io.BytesIO(PDF), "a.pdf"), (io.BytesIO(PDF), "b.pdf")]},
    ],
)
def test_a_form_that_does_not_fit_is_invalid(city: City, fields: dict[str, Any]) -> None:
    before = city.size()
    copied = {
        name: [(io.BytesIO(one[0].getvalue()), one[1]) if isinstance(one, tuple) else one for one in several(value)]
        for name, value in fields.items()
    }
    answer = city.call("unit", "POST", f"{API}{SHEET}/evidence", data=copied, content_type="multipart/form-data")
    assert answer.status_code == 422, answer.get_data(as_text=True)
    assert city.size() == before


def test_a_file_as_json_is_an_unsupported_type(city: City) -> None:
    assert city.post("unit", SHEET + "/evidence", {"leaf": "1a", "file": "x"}).status_code == 415


def test_the_same_upload_under_a_key_is_kept_once(city: City) -> None:
    first = attached(city, Idempotency_Key="k-1")
    before = city.size()
    assert attached(city, Idempotency_Key="k-1") == first
    assert upload(city, PDF + b"\n%%EOF", "a.pdf", Idempotency_Key="k-1").status_code == 422
    assert upload(city, PDF, "b.pdf", Idempotency_Key="k-1").status_code == 422
    assert upload(city, PDF, "a.pdf", leaf="1b", Idempotency_Key="k-1").status_code == 422
    assert city.size() == before


def test_the_same_bytes_for_two_leaves_are_stored_once(city: City) -> None:
    attached(city)
    files = city.size()["files"]
    assert upload(city, PDF, "b.pdf", leaf="1b").status_code == 201
    assert city.size()["files"] == files


def test_a_swapped_file_is_never_given_out_and_the_damage_is_recorded(city: City) -> None:
    evidence = attached(city)
    stored = next(each for each in folder(city).rglob(evidence["digest"]) if each.is_file())
    stored.write_bytes(stored.read_bytes().replace(b"1.7", b"1.6"))
    answer = city.get("reviewer", f"{SHEET}/evidence/{evidence['evidence']}")
    assert answer.status_code == 500
    assert answer.get_json()["type"] == "urn:kaohe:problem:damaged"
    city.settle()
    traces = city.seen("auditor", "/events?type=ActRefused")["events"]
    assert [each["entry"]["data"]["code"] for each in traces] == ["damaged"]
    assert city.seen("auditor", "/events?type=EvidenceDownloaded")["events"] == []


def test_a_lost_file_is_named_as_damage(city: City) -> None:
    evidence = attached(city)
    next(each for each in folder(city).rglob(evidence["digest"]) if each.is_file()).unlink()
    answer = city.get("reviewer", f"{SHEET}/evidence/{evidence['evidence']}")
    assert answer.status_code == 500
    assert answer.get_json()["type"] == "urn:kaohe:problem:damaged"


def test_a_store_that_is_full_leaves_no_part_of_a_file_and_no_event(city: City) -> None:
    before = city.size()
    blocked = folder(city) / "sha256"
    blocked.parent.mkdir(parents=True, exist_ok=True)
    blocked.write_bytes(b"in the way")
    assert upload(city, PDF, "a.pdf").status_code == 500
    blocked.unlink()
    assert city.size() == before
