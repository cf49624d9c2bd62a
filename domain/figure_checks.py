"""The figures a leaf takes, checked at the door; after that every reader may trust them.

They are those of its rule (see ``domain.figure_kinds``), or for any scored leaf {"not_applicable": true}, with "points"
given by a reviewer where no sibling can take its points.
"""

from collections.abc import Mapping
from typing import Any

from domain import points
from domain.figure_kinds import check_kind
from domain.figures import Figures, hundredths, only, refuse
from domain.rubric.leaves import Face, Leaf
from domain.rubric.model import Item


def check(leaf: Leaf, cohort: str, raw: Any, path: str) -> Figures:
    """The figures of ``leaf`` for a unit of ``cohort``; raises BadFigures naming the member under ``path``."""
    face = leaf.faces.get(cohort)
    if face is None:
        refuse(path, f"此评分点不适用于 {cohort}", f"the leaf does not apply to {cohort}")
    if not isinstance(raw, Mapping):
        refuse(path, "须为JSON对象", "must be a JSON object")
    if "not_applicable" in raw:
        _not_applicable(face, raw, path)
    else:
        check_kind(face.rule, raw, path)
    return dict(raw)


def check_item(item: Item, cohort: str, raws: Mapping[str, Any], path: str) -> dict[str, Figures]:
    """The figures of the item's leaves that are given; also refuses points where siblings take them."""
    given = {
        leaf.id: check(leaf, cohort, raws[leaf.id], f"{path}.{leaf.id}") for leaf in item.leaves if leaf.id in raws
    }
    scored = {leaf.id for leaf in item.leaves if cohort in leaf.faces and not leaf.bonus}
    absent = {leaf: figures for leaf, figures in given.items() if "not_applicable" in figures}
    for leaf, figures in absent.items():
        if "points" in figures and scored - absent.keys():
            refuse(
                f"{path}.{leaf}.points",
                "分值已并入同项目的其他评分点，不另给分",
                "its points move to the item's other leaves; none are given here",
            )
    return given


def _not_applicable(face: Face, raw: Figures, path: str) -> None:
    if face.bonus:
        refuse(path, "加分点无须确认不适用", "a bonus leaf is never marked not applicable")
    only(raw, ("not_applicable", "points"), path)
    if raw["not_applicable"] is not True:
        refuse(f"{path}.not_applicable", "只可为 true", "can only be true")
    if "points" in raw and not 0 <= hundredths(raw, path) <= face.points:
        most = points.show(face.points)
        refuse(f"{path}.points", f"须在0.00至{most}之间", f"must be between 0.00 and {most}")
