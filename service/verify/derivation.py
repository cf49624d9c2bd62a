"""How a unit's score comes about, leaf by leaf, worked out again from the entries (a certificate's `derivation`)."""

import json
from dataclasses import asdict, replace
from typing import Any

from domain.explanation import explain
from domain.grounds import grounds
from service.verify.scores import Scores


def derivation(scores: Scores, cycle: str, unit: str) -> dict[str, Any]:
    """The tree total → group → item → leaf → rule, inputs, formula, rounding, with the positions it rests on.

    Raises KeyError, ValueError or TypeError for entries that give none.
    """
    known = scores.cycles[cycle]
    cohort, rubric = known.units[unit].cohort, scores.rubric(known.hash)
    rules = {
        item.id: {leaf.id: leaf.faces[cohort].rule for leaf in item.leaves if cohort in leaf.faces}
        for item in rubric.items
    }
    mine = [sheet for stream, sheet in scores.sheets.items() if stream.startswith(f"sheet/{cycle}/{unit}/")]
    found = grounds((sheet, rules[sheet.item]) for sheet in mine)
    found = replace(found, sources={leaf: [int(each) for each in held] for leaf, held in found.sources.items()})
    document: dict[str, Any] = json.loads(json.dumps(asdict(explain(rubric, cohort, found))))
    return document
