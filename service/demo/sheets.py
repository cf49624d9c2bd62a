"""What a unit and the departments do on one sheet, in the words of the script."""

from dataclasses import dataclass
from typing import Any

from domain.rubric.model import Rubric
from service.demo.invented import draw
from service.demo.papers import Paper, paper
from service.demo.places import CYCLE, Place
from service.demo.stage import CREATED, Stage


@dataclass(frozen=True, slots=True)
class Desk:
    """A unit's sheet for one item, on stage."""

    stage: Stage
    rubric: Rubric
    place: Place
    item: str

    @property
    def path(self) -> str:
        """Where the sheet is."""
        return f"/cycles/{CYCLE}/units/{self.place.unit}/sheets/{self.item}"

    @property
    def clerk(self) -> str:
        """Who acts for the unit."""
        return f"unit/{self.place.unit}"

    def reviewer(self, leaf: str) -> str:
        """Who reviews the leaf: the department's reviewer, or the deputy where a conflict is declared."""
        department = self.rubric.leaf(leaf).department
        deputy = department == "legal" and self.place.unit == "lushunkou"
        return f"{'deputy' if deputy else 'reviewer'}/{department}"

    def submit(self, figures: dict[str, Any], effective: str) -> str:
        """The unit files figures that were true at a moment of the year; gives the submission."""
        told = self._act(self.clerk, "submissions", {"figures": figures, "effective": effective})
        return str(told["events"][0]["data"]["submission"])

    def attach(self, leaf: str, edition: str = "") -> str:
        """The unit sends a file for a leaf; gives the evidence."""
        told = self.stage.upload(self.clerk, f"{self.path}/evidence", leaf, self._paper(leaf, edition))
        return str(told["events"][0]["data"]["evidence"])

    def look_at(self, evidence: str, leaf: str, outcome: str, reason: str) -> None:
        """The reviewer accepts, returns or rejects a file."""
        body = {"outcome": outcome, "reason": reason}
        self._act(self.reviewer(leaf), f"evidence/{evidence}/reviews", body)

    def verify(
        self, leaf: str, submission: str, reason: str, corrected: dict[str, Any] | None = None, expect: int = CREATED
    ) -> None:
        """The reviewer stands for the figures as filed, or for corrected ones."""
        body: dict[str, Any] = {"leaf": leaf, "submission": submission, "reason": reason}
        if corrected is not None:
            body["corrected"] = corrected
        self._act(self.reviewer(leaf), "verifications", body, expect)

    def judge(self, leaf: str, points: str, reason: str) -> None:
        """The reviewer gives points on a judged leaf."""
        self._act(self.reviewer(leaf), "judgements", {"leaf": leaf, "points": points, "reason": reason})

    def without(self, leaf: str, reason: str) -> None:
        """The reviewer confirms that a leaf does not apply."""
        self._act(self.reviewer(leaf), "not-applicable", {"leaf": leaf, "reason": reason})

    def adjust(self, who: str, leaf: str, delta: str, code: str, text: str) -> str:
        """A reviewer proposes to move a leaf's points; gives the adjustment."""
        told = self._act(who, "adjustments", {"leaf": leaf, "delta": delta, "code": code, "text": text})
        return str(told["events"][0]["data"]["adjustment"])

    def decide(self, who: str, what: str, decision: str, reason: str, expect: int = CREATED) -> None:
        """Somebody decides on "adjustments/{id}" or "bonuses/{id}"."""
        self._act(who, f"{what}/decisions", {"decision": decision, "reason": reason}, expect)

    def claim(self, leaf: str, key: str, title: str, expect: int = CREATED) -> str:
        """The unit claims a bonus under a register number; gives the bonus ("" when it is refused)."""
        told = self._act(self.clerk, "claims", {"leaf": leaf, "key": key, "title": title}, expect)
        return _bonus(told)

    def propose(self, leaf: str, key: str, title: str, justification: str, bonus: str = "", level: str = "") -> str:
        """The reviewer proposes a bonus, on a claim or of his own; gives the bonus."""
        body = {"leaf": leaf, "key": key, "title": title, "level": level, "justification": justification}
        told = self._act(self.reviewer(leaf), "bonuses", body | ({"bonus": bonus} if bonus else {}))
        return _bonus(told)

    def _act(self, who: str, what: str, body: dict[str, Any], expect: int = CREATED) -> dict[str, Any]:
        return self.stage.post(who, f"{self.path}/{what}", body, expect)

    def _paper(self, leaf: str, edition: str) -> Paper:
        title = self.rubric.leaf(leaf).faces[self.place.cohort].title
        pick = draw(self.place.unit, leaf, edition)
        rows = [(self.place.en, CYCLE), (self.place.zh, title.zh), ("leaf", leaf), ("edition", edition or "1")]
        rows += [(f"enterprise {number}", str(pick(str(number), 8, 900))) for number in range(1, 9)]
        return paper(pick("kind", 0, 3), f"{self.place.zh}-{leaf}{edition}", rows)


def _bonus(told: dict[str, Any]) -> str:
    return next((str(event["data"]["bonus"]) for event in told.get("events", ()) if "bonus" in event["data"]), "")
