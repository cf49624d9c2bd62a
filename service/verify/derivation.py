"""How a unit's score comes about, leaf by leaf, worked out again from the entries (a certificate's `derivation`)."""

import json
from dataclasses import asdict
from typing import Any

from domain.columns import claimed_figures, verified_figures
from domain.explanation import Adjustment, Grounds, explain
from domain.sheet import Sheet
from service.verify.scores import Scores


def derivation(scores: Scores, cycle: str, unit: str) -> dict[str, Any]:
    """The tree total → group → item → leaf → rule, inputs, formula, rounding, with the positions it rests on.

    Raises KeyError, ValueError or TypeError for entries that give none.
    """
    known = scores.cycles[cycle]
    cohort, rubric = known.units[unit].cohort, scores.rubric(known.hash)
    grounds = Grounds({}, {}, {})
    for stream, sheet in scores.sheets.items():
        if stream.startswith(f"sheet/{cycle}/{unit}/"):
            rules = {
                leaf.id: leaf.faces[cohort].rule for leaf in rubric.item(sheet.item).leaves if cohort in leaf.faces
            }
            grounds = Grounds(
                {**grounds.figures, **verified_figures(sheet, rules)},
                {**grounds.sources, **{leaf: [int(each) for each in held] for leaf, held in sheet.sources.items()}},
                {**grounds.adjustments, **{leaf: _approved(sheet, leaf) for leaf in rules}},
                {**grounds.filed, **claimed_figures(sheet, rules)},
                {**grounds.rounds, **sheet.rounds},
            )
    document: dict[str, Any] = json.loads(json.dumps(asdict(explain(rubric, cohort, grounds))))
    return document


def _approved(sheet: Sheet, leaf: str) -> list[Adjustment]:
    return [
        Adjustment(each.delta, each.text, each.id)
        for each in sheet.adjustments.values()
        if each.leaf == leaf and each.state == "approved"
    ]
