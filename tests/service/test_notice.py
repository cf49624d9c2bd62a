"""The public notice: what two people published, for everybody, without a name, a script or a second version of it."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from werkzeug.test import TestResponse

from domain import facts
from events.canonical import canonical
from tests.service.city import CYCLE, STRANGER, City
from tests.service.test_journeys import REASON, SHEET, seen
from tests.service.test_publications import advance, publish, record_fact, reviewed

PAGE = f"/notice/{CYCLE}"
HOSTILE = "<script>alert(1)</script>\"'&{{7*7}}总工会"


def ask(city: City, path: str = PAGE, **headers: str) -> TestResponse:
    return city.call("stranger", "GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})


def read(city: City, path: str = PAGE, language: str = "zh") -> str:
    answer = ask(city, path, Accept_Language=language, Accept="text/html")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def rows(text: str) -> list[list[str]]:
    """The cells of the tables' bodies, tags taken away."""
    found = re.findall(r"<tr>(.*?)</tr>", " ".join(re.findall(r"<tbody>(.*?)</tbody>", text, re.DOTALL)), re.DOTALL)
    return [re.sub(r"<[^>]+>|\s+", " ", cell).split() for cell in found]


def laid_open(city: City) -> None:
    reviewed(city)
    publish(city, "provisional")
    advance(city, "provisional", "notice")


def laid_open_with_a_doubt(city: City) -> Callable[[], None]:
    """Results in their notice, and what takes 0.08 off once an approver has decided it during the appeals."""
    reviewed(city)
    change = {"leaf": "1a", "delta": "-0.08", "code": "inspection", "text": "复查发现差异，予以调整"}
    told = city.done("reviewer", SHEET + "/adjustments", change, If_Match=seen(city, SHEET))
    place = f"{SHEET}/adjustments/{told['events'][0]['data']['adjustment']}/decisions"
    publish(city, "provisional")
    advance(city, "provisional", "notice")

    def decide() -> None:
        advance(city, "appeal")
        city.done("approver", place, {"decision": "approve", "reason": REASON}, If_Match=seen(city, SHEET))
        city.settle()

    return decide


def test_results_are_shown_to_everybody_from_the_notice_on_and_not_before(city: City) -> None:
    nothing = plain(ask(city, Accept="text/html"))
    assert (nothing[0], "没有这次公布" in nothing[1]) == (404, True)
    reviewed(city)
    publish(city, "provisional")
    assert plain(ask(city, Accept="text/html")) == nothing
    advance(city, "provisional")
    assert plain(ask(city, Accept="text/html")) == nothing
    advance(city, "notice")
    assert "zhongshan 总工会" in read(city)


def test_a_cycle_without_a_notice_cannot_be_told_from_none(city: City) -> None:
    there, nowhere = plain(ask(city, Accept="text/html")), plain(ask(city, "/notice/2031", Accept="text/html"))
    assert there == (nowhere[0], nowhere[1].replace("2031", CYCLE))


def plain(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_data(as_text=True).replace(answer.headers["X-Request-Id"], "")


def test_the_page_shows_exactly_the_published_table(city: City) -> None:
    laid_open(city)
    published = city.seen("viewer", f"/cycles/{CYCLE}/publications/1")
    table = published["table"]
    assert published["digest"] == hashlib.sha256(canonical(table)).hexdigest()
    text = read(city)
    assert published["digest"] in text
    assert f"<dd>{published['position']}</dd>" in text
    for unit, row in table.items():
        [shown] = [each for each in rows(text) if unit in each]
        groups = [each["final"] for each in row["groups"].values()]
        named = [str(row["rank"]), unit, "总工会", row["total"]["final"], row["base"]["final"], row["bonus"]["final"]]
        assert shown == named + groups


def test_what_moves_afterwards_moves_nothing_on_the_page(city: City) -> None:
    move = laid_open_with_a_doubt(city)
    before = rows(read(city))
    move()
    assert city.seen("unit", f"/cycles/{CYCLE}/units/zhongshan/scores")["total"]["final"] == "1.20"
    assert rows(read(city)) == before


def test_the_page_holds_no_person_and_no_evidence(city: City) -> None:
    laid_open(city)
    text = read(city)
    assert not re.search(r"名 |[0-9a-f]{8}-[0-9a-f]{4}-", text)
    assert city.people["administrator"] not in text


def test_the_time_for_objections_is_told_in_shanghai_and_when_it_is_over(city: City) -> None:
    laid_open(city)
    cycle = city.seen("viewer", f"/cycles/{CYCLE}")
    [last] = [each["shanghai"] for each in cycle["deadlines"] if each["phase"] == "notice"]
    text = read(city)
    assert f"{last[:10]} {last[11:16]}（北京时间），正在进行" in text
    assert f"/api/v1/cycles/{CYCLE}/objections" in text
    advance(city, "appeal")
    text = read(city)
    assert "，已结束" in text
    assert f"{last[:10]} {last[11:16]}" not in text, (
        "ended before that, and nobody is told that there was time until it"
    )
    assert f"/api/v1/cycles/{CYCLE}/objections" not in text


def test_who_loses_his_way_with_a_browser_is_told_by_a_page_and_a_program_by_a_document(city: City) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "en"}
    page = city.call(STRANGER, "GET", "/nowhere", headers=browser)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "there is nothing here" in page.get_data(as_text=True)
    for path, headers in (("/nowhere", {}), (f"/api/v1/cycles/{CYCLE}", browser)):
        told = city.call(STRANGER, "GET", path, headers=headers)
        assert (told.status_code, told.mimetype) == (404 if path == "/nowhere" else 401, "application/problem+json")


