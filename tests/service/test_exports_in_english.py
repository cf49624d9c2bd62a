"""Exports and templates in the reader's language: the same layout, every text of it, and the record says which."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from service.files.plain import as_csv
from service.files.reading import read_table
from service.files.templates import FIGURES, ROSTER, roster
from service.rubric_files import load
from tests.service.city import CYCLE, City, sheet
from tests.service.test_exports import QUEUE, RESULTS, SHEET, manifest, take
from tests.service.untranslated import CHINESE

RUBRIC = load("six-actions")
IMPORTS = f"/cycles/{CYCLE}/imports"
TEMPLATE = f"{IMPORTS}/templates/figures?unit=zhongshan"
FILES = {
    "sheet": ("unit", SHEET), "results": ("viewer", RESULTS), "queue": ("reviewer", QUEUE),
    "roster": ("administrator", f"{IMPORTS}/templates/roster"), "figures": ("unit", TEMPLATE),
}  # fmt: skip
# English of the sheet's own that names a term of it which has no other name; the glossary says what it means.
QUOTING = {face.title.en for leaf in RUBRIC.leaves for face in leaf.faces.values() if CHINESE.search(face.title.en)}
FORMS = [(what, form) for what in FILES for form in ("xlsx", "csv", "json")
         if form != "json" or what in {"sheet", "results", "queue"}]  # fmt: skip


@pytest.fixture(scope="module")
def busy(shared_city: City) -> City:
    """One leaf verified, one waiting."""
    filed = shared_city.done("unit", sheet() + "/submissions", {"figures": {"1a": {"actual": 90, "target": 100}}})
    verified = {"leaf": "1a", "submission": filed["events"][0]["data"]["submission"], "reason": "checked"}
    shared_city.done("reviewer", sheet() + "/verifications", verified, If_Match='"1"')
    shared_city.done("unit", sheet() + "/submissions", {"figures": {"1c": {"numerator": 1, "denominator": 2}}})
    shared_city.settle()
    return shared_city


def asked(path: str, **more: str) -> str:
    return path + ("&" if "?" in path else "?") + "&".join(f"{name}={value}" for name, value in more.items())


def said(answer: TestResponse) -> Iterator[str]:
    """Every text of a file: cells, names of sheets, members of a document; of what is told in both its English."""
    kind, body = answer.mimetype, answer.get_data()
    if kind == "text/csv":
        yield from (cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig"))) for cell in row)
    elif kind == "application/json":
        yield from texts(answer.get_json())
    else:
        book = load_workbook(io.BytesIO(body))
        yield from book.sheetnames
        yield from (str(cell.value or "") for page in book for row in page.iter_rows() for cell in row)
        yield from (str(rule.formula1) for page in book for rule in page.data_validations.dataValidation)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from () if name in {"zh", "title_zh"} else texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    else:
        yield str(value)


@pytest.mark.parametrize(("what", "form"), FORMS)
def test_no_text_of_an_english_file_is_chinese(busy: City, what: str, form: str) -> None:
    who, path = FILES[what]
    answer = take(busy, who, asked(path, format=form, language="en"))
    assert {each for each in said(answer) if CHINESE.search(each)} <= QUOTING
    assert not CHINESE.search(unquote(answer.headers["Content-Disposition"]))
    assert answer.headers["Content-Language"] == "en"
    assert any(CHINESE.search(each) for each in said(take(busy, who, asked(path, format=form))))


@pytest.mark.parametrize("table", ["items", "leaves"])
def test_an_english_sheet_has_the_layout_of_the_chinese_one(busy: City, table: str) -> None:
    english, chinese = (
        take(busy, "unit", asked(SHEET, format="json", language=language)).get_json()[table]
        for language in ("en", "zh")
    )
    assert [list(row) for row in english] == [list(row) for row in chinese]
    for column in ("item", "leaf", "claimed", "verified", "final", "maximum", "status"):
        assert [row.get(column) for row in english] == [row.get(column) for row in chinese]
    if table == "items":
        assert [row["text"] for row in english if row["item"]] == [item.text.en for item in RUBRIC.items]
        assert english[0]["objects"].split("\n")[0] == "district and county unions"
        assert english[-1]["text"].endswith(", rank 1")


def test_the_caller_chooses_by_accept_language_or_by_name_and_the_record_says_what_he_took(busy: City) -> None:
    for question, header, language in (
        (SHEET, "en", "en"),
        (asked(SHEET, language="zh"), "en", "zh"),
        (SHEET, "", "zh"),
    ):
        answer = busy.get("unit", question, Accept_Language=header)
        assert (answer.headers["Content-Language"], answer.headers["Vary"]) == (language, "Accept-Language")
        shown = manifest(busy, answer, "unit")
        assert shown["scope"]["language"] == shown["left_out"]["scope"]["language"] == language
    assert busy.get("unit", asked(SHEET, language="fr")).status_code == 422


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_template_in_either_language_is_read_back_as_it_was_filled_in(busy: City, language: str, form: str) -> None:
    made = take(busy, "unit", asked(TEMPLATE, format=form, language=language)).get_data()
    yes = {"zh": "是", "en": "yes"}[language]
    body = filled(made, form, {("16a", "yes"): yes, ("1a", "actual"): "90", ("1a", "target"): "100"})
    lines = read_table(io.BytesIO(body), f"figures.{form}", FIGURES).lines
    assert [flaw for line in lines for flaw in line.flaws] == []
    answer = busy.call(
        "unit", "POST", f"/api/v1{IMPORTS}/figures/preview",
        data={"file": (io.BytesIO(body), f"figures.{form}")}, content_type="multipart/form-data",
    )  # fmt: skip
    found = {each["key"]: each for each in answer.get_json()["changes"]}
    assert found["zhongshan/16a"]["change"] == "new", found["zhongshan/16a"]
    assert found["zhongshan/1a"]["change"] == "unchanged"
    empty = as_csv(roster(language, RUBRIC.cohorts).tables[0], language) + b"dalian,industry,a,b\r\n"
    assert read_table(io.BytesIO(empty), "a.csv", ROSTER).lines[0].values["cohort"] == "industry"


@pytest.mark.parametrize(
    ("what", "code", "said"),
    [
        ("sheet", "status.pending", ("已申报，待审核", "filed, and waits for review")),
        ("results", "cohort.industry", ("各产业工会", "Industry unions")),
        ("queue", "kind.figures", ("数据待复核", "figures to review")),
        ("roster", "cohort.district", ("各区市县总工会", "District, city and county federations of trade unions")),
    ],
)
def test_a_workbook_says_in_words_what_its_codes_mean(busy: City, what: str, code: str, said: tuple[str, str]) -> None:
    who, path = FILES[what]
    for language, text in zip(("zh", "en"), said, strict=True):
        book = load_workbook(io.BytesIO(take(busy, who, asked(path, format="xlsx", language=language)).get_data()))
        notes = {row[0].value: row[1].value for row in book.worksheets[-1].iter_rows()}
        assert notes[code] == text


def test_a_header_of_a_template_says_its_code_once(busy: City) -> None:
    for what, language in (("roster", "en"), ("figures", "en"), ("roster", "zh")):
        who, path = FILES[what]
        body = take(busy, who, asked(path, format="csv", language=language)).get_data().decode("utf-8-sig")
        heads = [head.split(" ") for head in next(csv.reader(io.StringIO(body)))]
        assert [head for head in heads if head[0] in head[1:]] == []


def filled(body: bytes, form: str, values: dict[tuple[str, str], str]) -> bytes:
    out = io.BytesIO()
    if form == "xlsx":
        book = load_workbook(io.BytesIO(body))
        for row in book.worksheets[0].iter_rows(min_row=2):
            row[4].value = values.get((str(row[2].value), str(row[3].value)))
        book.save(out)
        return out.getvalue()
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    told = io.StringIO(newline="")
    csv.writer(told).writerows([rows[0], *([*row[:4], values.get((row[2], row[3]), ""), *row[5:]] for row in rows[1:])])
    return told.getvalue().encode()
