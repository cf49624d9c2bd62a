"""The shape of a whole rubric document in its full form, as codecs."""

from domain.rubric import leaves, model, questions
from domain.rubric.codecs import FLAG, IDENTIFIER, POINTS, TEXT, word
from domain.rubric.containers import by_id, listing, nullable, record
from domain.rubric.effectcodecs import CONVENTIONS, EFFECT
from domain.rubric.kinds import RULE, TEXTS

_COHORT = record(model.Cohort, id=IDENTIFIER, name=TEXTS, points=POINTS)
_DEPARTMENT = record(
    model.Department, id=IDENTIFIER, name=TEXTS, role=word("assessed", "responsible").or_else("responsible")
)
_FACE = record(leaves.Face, title=TEXTS, points=POINTS.or_else("0.00"), rule=RULE)
_LEAF = record(
    leaves.Leaf,
    id=IDENTIFIER,
    department=IDENTIFIER,
    faces=by_id(_FACE),
    terms=listing(IDENTIFIER).or_else([]),
    register=nullable(IDENTIFIER),
)
_ITEM = record(
    model.Item,
    id=IDENTIFIER,
    text=TEXTS,
    objects=listing(TEXT, least=1),
    objects_en=listing(TEXT).or_usually([]),
    points=by_id(POINTS),
    leaves=listing(_LEAF, least=1),
)
_GROUP = record(model.Group, id=IDENTIFIER, name=TEXTS, points=by_id(POINTS), items=listing(_ITEM, least=1))
_TERM = record(model.Term, id=IDENTIFIER, name=TEXTS, meaning=TEXTS, assumed=FLAG.or_else(default=False))
_DECISION = nullable(record(questions.Decision, option=IDENTIFIER, by=IDENTIFIER, reason=TEXT))
_OPTION = record(
    questions.Option, id=IDENTIFIER, name=TEXTS, effects=listing(EFFECT).or_usually([]), needs=nullable(TEXTS)
)
_QUESTION = record(
    questions.Question,
    id=IDENTIFIER,
    text=TEXTS,
    options=listing(_OPTION, least=2),
    default=IDENTIFIER,
    leaves=listing(IDENTIFIER).or_else([]),
    decided=_DECISION,
)
RUBRIC = record(
    model.Rubric,
    id=IDENTIFIER,
    title=TEXTS,
    cohorts=listing(_COHORT, least=1),
    departments=listing(_DEPARTMENT, least=1),
    groups=listing(_GROUP, least=1),
    glossary=listing(_TERM).or_else([]),
    questions=listing(_QUESTION).or_else([]),
    conventions=CONVENTIONS,
)