@pytest.mark.parametrize(("language", "said"), [("zh", "目前没有公示"), ("en", "Nothing is laid open just now")])
def test_the_front_door_leads_people_to_what_is_laid_open_and_to_nothing_else(
    city: City, language: str, said: str
) -> None:
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": language}
    page = city.call(STRANGER, "GET", "/", headers=headers)
    assert (page.mimetype, page.headers["Content-Language"]) == ("text/html", language)
    assert said in page.get_data(as_text=True)
    laid_open(city)
    text = city.call(STRANGER, "GET", "/", headers=headers).get_data(as_text=True)
    assert said not in text
    assert f'href="{PAGE}?lang={language}"' in text


def test_earlier_publications_keep_their_address_and_say_that_they_were_superseded(city: City) -> None:
    laid_open_with_a_doubt(city)()
    publish(city, "final")
    first, newest = read(city, f"{PAGE}/1"), read(city)
    assert "已被之后的公布取代" in first
    assert "1.28" in first
    assert "1.20" in newest
    assert "最终结果" in newest
    assert f'href="{PAGE}/1?lang=zh"' in newest
    assert ask(city, f"{PAGE}/3").status_code == 404


def test_results_of_an_earlier_epoch_stay_and_say_that_the_cycle_was_reopened(city: City) -> None:
    laid_open(city)
    advance(city, "appeal")
    publish(city, "final")
    advance(city, "final")
    record_fact(city, facts.CycleReopened("r", 2, {}, "复查"))
    assert "本周期已重启" in read(city)
    publish(city, "provisional")
    assert "本周期已重启" in read(city), "results that are not open yet supersede none that are"
    assert ask(city, f"{PAGE}/3").status_code == 404


def test_hostile_names_are_text_and_nothing_else(city: City) -> None:
    record_fact(city, facts.UnitEnrolled("evil", "district", HOSTILE, HOSTILE))
    laid_open(city)
    text = read(city)
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;{{7*7}}总工会" in text


def test_the_page_runs_nothing_and_loads_only_its_own_style(city: City) -> None:
    laid_open(city)
    answer = ask(city)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    text = answer.get_data(as_text=True)
    assert "style=" not in text
    assert re.findall(r'(?:src|href)="(?!/|\?)', text) == []
    style = ask(city, "/style.css")
    assert (style.status_code, style.mimetype) == (200, "text/css")
    assert "@media print" in style.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "accepts", "language"),
    [
        (PAGE, "", "zh"),
        (PAGE, "en-GB,en;q=0.9", "en"),
        (f"{PAGE}?lang=zh", "en", "zh"),
        (f"{PAGE}?lang=en", "zh", "en"),
        (f"{PAGE}?lang=xx", "zh", "zh"),
    ],
)
def test_the_reader_chooses_the_language(city: City, path: str, accepts: str, language: str) -> None:
    laid_open(city)
    answer = ask(city, path, Accept_Language=accepts)
    assert answer.headers["Content-Language"] == language
    assert answer.headers["Vary"] == "Accept-Language"
    said, unsaid = ("名次", "Rank") if language == "zh" else ("Rank", "名次")
    assert said in answer.get_data(as_text=True)
    assert unsaid not in answer.get_data(as_text=True)


def test_a_page_that_has_not_changed_is_not_sent_again(city: City) -> None:
    laid_open(city)
    first = ask(city)
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert ask(city, If_None_Match=first.headers["ETag"]).status_code == 304
    assert ask(city, If_None_Match=first.headers["ETag"], Accept_Language="en").status_code == 200


def test_a_table_that_is_not_the_published_one_is_never_shown(city: City) -> None:
    laid_open(city)
    table: dict[str, Any] = city.seen("viewer", f"/cycles/{CYCLE}/publications/1")["table"]
    table["zhongshan"]["total"]["final"] = "99.00"
    digest = bytes.fromhex(city.seen("viewer", f"/cycles/{CYCLE}/publications/1")["digest"])
    with psycopg.connect(city.database.owner.libpq) as connection:  # whoever owns the server could
        connection.execute("SET session_replication_role = replica")
        connection.execute("ALTER TABLE record.documents DROP CONSTRAINT documents_check")
        connection.execute("UPDATE record.documents SET body = %s WHERE hash = %s", (canonical(table), digest))
    answer = ask(city, Accept="text/html")
    assert answer.status_code == 500
    assert "99.00" not in answer.get_data(as_text=True)
