"""No text speaks one language only: sources, pages, command lines, rubrics, and the tables of messages."""

import json
from pathlib import Path

import pytest

from domain.rubric.identity import canonical
from domain.scopes import SCOPES
from service.cli import main
from service.pages import ROLES
from service.rubric_files import load
from service.sign_in.failures import FAILURES
from tests.service.untranslated import CHINESE, ENGLISH, in_commands, in_document, in_source, in_template

ROOT = Path(__file__).parents[2]
SOURCES = sorted(path for room in ("service", "workers", "events", "domain") for path in (ROOT / room).rglob("*.py"))
TEMPLATES = sorted((ROOT / "service" / "templates").glob("*.html"))
# Content and no message: what people of an invented Chinese city write, and what a cell of a Chinese workbook holds.
CONTENT = {"service/demo/", "domain/figure_rows.py:是", "domain/figure_rows.py:否"}
# The mark in front of a Chinese letter's subject; the English one stands in the branch beside it.
ELSEWHERE = {"workers/notices/letters.py:【考核】{}"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def untranslated(path: Path) -> list[str]:
    found = [f"{name(path)}:{text}" for _, text in in_source(path.read_text("utf-8"))]
    return [each for each in found if each not in ELSEWHERE and not each.startswith(tuple(CONTENT))]


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_text_of_the_source_has_its_english(path: Path) -> None:
    assert untranslated(path) == []


def test_no_exception_to_this_is_out_of_date() -> None:
    found = {f"{name(path)}:{text}" for path in SOURCES for _, text in in_source(path.read_text("utf-8"))}
    assert ELSEWHERE - found == set()
    assert [each for each in CONTENT if not any(one.startswith(each) for one in found)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_text_of_a_page_is_said_in_both_languages(path: Path) -> None:
    assert list(in_template(path.read_text("utf-8"))) == []


def test_every_command_and_option_explains_itself_in_both_languages() -> None:
    assert list(in_commands(main)) == []


@pytest.mark.parametrize("rubric", ["six-actions"])
def test_every_text_of_a_bundled_rubric_is_in_both_languages(rubric: str) -> None:
    assert list(in_document(json.loads(canonical(load(rubric))))) == []


def test_every_failure_of_a_sign_in_and_every_role_is_named_in_both_languages() -> None:
    for _, zh, en in FAILURES.values():
        assert CHINESE.search(zh)
        assert ENGLISH.search(en)
        assert not CHINESE.search(en)
    assert ROLES.keys() == SCOPES.keys()


@pytest.mark.parametrize(
    "source",
    [
        'x = Problem(409, "code", "只有中文", "还是中文")',
        'raise Problem(409, detail_zh="只有中文")',
        'raise StackError("磁盘已满。")',
        'raise StackError("the disk is full")',
        'raise SettingsError(f"{name} 无效。", "")',
        'REASONS = {"code": Reason(Kind.RULE, "没有英文")}',
        'about = {"zh": "只有中文"}',
        'WORDS = {"zh": {"a": "甲", "b": "乙"}, "en": {"a": "A"}}',
        '_WORDS = {"rule": ("甲", "乙")}',
        'click.echo(f"{count} entries were read")',
        "zh = '没有英文'",
        'say("正在启动")',
    ],
)
def test_a_text_in_one_language_only_would_be_found(source: str) -> None:
    assert list(in_source(source)) != []


@pytest.mark.parametrize(
    "source",
    [
        'raise Problem(409, "code", "中文", "English words")',
        'raise Problem(409, detail_zh=f"中文{x}", detail_en=f"English {x}")',
        'raise StackError("磁盘已满。", "The disk is full.")',
        'about = {"zh": "中文", "en": "English"}',
        'WORDS = {"zh": {"a": "甲"}, "en": {"a": "A"}}',
        'REASON = "首任管理员 the first administrator"',
        'self.zh = f"有{n}种"\nself.en = f"there are {n}"',
        'def f():\n    """公示 means laid open."""',
    ],
)
def test_a_text_in_both_would_not(source: str) -> None:
    assert list(in_source(source)) == []


@pytest.mark.parametrize(
    "page",
    [
        "<p>Only English</p>",
        "<p>只有中文</p>",
        '<p>{{ t("中文", "还是中文") }}</p>',
        '<p>{{ t("only", "English") }}</p>',
        '<button title="x">Sign out</button>',
    ],
)
def test_a_page_in_one_language_only_would_be_found(page: str) -> None:
    assert list(in_template(page)) != []


def test_a_rubric_in_one_language_only_would_be_found() -> None:
    document = json.loads(canonical(load("six-actions")))
    document["groups"][0]["name"]["en"] = document["groups"][0]["name"]["zh"]
    del document["questions"][0]["text"]["en"]
    assert list(in_document(document)) == ["/groups/0/name", "/questions/0/text"]
