"""The doors for people who arrive and for machines that watch."""

from tests.service.city import STRANGER, City, sheet


def figures(city: City) -> dict[str, float]:
    text = city.call(STRANGER, "GET", "/metrics").get_data(as_text=True)
    pairs = (line.split(" ") for line in text.splitlines() if line.startswith("kaohe_"))
    return {name: float(value) for name, value in pairs}


def test_every_link_of_the_front_door_leads_somewhere(city: City) -> None:
    links = city.call(STRANGER, "GET", "/").get_json()["links"]
    for link in (each for value in links.values() for each in (value if isinstance(value, list) else [value])):
        status = city.call("auditor", "GET", link).status_code
        assert status == 200 or (link == "/log/checkpoint" and status in {404, 503}), link


def test_the_metrics_follow_an_act_from_the_record_to_the_scores(city: City) -> None:
    city.settle()
    before = figures(city)
    city.done("unit", sheet() + "/submissions", {"figures": {"1a": {"actual": 1, "target": 2}}})
    filed = figures(city)
    assert filed["kaohe_appends"] == before["kaohe_appends"] + 1
    assert filed["kaohe_ordering_lag"] == 1
    city.settle()
    settled = figures(city)
    assert settled["kaohe_ordering_lag"] == settled["kaohe_projection_lag"] == settled["kaohe_parked_streams"] == 0
    assert settled["kaohe_position"] == before["kaohe_position"] + 1
    assert settled["kaohe_appends"] == filed["kaohe_appends"]
