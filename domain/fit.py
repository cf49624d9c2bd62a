"""Whether what stands on a sheet may go on under another rubric: nothing may be lost, or read as another thing."""

from domain.acts.filing import OPEN_STATES
from domain.columns import under_targets
from domain.figure_checks import check, check_item
from domain.figures import BadFigures
from domain.refusals import Refused
from domain.rubric.leaves import Face, Leaf
from domain.rubric.model import Rubric
from domain.rubric.rules import Award, Judged
from domain.rubric.successor import leaves_of
from domain.rubric.texts import Text
from domain.sheet import Sheet

_KIND = Text("计分方式不同，而该小项已有办理事项", "another kind of rule, and something stands on the leaf")
_HELD = Text("登记册不同，而该小项有登记号在用", "another register of keys, and one is held on the leaf")
_SEALED = Text(
    "第一评已封存，可能不在新的档次之内，须先完成双评",
    "a first judgement is sealed that may be no step of the new rule: settle the round first",
)


def readable(before: Rubric, after: Rubric, cohort: str, sheet: Sheet) -> None:
    """Refuses a rubric that cannot take what stands on the sheet, by naming unit and leaf."""
    item = after.item(sheet.item)
    old, leaves = leaves_of(before, cohort), {leaf.id: leaf for leaf in item.leaves if cohort in leaf.faces}
    for leaf, now in leaves.items():
        if leaf in old:
            _stands(sheet, leaf, old[leaf][1].faces[cohort], now.faces[cohort])
    try:
        for submission in sheet.submissions.values():
            # Whoever withdraws a submission has the one before it back.
            if not submission.withdrawn:
                for leaf, figures in under_targets(submission.figures, sheet.targets).items():
                    check(leaves[leaf], cohort, figures, leaf)
        check_item(item, cohort, under_targets(sheet.verified, sheet.targets), "")
    except BadFigures as bad:
        path = bad.path.removeprefix(".")
        _unfit(sheet, path.split(".")[0], Text(f"{path}：{bad.zh}", f"{path}: {bad.en}"))
    for leaf in moved_keys(before, after, sheet):
        _unfit(sheet, leaf, Text(f"{leaf}：{_HELD.zh}", f"{leaf}: {_HELD.en}"))
    for bonus in sheet.bonuses.values():
        if bonus.proposer and bonus.level not in _levels(leaves[bonus.leaf], cohort):
            _unfit(sheet, bonus.leaf, Text(bonus.level, bonus.level))


def moved_keys(before: Rubric, after: Rubric, sheet: Sheet) -> list[str]:
    """The leaves on which a key is held, in one register by one rubric and in another one by the other."""
    held = dict.fromkeys(each.leaf for each in sheet.bonuses.values() if each.state in OPEN_STATES)
    return [leaf for leaf in held if before.register_of(leaf) != after.register_of(leaf)]


def _stands(sheet: Sheet, leaf: str, old: Face, new: Face) -> None:
    """Refuses another kind of rule where something stands, and steps that a sealed judgement may not be one of."""
    if type(old.rule) is not type(new.rule) and _touched(sheet, leaf):
        _unfit(sheet, leaf, Text(f"{leaf}：{_KIND.zh}", f"{leaf}: {_KIND.en}"))
    found = sheet.rounds.get(leaf)
    if found is not None and found.state == "sealed" and not _takes_sealed(old, new, alone=found.alone):
        _unfit(sheet, leaf, Text(f"{leaf}：{_SEALED.zh}", f"{leaf}: {_SEALED.en}"))


def _touched(sheet: Sheet, leaf: str) -> bool:
    return (
        leaf in sheet.verified
        or leaf in sheet.targets
        or sheet.unsettled(leaf) is not None
        or any(leaf in each.figures for each in sheet.submissions.values() if not each.withdrawn)
        or any(each.leaf == leaf for each in sheet.bonuses.values() if each.state in OPEN_STATES)
        or any(each.leaf == leaf for each in sheet.adjustments.values() if each.state in {"proposed", "approved"})
    )


def _takes_sealed(old: Face, new: Face, *, alone: bool) -> bool:
    """Whether any points that a first judgement under ``old`` may hold are points under ``new``."""
    if alone:
        return new.points >= old.points
    return isinstance(old.rule, Judged) and isinstance(new.rule, Judged) and {*old.rule.steps} <= {*new.rule.steps}


def _levels(leaf: Leaf, cohort: str) -> frozenset[str]:
    rule = leaf.faces[cohort].rule
    levels = rule.levels if isinstance(rule, Award) else ()
    return frozenset(level.id for level in levels) or frozenset({""})


def _unfit(sheet: Sheet, leaf: str, why: Text) -> None:
    raise Refused("rubric-unfit", f"{sheet.unit} {why.zh}", f"{sheet.unit} {why.en}", place=f"leaves.{leaf}")
