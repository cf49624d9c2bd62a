import json
import re
import tomllib
from pathlib import Path

import pytest

from domain.rubric.identity import canonical, identity
from domain.rubric.model import Rubric
from domain.rubric.reading import read
from events.canonical import canonical as jcs
from service.rubric_files import load
from tests.domain.registers import bare

HARBOUR = Path(__file__).parent / "rubrics" / "harbour.toml"
SOURCE = HARBOUR.with_name("six-actions.source.txt")
# What the sheet was before a leaf could name a register: years that were begun under it name it for ever.
BEFORE_REGISTERS = "4fc7aee6170210d1e2f082f518bddde2997c0b9dde1cc72d9b45789ee2d5c082"
BY_DEPARTMENT = {
    "organisation": 1380,
    "women": 260,
    "audit-office": 160,
    "democracy": 2100,
    "economy": 1600,
    "legal": 2200,
    "publicity": 800,
    "livelihood": 1500,
    "relevant": 0,
}


@pytest.fixture(scope="module")
def sheet() -> Rubric:
    return load("six-actions")


@pytest.fixture(scope="module", params=["six-actions", str(HARBOUR)])
def any_rubric(request: pytest.FixtureRequest) -> Rubric:
    return load(request.param)


def _bare(text: str) -> str:
    """Without white space and separators; one spelling of the percent sign and of brackets."""
    return re.sub(r"[\s、]", "", text).translate(str.maketrans("％()", "%（）"))


def _points(rubric: Rubric, cohort: str) -> dict[str, int]:
    return {leaf.id: leaf.faces[cohort].points for leaf in rubric.leaves if cohort in leaf.faces}


def test_the_sheet_has_27_items_with_54_scored_and_7_bonus_leaves(sheet: Rubric) -> None:
    assert [item.id for item in sheet.items] == [str(number) for number in range(1, 28)]
    assert [leaf.bonus for leaf in sheet.leaves].count(False) == 54
    assert [leaf.id for leaf in sheet.leaves if leaf.bonus] == ["1f", "7a", "7b", "7c", "23c", "27a", "27b"]


def test_a_district_can_win_100_points_and_an_industry_union_80(sheet: Rubric) -> None:
    assert sum(_points(sheet, "district").values()) == 10000
    assert sum(_points(sheet, "industry").values()) == 8000


def test_the_departments_answer_for_the_points_of_the_check_sums(sheet: Rubric) -> None:
    points = _points(sheet, "district")
    sums = dict.fromkeys(BY_DEPARTMENT, 0)
    for leaf in sheet.leaves:
        sums[leaf.department] += points[leaf.id]
    assert sums == BY_DEPARTMENT


def test_seven_items_do_not_apply_to_industry_unions(sheet: Rubric) -> None:
    absent = [item.id for item in sheet.items if "industry" not in item.points]
    assert absent == ["2", "4", "12", "14", "17", "24", "26"]


def test_an_item_applies_to_the_unions_its_objects_column_lists(sheet: Rubric) -> None:
    for item in sheet.items:
        assert ("各产业工会" in item.objects) == ("industry" in item.points)
        assert "各区市县总工会" in item.objects


def test_the_objects_of_an_item_are_said_in_english_one_by_one_or_as_they_stand(any_rubric: Rubric) -> None:
    for item in any_rubric.items:
        assert item.assessed("zh") == item.objects
        assert item.assessed("en") == (item.objects_en or item.objects)
        assert len(item.assessed("en")) == len(item.objects)


def test_points_written_in_an_item_s_text_are_those_of_its_leaves(sheet: Rubric) -> None:
    for leaf, words in {"6a": "得8分", "6b": "得4分"}.items():
        points = sheet.leaf(leaf).faces["district"].points
        assert words == f"得{points // 100}分"
        assert words in sheet.item_of(leaf).text.zh


def test_every_item_stands_in_the_source_word_for_word(sheet: Rubric) -> None:
    source = _bare(SOURCE.read_text("utf-8"))
    for item in sheet.items:
        points = item.points["district"]
        value = str(points // 100) if points else "加分项目"
        assert _bare(f"{item.id}{item.text.zh}{value}{''.join(item.objects)}") in source


def test_every_group_stands_in_the_source_with_its_points(sheet: Rubric) -> None:
    source = _bare(SOURCE.read_text("utf-8"))
    for group in sheet.groups:
        points = group.points["district"]
        assert _bare(f"{group.name.zh}（{points // 100}分）" if points else group.name.zh) in source


def test_industry_unions_meet_their_own_wording(sheet: Rubric) -> None:
    for leaf in ("13a", "13b", "15a", "16a"):
        faces = sheet.leaf(leaf).faces
        assert faces["industry"].title != faces["district"].title
    assert sheet.leaf("23b").faces["industry"].points == 700


def test_the_register_holds_the_18_questions_undecided(sheet: Rubric) -> None:
    assert [question.id for question in sheet.questions] == [f"Q{number}" for number in range(1, 19)]
    assert not any(question.decided for question in sheet.questions)


def test_every_text_is_in_both_languages(any_rubric: Rubric) -> None:
    document = canonical(any_rubric).decode()
    chinese = re.findall(r'"zh":"([^"]+)"', document)
    english = re.findall(r'"en":"([^"]+)"', document)
    assert len(chinese) == len(english) > 20
    assert all(re.search("[一-鿿]", text) for text in chinese)
    assert not any(re.fullmatch("[一-鿿、，。]+", text) for text in english)


def test_the_canonical_form_reads_back_equal(any_rubric: Rubric) -> None:
    assert read(json.loads(canonical(any_rubric))) == any_rubric


def test_the_canonical_form_is_the_record_s_restricted_jcs(any_rubric: Rubric) -> None:
    assert jcs(json.loads(canonical(any_rubric))) == canonical(any_rubric)


def test_the_identity_covers_texts_glossary_and_register() -> None:
    text = HARBOUR.read_text("utf-8")
    seen = {identity(read(tomllib.loads(text)))}
    for old, new in [("灭火器检验率达到90%", "x"), ("年度体检", "y"), ("名册不全", "z"), ('"0.25"', '"0.20"')]:
        assert old in text
        seen.add(identity(read(tomllib.loads(text.replace(old, new)))))
    assert len(seen) == 5


def test_a_register_is_part_of_the_identity_and_one_that_no_leaf_names_changed_none(sheet: Rubric) -> None:
    assert b'"register"' not in canonical(bare(sheet))
    assert canonical(sheet).count(b'"register":"7"') == 3
    assert identity(bare(sheet)) == BEFORE_REGISTERS
    assert identity(sheet) != BEFORE_REGISTERS


def test_the_order_of_members_does_not_change_the_identity() -> None:
    document = tomllib.loads(HARBOUR.read_text("utf-8"))
    turned = dict(reversed(document.items()))
    assert identity(read(turned)) == identity(read(document))


def test_a_decided_question_answers_with_the_decision(any_rubric: Rubric) -> None:
    for question in any_rubric.questions:
        assert question.answer == ("no" if question.id == "H1" else question.default)


def test_asking_for_what_is_not_there_is_a_key_error(sheet: Rubric) -> None:
    for ask in (sheet.item, sheet.leaf, sheet.item_of):
        with pytest.raises(KeyError):
            ask("99z")
