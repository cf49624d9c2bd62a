"""What departments do in the demo year: look at files, verify and correct figures, judge, adjust, grant."""

from domain.rubric.leaves import Leaf
from domain.rubric.model import Rubric
from domain.rubric.rules import Increment, Judged
from service.demo import stories
from service.demo.filing import Filed, Files, desk_of, desks
from service.demo.invented import draw, smaller
from service.demo.places import Place
from service.demo.sheets import Desk
from service.demo.stage import CONFLICT, FORBIDDEN, Stage

FINE = "与佐证材料一致 agrees with the evidence"


def review_year(stage: Stage, rubric: Rubric, place: Place, filed: Filed, files: Files) -> dict[str, str]:
    """The departments go through a unit's sheets, leaf by leaf; gives the points that were judged, by leaf."""
    judged = {}
    for desk, leaves in desks(stage, rubric, place):
        for leaf in leaves:
            if (place.unit, leaf.id) in stories.WAITING:
                continue
            if (place.unit, leaf.id) in files:
                desk.look_at(files[place.unit, leaf.id], leaf.id, "accepted", FINE)
            judged[leaf.id] = _settle(desk, leaf, filed)
    return judged


def ask_again(stage: Stage, rubric: Rubric, files: Files) -> None:
    """One file is returned in the last days; the unit has yet to answer."""
    unit, leaf = stories.ANSWER_AWAITED
    desk = desk_of(stage, rubric, unit, leaf)
    reason = "合同清单缺少后两个季度，请补正 the list of contracts ends in June: add the second half of the year"
    desk.look_at(files[unit, leaf], leaf, "returned", reason)


def conflict(stage: Stage, rubric: Rubric, filed: Filed) -> None:
    """A reviewer who declared a conflict tries to act all the same; refused, and the refusal is recorded."""
    desk = desk_of(stage, rubric, "lushunkou", "13b")
    body = {"leaf": "13b", "submission": filed["lushunkou", "13b"][0], "reason": FINE}
    stage.post("reviewer/legal", f"{desk.path}/verifications", body, FORBIDDEN)


def adjust(stage: Stage, rubric: Rubric) -> None:
    """Adjustments: proposed by one person, decided by another; some declined, one revoked, one still open."""
    for change in stories.CHANGES:
        desk = desk_of(stage, rubric, change.unit, change.leaf)
        who = desk.reviewer(change.leaf)
        what = f"adjustments/{desk.adjust(who, change.leaf, change.delta, change.code, change.text)}"
        _decide(desk, what, {"approved": "approve", "declined": "decline", "revoked": "approve"}.get(change.end))
        if change.end == "revoked":
            desk.decide("approver", what, "revoke", "复查情况属实，撤销扣分 the re-inspection found it mended")


def alone(stage: Stage, rubric: Rubric) -> None:
    """Somebody who may propose and approve tries to do both to one thing; a second person has to decide."""
    desk = desk_of(stage, rubric, "machinery", "8b")
    text = "抽查两家企业职代会未按期召开，拟予扣分。"
    what = f"adjustments/{desk.adjust('head/democracy', '8b', '-0.20', 'inspection', text)}"
    desk.decide("head/democracy", what, "approve", "同意 agreed", FORBIDDEN)
    desk.decide("approver", what, "approve", "情况属实 the facts are as stated")


def beyond(stage: Stage, rubric: Rubric) -> None:
    """A leaf never rises above its points: whoever proposes more is refused."""
    desk = desk_of(stage, rubric, "jinzhou", "16a")
    body = {"leaf": "16a", "delta": "3.50", "code": "other", "text": "工作突出，建议超额加分以资鼓励。"}
    stage.post(desk.reviewer("16a"), f"{desk.path}/adjustments", body, CONFLICT)


def award(stage: Stage, rubric: Rubric, claimed: dict[stories.Bonus, str]) -> None:
    """Bonuses: a reviewer proposes with a written justification, a second person decides."""
    for bonus, found in claimed.items():
        if bonus.end == "claimed":
            continue
        desk = desk_of(stage, rubric, bonus.unit, bonus.leaf)
        why = f"已核对登记材料原件并电话核实：{bonus.title}。 Register entry and originals were checked."
        what = f"bonuses/{desk.propose(bonus.leaf, bonus.key, bonus.title, why, found, bonus.level)}"
        _decide(desk, what, {"granted": "grant", "declined": "decline", "revoked": "grant"}.get(bonus.end))
        if bonus.end == "revoked":
            desk.decide(
                "approver", what, "revoke", "合同在年内解除，不再符合条件 the contract was ended within the year"
            )


def audit(stage: Stage, rubric: Rubric, files: Files) -> None:
    """The auditor reads a file, which is recorded, and asks for a replay of everything from zero."""
    (unit, leaf), evidence = min(files.items())
    desk = desk_of(stage, rubric, unit, leaf)
    stage.read("auditor", f"{desk.path}/evidence/{evidence}")
    stage.post("auditor", "/recomputations", {"reason": "年中抽查 a spot check in the middle of the review"})


def _settle(desk: Desk, leaf: Leaf, filed: Filed) -> str:
    """Settles a leaf; gives the points where it was judged, "" where it was not."""
    key = desk.place.unit, leaf.id
    submission, told = filed[key]
    rule = leaf.faces[desk.place.cohort].rule
    pick = draw(desk.place.unit, leaf.id, "review")
    if key in stories.ABSENT:
        desk.without(leaf.id, stories.ABSENT[key])
        if key in stories.ALONE:
            desk.judge(leaf.id, stories.ALONE[key], "按同类工作酌定 judged by comparable work")
    elif isinstance(rule, Judged):
        step = _step(rule, told["points"], stricter=pick("stricter", 1, 4) == 1)
        desk.judge(leaf.id, step, "查阅档案并实地走访后评定 judged after reading the files and a visit")
        return step
    elif pick("corrected", 1, 11) == 1 and not isinstance(rule, Increment) and smaller(told) != told:
        reason = "实地抽查核减 counted again on the spot"
        desk.verify(leaf.id, submission, reason, smaller(told))
    else:
        desk.verify(leaf.id, submission, FINE)
    return ""


def _step(rule: Judged, points: str, *, stricter: bool) -> str:
    steps = [f"{step // 100}.{step % 100:02d}" for step in rule.steps]
    return steps[max(0, steps.index(points) - stricter)]


def _decide(desk: Desk, what: str, decision: str | None) -> None:
    if decision:
        agrees = decision in {"approve", "grant"}
        reason = "经复核同意 agreed after a second look" if agrees else "依据不足，不予认定 the grounds do not suffice"
        desk.decide("approver", what, decision, reason)
