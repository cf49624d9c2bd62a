"""Histories of one sheet by chance: facts speak only of what is there, some with an effective time of their own."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hypothesis import strategies as st

from domain import facts
from domain.columns import columns
from domain.moments import Effects, Moment
from domain.rubric.rules import OverTarget, Tally
from domain.scoring import compile_item
from domain.sheet import Sheet
from tests.domain.guesses import figures_for
from tests.domain.stage import RUBRIC, file

ITEMS = ("1", "6", "7", "14", "27")
COHORT = "district"


class Told(NamedTuple):
    """One event: its fact, when it was recorded, the effective time somebody gave it, and when it holds from."""

    fact: Any
    recorded: str
    effective: str | None
    holds: str


def minute(number: int) -> str:
    """A moment; the higher the number, the later."""
    return f"2026-06-01T{number // 60:02d}:{number % 60:02d}:00.000000Z"


@dataclass
class History:
    """A sheet's events in order; positions are 1, 2, 3 …"""

    item: str
    told: list[Told] = field(default_factory=list)
    ids: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def standing(self, moment: Moment) -> list[int]:
        """The places (from 0) of what stands at a moment."""
        return [place for place, each in enumerate(self.told) if moment.sees(place + 1, each.holds)]

    def sheet(self, places: list[int]) -> Sheet:
        """The sheet when exactly these stand; raises where one rests on what does not."""
        sheet = Sheet.of(f"sheet/2026/zhongshan/{self.item}")
        for place in places:
            sheet.evolve(self.told[place].fact, "somebody", f"event {place}")
        return sheet

    def points(self, places: list[int]) -> dict[str, int]:
        """Every column of every leaf, in hundredths, when exactly these stand."""
        scorer = compile_item(RUBRIC, self.item, COHORT)
        rules = {leaf.id: leaf.faces[COHORT].rule for leaf in RUBRIC.item(self.item).leaves}
        scores = columns(self.sheet(places), scorer, rules)
        return {
            f"{leaf}/{name}": getattr(of, name)
            for leaf, of in scores.items()
            for name in ("claimed", "verified", "final")
        }


@st.composite
def histories(draw: Callable[..., Any], effective: bool = True) -> History:
    """A history of up to 14 events."""
    history, effects = History(draw(st.sampled_from(ITEMS))), Effects()
    leaves = [leaf for leaf in RUBRIC.item(history.item).leaves if not isinstance(leaf.faces[COHORT].rule, OverTarget)]
    for number in range(1, draw(st.integers(1, 14)) + 1):
        fact = draw(st.sampled_from(_possible(history)))(draw, history, leaves, f"id-{number}")
        given = minute(draw(st.integers(0, 2 * number))) if effective and draw(st.booleans()) else None
        recorded = minute(2 * number)
        history.told.append(Told(fact, recorded, given, effects.take(fact, recorded, given)))
    return history


Maker = Callable[..., Any]


def _possible(history: History) -> list[Maker]:
    bonuses, rest = history.item in {"7", "27"}, history.item not in {"7", "27"}
    found: list[Maker] = [_attach, *([_claim] if bonuses else []), *([_submit, _absent, _propose] if rest else [])]
    after: dict[str, list[Maker]] = {
        "submission": [_verify, _withdraw], "evidence": [_attach_again, _review, _take_back],
        "adjustment": [_decide], "bonus": [_propose_bonus, _grant], "appeal": [_decide_appeal],
    }  # fmt: skip
    found += [_appeal, *(maker for kind, makers in after.items() if history.ids.get(kind) for maker in makers)]
    return found


def _new(history: History, kind: str, key: str, leaf: str) -> str:
    history.ids.setdefault(kind, []).append((key, leaf))
    return key


def _leaf(draw: Any, leaves: Any) -> Any:
    return draw(st.sampled_from(leaves))


def _submit(draw: Any, history: History, leaves: Any, key: str) -> Any:
    leaf = _leaf(draw, leaves)
    figures = draw(figures_for(leaf.faces[COHORT].rule))
    return facts.FiguresSubmitted(_new(history, "submission", key, leaf.id), {leaf.id: figures})


