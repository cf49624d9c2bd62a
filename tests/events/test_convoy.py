"""Callers that meet travel together; each gets its own answer, and nobody is left behind."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest

from events import convoy as convoys
from events.convoy import Convoy


class Road:
    """A carrier that waits at a barrier the test opens, and remembers who travelled with whom."""

    def __init__(self) -> None:
        self.trips: list[list[int]] = []
        self.open = threading.Event()
        self.under_way = threading.Event()

    def carry(self, loads: Sequence[int]) -> Sequence[int | BaseException]:
        self.trips.append(list(loads))
        self.under_way.set()
        assert self.open.wait(30)
        return [LookupError(str(load)) if load < 0 else load * 10 for load in loads]


def sent_while_one_travels(convoy: Convoy[int, int], road: Road, loads: Sequence[int]) -> list[Future[int]]:
    """Sends the first load, and the others when it is under way; opens the road when all of them wait."""
    with ThreadPoolExecutor(len(loads)) as threads:
        futures = [threads.submit(convoy.send, loads[0])]
        assert road.under_way.wait(30)
        futures += [threads.submit(convoy.send, load) for load in loads[1:]]
        while len(convoy._waiting) < len(loads) - 1:
            assert not wait(futures, 0.001).done
        road.open.set()
    return futures


def test_a_lone_caller_travels_alone_and_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    road = Road()
    road.open.set()
    monkeypatch.setattr(convoys, "PATIENCE", 1 << 20)
    convoy: Convoy[int, int] = Convoy(road.carry)
    assert [convoy.send(load) for load in (1, 2)] == [10, 20]
    assert road.trips == [[1], [2]]


def test_those_who_come_during_a_trip_share_the_next_one() -> None:
    road = Road()
    futures = sent_while_one_travels(Convoy(road.carry), road, range(9))
    assert [future.result() for future in futures] == [load * 10 for load in range(9)]
    assert road.trips[0] == [0]
    assert [sorted(trip) for trip in road.trips[1:]] == [list(range(1, 9))]


def test_a_convoy_waits_until_it_is_as_large_as_the_one_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convoys, "PATIENCE", 30)
    road = Road()
    convoy: Convoy[int, int] = Convoy(road.carry)
    sent_while_one_travels(convoy, road, range(4))
    with ThreadPoolExecutor(3) as threads:
        assert sorted(threads.map(convoy.send, (4, 5, 6))) == [40, 50, 60]
    assert [sorted(trip) for trip in road.trips] == [[0], [1, 2, 3], [4, 5, 6]]


def test_a_convoy_waits_only_a_moment_for_those_who_stay_away() -> None:
    road = Road()
    convoy: Convoy[int, int] = Convoy(road.carry)
    sent_while_one_travels(convoy, road, range(4))
    assert [convoy.send(load) for load in (4, 5)] == [40, 50]
    assert road.trips[2:] == [[4], [5]]


def test_a_refusal_reaches_only_the_one_it_is_meant_for() -> None:
    road = Road()
    futures = sent_while_one_travels(Convoy(road.carry), road, [1, 2, -3, 4])
    with pytest.raises(LookupError, match="-3"):
        futures[2].result()
    assert [future.result() for future in (futures[0], futures[1], futures[3])] == [10, 20, 40]


def test_a_trip_that_fails_is_told_to_all_who_travelled_and_the_next_one_goes() -> None:
    convoy: Convoy[int, int]
    trips: list[Sequence[int]] = []

    def carry(loads: Sequence[int]) -> Sequence[int]:
        trips.append(loads)
        if len(trips) == 1:
            raise OSError("the bridge is down")
        return [load * 10 for load in loads]

    convoy = Convoy(carry)
    with pytest.raises(OSError, match="bridge"):
        convoy.send(1)
    assert convoy.send(2) == 20


def test_every_load_of_many_callers_is_carried_exactly_once() -> None:
    carried: list[int] = []

    def carry(loads: Sequence[int]) -> Sequence[int]:
        carried.extend(loads)
        return loads

    convoy: Convoy[int, int] = Convoy(carry)

    def send_many(first: int) -> Callable[[], list[int]]:
        return lambda: [convoy.send(first + number) for number in range(200)]

    with ThreadPoolExecutor(16) as threads:
        answers = [threads.submit(send_many(1000 * caller)) for caller in range(16)]
    for caller, answer in enumerate(answers):
        assert answer.result() == [1000 * caller + number for number in range(200)]
    assert sorted(carried) == sorted(load for answer in answers for load in answer.result())
