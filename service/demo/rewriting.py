"""A question is decided in the midst of the demo year: simulated, answered, published, adopted by a second person."""

from domain.interpretations import decide
from domain.rubric.model import Rubric
from domain.rubric.questions import Decision
from events.order import seal
from service.demo.cast import FIRST, SECOND
from service.demo.places import CYCLE
from service.demo.stage import Stage
from service.office import Office
from workers.simulation import simulate

QUESTION, OPTION = "Q4", "pro-rata"  # "for every 1%" and "for every 1,000 yuan" count in part as well
REASON = "口径已定：按比例计 the question is decided: pro rata"


def rewritten(rubric: Rubric, by: str) -> Rubric:
    """The rubric as it is read from here on, decided by the person of that id."""
    return decide(rubric, QUESTION, Decision(OPTION, by, REASON))


def adopt(stage: Stage, office: Office, rubric: Rubric) -> None:
    """One administrator answers the question and proposes the outcome, another one publishes and adopts it."""
    name = f"/rubrics/{rubric.id}"
    answer = {"question": QUESTION, "option": OPTION, "simulation": _simulated(stage, office), "reason": REASON}
    digest = stage.post(FIRST.key, f"{name}/interpretations", answer)["events"][0]["data"]["hash"]
    stage.post(SECOND.key, f"{name}/publication", {"hash": digest})
    seal(office.engine)  # what is proposed is shown as of a position
    told = stage.post(FIRST.key, f"/cycles/{CYCLE}/rubric-changes", {"hash": digest, "reason": REASON})
    change = told["events"][0]["data"]["change"]
    reason = "影响已逐项核对 what it moves was checked item by item"
    stage.post(SECOND.key, f"/cycles/{CYCLE}/rubric-changes/{change}/confirmation", {"reason": reason})


def _simulated(stage: Stage, office: Office) -> str:
    """The effect of the answer on every unit, worked out here: no worker is at work before the doors open."""
    reason = "先看影响，再作决定 first what it moves, then the decision"
    told = stage.post(
        FIRST.key, "/simulations", {"cycle": CYCLE, "interpretations": {QUESTION: OPTION}, "reason": reason}
    )
    simulation = str(told["stream"]).removeprefix("simulation/")
    seal(office.engine)
    simulate(office.store, simulation, lambda _done, _of: None)
    return simulation
