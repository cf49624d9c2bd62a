"""How a leaf that was judged twice came to its points, in words: both judgements, the rule, the moderation."""

from domain.contents import Round
from domain.explained import RoundNode
from domain.points import show
from domain.rubric.texts import Text


def round_node(found: Round) -> RoundNode:
    """The round as an explanation shows it; of a first judgement that is still sealed it tells nothing."""
    return RoundNode(
        show(found.limit),
        show(found.points) if found.known else None,
        found.reason or None,
        show(found.second_points) if found.second else None,
        found.second_reason or None,
        show(found.moderated_points) if found.moderator else None,
        found.moderation or found.waiver or None,
        _outcome(found),
    )


def _outcome(found: Round) -> Text:
    apart = f"|{show(found.points)} − {show(found.second_points)}| = {show(abs(found.points - found.second_points))}"
    limit = show(found.limit)
    match found.state:
        case "agreed":
            return Text(f"{apart} ≤ {limit}，以第一评为准", f"{apart} ≤ {limit}: the first judgement stands")
        case "moderated":
            return Text(f"{apart} > {limit}，以仲裁分为准", f"{apart} > {limit}: the moderator's points stand")
        case "differing":
            return Text(f"{apart} > {limit}，等待仲裁", f"{apart} > {limit}: waits for moderation")
        case "waived":
            return Text(
                "部门无第二评审人，经豁免以第一评为准", "no second reviewer, waived: the first judgement stands"
            )
        case "overtaken":
            return Text("数据已变更，本轮双评作废", "other figures came in between: this round says nothing")
    return Text("第一评已封存，等待第二评", "the first judgement is sealed until the second is given")