def _verify(draw: Any, history: History, leaves: Any, _: str) -> Any:
    key, leaf = draw(st.sampled_from(history.ids["submission"]))
    rule = next(each for each in leaves if each.id == leaf).faces[COHORT].rule
    return facts.FiguresVerified(leaf, key, draw(figures_for(rule)), draw(st.booleans()), "looked at")


def _withdraw(draw: Any, history: History, _leaves: Any, _: str) -> Any:
    return facts.SubmissionWithdrawn(draw(st.sampled_from(history.ids["submission"]))[0], "an error")


def _absent(draw: Any, _history: History, leaves: Any, _: str) -> Any:
    return facts.NotApplicableConfirmed(_leaf(draw, leaves).id, "there is none")


def _propose(draw: Any, history: History, leaves: Any, key: str) -> Any:
    leaf, delta = _leaf(draw, leaves).id, draw(st.sampled_from(("-0.50", "0.30", "1.00")))
    return facts.AdjustmentProposed(_new(history, "adjustment", key, leaf), leaf, delta, "other", "found on the spot")


def _decide(draw: Any, history: History, _leaves: Any, _: str) -> Any:
    kind = draw(st.sampled_from((facts.AdjustmentApproved, facts.AdjustmentDeclined, facts.AdjustmentRevoked)))
    return kind(*draw(st.sampled_from(history.ids["adjustment"])), "seen")


def _attach(draw: Any, history: History, leaves: Any, key: str) -> Any:
    leaf = _leaf(draw, leaves).id
    return file(_new(history, "evidence", key, leaf), leaf)


def _attach_again(draw: Any, history: History, _leaves: Any, key: str) -> Any:
    before, leaf = draw(st.sampled_from(history.ids["evidence"]))
    return file(_new(history, "evidence", key, leaf), leaf, before)


def _review(draw: Any, history: History, _leaves: Any, _: str) -> Any:
    outcome = draw(st.sampled_from(("accepted", "returned", "rejected")))
    return facts.EvidenceReviewed(*draw(st.sampled_from(history.ids["evidence"])), outcome, "looked at")


def _take_back(draw: Any, history: History, _leaves: Any, _: str) -> Any:
    return facts.EvidenceWithdrawn(draw(st.sampled_from(history.ids["evidence"]))[0], "the wrong file")


def _claim(draw: Any, history: History, leaves: Any, key: str) -> Any:
    leaf = _leaf(draw, leaves).id
    return facts.BonusClaimed(_new(history, "bonus", key, leaf), leaf, draw(st.sampled_from("AB")), "a contract")


def _propose_bonus(draw: Any, history: History, _leaves: Any, _: str) -> Any:
    key, leaf = draw(st.sampled_from(history.ids["bonus"]))
    rule = RUBRIC.leaf(leaf).faces[COHORT].rule
    levels = [""] if isinstance(rule, Tally) else [each.id for each in rule.levels] or [""]  # type: ignore[union-attr]
    return facts.BonusProposed(key, leaf, draw(st.sampled_from("AB")), "a contract", draw(st.sampled_from(levels)), "y")


def _grant(draw: Any, history: History, _leaves: Any, _: str) -> Any:
    kind = draw(st.sampled_from((facts.BonusGranted, facts.BonusDeclined, facts.BonusRevoked)))
    return kind(*draw(st.sampled_from(history.ids["bonus"])), "registered")


def _appeal(draw: Any, history: History, leaves: Any, key: str) -> Any:
    leaf = _leaf(draw, leaves).id
    return facts.AppealFiled(_new(history, "appeal", key, leaf), leaf, "it was more", [])


def _decide_appeal(draw: Any, history: History, _leaves: Any, key: str) -> Any:
    appeal, leaf = draw(st.sampled_from(history.ids["appeal"]))
    adjustment = _new(history, "adjustment", f"{key}-points", leaf)
    return facts.AppealDecided(appeal, leaf, "upheld", "0.20", adjustment, "it was")
