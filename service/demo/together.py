"""Bonuses that units bring forward together: one agreed to and granted, one in dispute that waits for its split."""

from dataclasses import dataclass
from typing import Any

from domain.rubric.model import Rubric
from service.demo.filing import desk_of, moment
from service.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Joint:
    """A key of two units: who claims it, with whom, and since which item's moment it is so."""

    unit: str
    partner: str
    leaf: str
    key: str
    title: str

    def named(self, **more: Any) -> dict[str, Any]:
        """The key, as every act on it names it."""
        return {"leaf": self.leaf, "key": self.key, **more}


AGREED = Joint("xigang", "shahekou", "7b", "DL-QX-2026-020", "快递行业工资专项集体合同（两区共同签订）")
DISPUTED = Joint("port", "transport", "7b", "DL-QX-2026-021", "集装箱运输行业工资专项集体合同")


def offered(stage: Stage, rubric: Rubric) -> dict[Joint, str]:
    """The leads claim; one partner agrees, the other says why not. Gives the bonuses."""
    found = {}
    for joint in (AGREED, DISPUTED):
        lead, other = (desk_of(stage, rubric, unit, joint.leaf) for unit in (joint.unit, joint.partner))
        body = joint.named(title=joint.title, partners=[joint.partner], effective=moment(stage, lead.item))
        told = stage.post(lead.clerk, f"{lead.path}/joint-claims", body | {"statement": "双方共同谈判、共同签订"})
        found[joint] = bonus = str(next(e for e in told["events"] if "bonus" in e["data"])["data"]["bonus"])
        place = f"{other.path}/joint-claims/{bonus}"
        if joint is AGREED:
            stage.post(other.clerk, f"{place}/agreement", joint.named())
        else:
            statement = "合同由我方单独签订，港口工会仅提供场地 we alone signed it"
            stage.post(other.clerk, f"{place}/dispute", joint.named(statement=statement))
    return found


def settled(stage: Stage, rubric: Rubric, found: dict[Joint, str]) -> None:
    """What was agreed is proposed and granted on both sheets; for the other a split is proposed, and waits."""
    desk = desk_of(stage, rubric, AGREED.unit, AGREED.leaf)
    why = f"已核对登记材料原件，两区份额无异议：{AGREED.title}。 Register entry and originals were checked."
    what = f"bonuses/{desk.propose(AGREED.leaf, AGREED.key, AGREED.title, why, found[AGREED])}"
    desk.decide("approver", what, "grant", "经复核同意 agreed after a second look")
    desk = desk_of(stage, rubric, DISPUTED.unit, DISPUTED.leaf)
    reason = "按签约主体，交通运输工会占大部分 by who signed it"
    body = DISPUTED.named(shares={DISPUTED.unit: "0.25", DISPUTED.partner: "0.75"}, reason=reason)
    stage.post(desk.reviewer(DISPUTED.leaf), f"{desk.path}/joint-claims/{found[DISPUTED]}/split", body)
