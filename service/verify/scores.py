"""Scores, computed again from the entries and the rubric they name; nothing else is asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from domain.columns import LeafScore, columns
from domain.cycle import Cycle
from domain.item_scoring import ItemScorer
from domain.rubric.model import Rubric
from domain.rubric.reading import read as read_rubric
from domain.rubric.refused import RubricRefused
from domain.scoring import compile_item
from domain.sheet import Sheet
from service.verify.entries import Entry, UnreadableError
from service.verify.results import Leaves, results_document


@dataclass(frozen=True, slots=True)
class _ItemRules:
    scorer: ItemScorer
    rules: Mapping[str, Any]


class Scores:
    """Folds cycles and sheets; then `published` says what the scores of a cycle have to be.

    `traced`: also which positions each leaf rests on.
    """

    def __init__(self, documents: Mapping[str, bytes], *, traced: bool = False) -> None:
        self._documents = documents
        self._traced = traced
        self._rubrics: dict[str, Rubric] = {}
        self._items: dict[tuple[str, str, str], _ItemRules] = {}
        self.cycles: dict[str, Cycle] = {}
        self.sheets: dict[str, Sheet] = {}

    def sheet(self, stream: str) -> Sheet | None:
        """The sheet of a stream as folded so far; None for a stream that is no sheet."""
        if not stream.startswith("sheet/"):
            return None
        if stream not in self.sheets:
            try:
                self.sheets[stream] = Sheet.of(stream)
            except ValueError:
                raise UnreadableError(stream) from None
        return self.sheets[stream]

    def take(self, entry: Entry, fact: Any) -> None:
        """Folds one entry; raises UnreadableError when it does not fit what came before."""
        try:
            if entry.subject.startswith("cycle/"):
                name = entry.subject.removeprefix("cycle/")
                self.cycles[name] = self.cycles.get(name, Cycle(name)).evolve(fact, entry.actor)
            elif (sheet := self.sheet(entry.subject)) is not None:
                sheet.evolve(fact, entry.actor, str(entry.position) if self._traced else "")
        except (KeyError, ValueError, TypeError, AttributeError) as reason:
            raise UnreadableError(f"{entry.type}: {reason!r}") from None

    def rubric(self, digest: str) -> Rubric:
        """The rubric of that identity; raises UnreadableError when it is missing or has another hash."""
        if digest not in self._rubrics:
            body = self._documents.get(digest)
            if body is None or sha256(body).hexdigest() != digest:
                raise UnreadableError(f"rubric {digest}")
            try:
                self._rubrics[digest] = read_rubric(json.loads(body))
            except (ValueError, RecursionError, RubricRefused, AttributeError, TypeError, KeyError):
                raise UnreadableError(f"rubric {digest}") from None
        return self._rubrics[digest]

    def department_of(self, cycle: str, leaf: str) -> str | None:
        """The department that answers for a leaf; None when cycle, rubric or leaf is unknown."""
        try:
            return self.rubric(self.cycles[cycle].hash).leaf(leaf).department
        except (UnreadableError, KeyError):
            return None

    def leaves(self, cycle: str, unit: str) -> Leaves:
        """The columns of every leaf of a unit, each sheet under the rubric its own stream names."""
        known = self.cycles[cycle]
        enrolled, found = known.units[unit], dict[str, LeafScore]()
        for item in self.rubric(known.hash).items:
            if enrolled.cohort in item.points:
                stream = f"sheet/{cycle}/{unit}/{item.id}"
                sheet = self.sheets.get(stream) or Sheet.of(stream)
                digest = sheet.rubric or enrolled.rubric
                if not self._asks(digest, item.id, enrolled.cohort):
                    continue  # it comes with a rubric that its sheet does not stand under yet
                rules = self._rules(digest, item.id, enrolled.cohort)
                found |= columns(sheet, rules.scorer, rules.rules)
        return found

    def published(self, cycle: str) -> dict[str, Any]:
        """What the published results of a cycle have to be: points as texts, ranks inside each cohort.

        Raises UnreadableError when they cannot be computed from what is there.
        """
        known = self.cycles.get(cycle)
        if known is None:
            raise UnreadableError(f"cycle {cycle}")
        try:
            leaves = {unit: self.leaves(cycle, unit) for unit in known.units}
            cohorts = {unit: known.units[unit].cohort for unit in leaves}
            return results_document(self.rubric(known.hash), cohorts, leaves)
        except (KeyError, ValueError, TypeError) as reason:
            raise UnreadableError(f"cycle {cycle}: {reason!r}") from None

    def _asks(self, digest: str, item: str, cohort: str) -> bool:
        return any(each.id == item and cohort in each.points for each in self.rubric(digest).items)

    def _rules(self, digest: str, item: str, cohort: str) -> _ItemRules:
        key = (digest, item, cohort)
        if key not in self._items:
            rubric = self.rubric(digest)
            rules = {leaf.id: leaf.faces[cohort].rule for leaf in rubric.item(item).leaves if cohort in leaf.faces}
            self._items[key] = _ItemRules(compile_item(rubric, item, cohort), rules)
        return self._items[key]
