"""A rubric is drafted by one person and published by another, exactly as drafted."""

from dataclasses import replace

from domain import facts, publication
from domain.interpretations import decide
from domain.publication import RubricLife
from domain.rubric.questions import Decision
from domain.rubric.texts import Text
from service.rubric_files import load
from tests.domain.stage import person, refused

ONE, TWO = person("one", ("administrator", "*")), person("two", ("administrator", "*"))


def life(*happened: tuple[facts.Fact, str]) -> RubricLife:
    found = RubricLife("six-actions")
    for fact, by in happened:
        found = found.evolve(fact, by)
    return found


DRAFTED = (facts.RubricDrafted("a" * 64, "六个专项行动"), "one")


def test_a_second_person_publishes_what_the_first_drafted() -> None:
    drafted = life(DRAFTED)
    assert (drafted.draft, drafted.drafted_by, drafted.title) == ("a" * 64, "one", "六个专项行动")
    [fact] = publication.publish(drafted, "a" * 64, TWO)
    published = drafted.evolve(fact, "two")
    assert published.published == ("a" * 64,)
    assert published.draft == ""


def test_nobody_publishes_his_own_draft() -> None:
    with refused("own-act"):
        publication.publish(life(DRAFTED), "a" * 64, ONE)


def test_a_draft_that_was_changed_meanwhile_is_not_published_by_its_old_hash() -> None:
    changed = life(DRAFTED, (facts.RubricDrafted("b" * 64, "new"), "two"))
    with refused("rubric-changed"):
        publication.publish(changed, "a" * 64, ONE)
    with refused("own-act"):
        publication.publish(changed, "b" * 64, TWO)
    assert publication.publish(changed, "b" * 64, ONE)


def test_nothing_is_published_that_was_never_drafted() -> None:
    for digest in ("a" * 64, ""):
        with refused("rubric-changed"):
            publication.publish(life(), digest, TWO)


def test_the_same_text_is_neither_drafted_nor_published_twice() -> None:
    with refused("already-exists"):
        publication.draft(life(DRAFTED), "a" * 64, "again")
    published = life(DRAFTED, (facts.RubricPublished("a" * 64), "two"))
    with refused("already-exists"):
        publication.draft(published, "a" * 64, "again")
    with refused("rubric-changed"):
        publication.publish(published, "a" * 64, ONE)


def test_every_published_text_stays_known_in_order() -> None:
    both = life(
        DRAFTED,
        (facts.RubricPublished("a" * 64), "two"),
        (facts.RubricDrafted("b" * 64, "next"), "two"),
        (facts.RubricPublished("b" * 64), "one"),
    )
    assert both.published == ("a" * 64, "b" * 64)
    assert publication.draft(both, "c" * 64, "third") == [facts.RubricDrafted("c" * 64, "third")]


def test_what_waits_is_taken_back_or_declined_and_another_draft_may_come() -> None:
    waiting = life(DRAFTED)
    for digest in ("b" * 64, ""):
        with refused("rubric-changed"):
            publication.withdraw(waiting, digest, "另行研究")
    with refused("no-reason", "reason"):
        publication.withdraw(waiting, "a" * 64, " ")
    [fact] = publication.withdraw(waiting, "a" * 64, "另行研究")
    gone = waiting.evolve(fact, "two")
    assert (gone.draft, gone.published) == ("", ())
    with refused("rubric-changed"):
        publication.publish(gone, "a" * 64, TWO)
    assert publication.draft(gone, "a" * 64, "again")


def test_a_draft_decides_no_question_and_keeps_every_decision_of_the_version_before() -> None:
    sheet = load("six-actions")
    strict = decide(sheet, "Q3", Decision("zero", "one", "从严掌握"))
    publication.as_decided(strict, strict)
    publication.as_decided(strict, replace(strict, title=Text("又一版", "another version")))
    milder = decide(strict, "Q3", Decision("tiers", "one", "从宽"))
    for before, after in ((sheet, strict), (strict, sheet), (strict, milder)):
        with refused("not-by-event", "rubric.questions.Q3.decided"):
            publication.as_decided(before, after)
