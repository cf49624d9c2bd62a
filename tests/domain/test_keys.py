"""A key is one key however it is written, and has one stream in its register."""

import re

import pytest
from hypothesis import given, strategies as st

from domain import facts
from domain.keys import normal, stream, stream_of
from domain.rubric.model import Rubric
from domain.sheet import Sheet
from tests.domain.registers import bare
from tests.domain.stage import RUBRIC, refused

ALONE = bare(RUBRIC)


@pytest.mark.parametrize(("rubric", "streams"), [(RUBRIC, 1), (ALONE, 3)], ids=["one register", "no register named"])
def test_leaves_of_one_register_share_a_keys_stream_and_others_have_their_own(rubric: Rubric, streams: int) -> None:
    sheet = Sheet.of("sheet/2026/zhongshan/7")
    found = [stream_of(sheet, facts.BonusClaimed("b", leaf, "DL-12", "t"), rubric) for leaf in ("7a", "7b", "7c")]
    assert len(set(found)) == streams
    assert found == [stream("2026", rubric.leaf(leaf).register or leaf, "DL-12") for leaf in ("7a", "7b", "7c")]


def test_the_stream_of_a_key_is_named_by_cycle_register_and_digest() -> None:
    assert re.fullmatch(r"claim/2026/7a/[0-9a-f]{32}", stream("2026", "7a", "DL-12"))
    assert stream("2026", "7a", "DL-12") == "claim/2026/7a/e3d99c1d0e2f10d11df288ed9476fc3e"
    others = {stream("2026", "7a", "DL-13"), stream("2026", "7b", "DL-12"), stream("2027", "7a", "DL-12")}
    assert stream("2026", "7a", "DL-12") not in others
    assert len(others) == 3


@pytest.mark.parametrize(
    "written",
    [
        "dl-12",
        " DL-12\t",
        "ＤＬ－１２",
        "DL\u200b-12",
        "\ufeffDL-12",
        "D\u00adL-12",
        "DL-12\ufe0f",
        "\u2068DL-12\u2069",
    ],
)
def test_a_key_is_one_key_however_it_is_written(written: str) -> None:
    assert normal(written) == "dl-12"
    assert stream("2026", "7a", written) == stream("2026", "7a", "DL-12")


def test_words_stay_apart_by_one_blank() -> None:
    assert normal("大连\u3000 经验\n 一") == "大连 经验 一"


@given(st.text(max_size=30))
def test_the_normal_spelling_of_a_key_is_its_own_normal_spelling(key: str) -> None:
    once = normal(normal(key))
    assert normal(once) == once


@pytest.mark.parametrize("key", ["", " ", "\u200b\u2060", "\x00"])
def test_a_key_in_which_nothing_can_be_seen_has_no_stream(key: str) -> None:
    with refused("bad-key", "key"):
        stream("2026", "7a", key)


def test_a_number_on_item_7_is_no_experience_of_item_27() -> None:
    assert RUBRIC.register_of("7a") == "7"
    assert [RUBRIC.register_of(leaf) for leaf in ("27a", "27b", "9z")] == ["27a", "27b", "9z"]
