"""What the office calls a year and a check-list is said in the reader's language, on pages and in answers."""

from typing import Any

import pytest

from domain.phases import TIMED
from tests.service.city import CYCLE, STRANGER, City, later
from tests.service.test_notice import laid_open

ZH, EN = "2031年度考核", "Assessment of 2031"


def created(city: City, cycle: str, **title: Any) -> dict[str, Any]:
    calendar = {phase: later(10 * (place + 1)) for place, phase in enumerate(TIMED)}
    city.done("administrator", "/cycles", {"cycle": cycle, "rubric": "six-actions", "calendar": calendar, **title})
    found: dict[str, Any] = city.seen("viewer", f"/cycles/{cycle}")
    return found


@pytest.mark.parametrize(
    ("cycle", "title", "en"),
    [
        ("2031", {"title": ZH, "title_en": EN}, EN),
        ("2032", {"title": ZH}, ZH),
        ("2033", {"title": ZH, "title_en": None}, ZH),
        ("2034", {"title": ZH, "title_en": " "}, ZH),
    ],
    ids=["both", "one alone", "none", "blank"],
)
def test_a_title_stands_in_both_languages_and_one_alone_in_each(
    shared_city: City, cycle: str, title: dict[str, Any], en: str
) -> None:
    told = created(shared_city, cycle, **title)
    assert (told["title"], told["title_zh"], told["title_en"]) == (ZH, ZH, en)


@pytest.mark.parametrize(
    ("language", "cycle", "rubric"), [("zh", "2026 考核", "“六个"), ("en", "Assessment 2026", "six special")]
)
def test_answers_call_years_and_check_lists_as_their_reader_does(
    shared_city: City, language: str, cycle: str, rubric: str
) -> None:
    for path, named in ((f"/cycles/{CYCLE}", cycle), ("/rubrics/six-actions", rubric)):
        answer = shared_city.get("viewer", path, Accept_Language=language)
        assert (answer.headers["Content-Language"], answer.headers["Vary"]) == (language, "Accept-Language")
        told = answer.get_json()
        assert named in told["title"] == told[f"title_{language}"]
        list_path = path.rpartition("/")[0]
        [listed] = shared_city.get("viewer", list_path, Accept_Language=language).get_json().values()
        assert told["title"] in [each["title"] for each in listed]


@pytest.mark.parametrize(
    ("language", "said", "unsaid"), [("zh", "2026 考核", "Assessment 2026"), ("en", "Assessment 2026", "2026 考核")]
)
def test_pages_for_everybody_call_the_year_as_their_reader_does(
    city: City, language: str, said: str, unsaid: str
) -> None:
    laid_open(city)
    for path in ("/", f"/notice/{CYCLE}"):
        headers = {"Accept": "text/html", "Accept-Language": language}
        text = city.call(STRANGER, "GET", path, headers=headers).get_data(as_text=True)
        assert said in text
        assert unsaid not in text
