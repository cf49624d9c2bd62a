"""What is refused leaves no name, no text and no token behind, in no store and in no log."""

import pytest

from tests.service.city import API, City
from tests.service.hostility import SHEET, named
from tests.service.papers import pdf


def test_a_refused_person_leaves_no_name_behind(untouched: City) -> None:
    named(untouched.post("viewer", "/people", {"name": "某人"}), 403)
    named(untouched.post("administrator", "/people", {"name": " "}), 422)


def test_a_person_registered_on_a_version_that_is_not_leaves_a_trace_and_no_name(city: City) -> None:
    before = city.size()
    named(city.post("administrator", "/people", {"name": "某人"}, If_Match='"5"'), 412)
    after = city.size()
    assert after["record.events"] == before["record.events"] + 1
    assert after["vault.secrets"] == before["vault.secrets"]


def test_a_refused_rubric_leaves_no_text_behind(untouched: City) -> None:
    named(untouched.post("administrator", "/rubrics", {"rubric": {"id": "x"}}), 422)
    named(untouched.post("viewer", "/rubrics", {"rubric": {"id": "x"}}), 403)


def test_a_reason_too_long_for_an_entry_is_refused(untouched: City) -> None:
    body = {"unit": "zhongshan", "reason": "长" * 2_001}
    named(untouched.post("viewer", f"/people/{untouched.people['viewer']}/conflicts", body), 422)


def test_no_token_and_no_file_name_is_ever_logged(city: City, capfd: pytest.CaptureFixture[str]) -> None:
    city.call("unit", "POST", f"{API}{SHEET}/evidence", data={"leaf": "1a", "file": pdf(name="张三的病历.pdf")})
    city.call("unit", "POST", f"{API}{SHEET}/evidence", data={"leaf": "1a", "file": pdf(name="张三的病历.exe")})
    city.post("administrator", f"/people/{city.people['viewer']}/credentials", {"days": 1})
    city.get("unit", "/me", X_Request_Id="chosen-by-caller")
    logged = capfd.readouterr().err
    assert "chosen-by-caller" in logged
    assert "张三" not in logged
    assert "kaohe_" not in logged
    assert not any(token.split("_", 2)[2] in logged for token in city.tokens.values())
