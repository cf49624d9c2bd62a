"""An objection referred as an appeal: what its answer means for the sheet it names, in the same commit."""

from collections.abc import Sequence

from domain import facts
from domain.acts import appeals
from domain.referrals import REFERRED
from events.store import Append
from service.commands.commit import to
from service.commands.opened import Place, open_sheet


def appealed(cycle: str, answered: Sequence[facts.Fact]) -> list[Append]:
    """The appeal on the sheet of the unit an answered objection is about; none where nothing was referred."""
    found: list[Append] = []
    for said in answered:
        if isinstance(said, facts.ObjectionAnswered) and said.outcome == REFERRED:
            opened = open_sheet(Place(cycle, said.about, said.item))
            grounds = opened.case.cycle.objections[said.objection].fact.text
            filed = facts.AppealFiled(said.appeal, said.leaf, grounds, [], said.objection)
            found.append(to(opened.stream, opened.head, appeals.refer(opened.case, filed).facts))
    return found
