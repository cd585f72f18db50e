"""schemathesis against the running server: every operation, every check, stateful links."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.errors import Flaky
from schemathesis import Case
from schemathesis.generation.stateful import run_state_machine_as_test

from api.auth.claims import ROLES
from tests.api.http.contract import World, founded
from tests.api.http.contract_bodies import Bodies
from tests.api.http.contract_hooks import (
    changing_operations,
    give_tokens,
    make_ready,
    register_checks,
    register_strategies,
)

ROUNDS = int(os.environ.get("OVERGANG_ROUNDS") or 1)
EXAMPLES = max(200 if os.environ.get("CI") == "true" else 25, 25 * ROUNDS)
"""Examples of each operation: few in `make test`, at least 200 in CI, 500 in `make soak`."""
STATEFUL_RUNS = max(25, EXAMPLES // 2)

CONFIG: dict[str, Any] = {
    "checks": {
        # RFC 6585 section 3: 428 is the status for a change without If-Match.
        "missing_required_header": {"expected-statuses": [400, 401, 403, 406, 415, 422, 428]},
    },
}


def _changing(operation: str) -> dict[str, Any]:
    """An If-Match of the right form is right or stale only against the case as it stands (412)."""
    statuses = ["2xx", "401", "403", "404", "409", "412", "429", "5xx"]
    return {
        "include-operation-id": operation,
        "checks": {"positive_data_acceptance": {"expected-statuses": statuses}},
    }


MANY_BODIES = ("record_case_right", "preview_case_letter", "send_case_letter", "act_in_own_case")
"""Operations whose body is one of many: to cover each member of each of them would take longer than the rest
together, so they are drawn from; `test_http_examples` sends one of every kind."""


def _without_coverage(operation: str) -> dict[str, Any]:
    return {"include-operation-id": operation, "phases": {"coverage": {"enabled": False}}}


register_strategies()
register_checks()


def _settings(examples: int, **more: Any) -> settings:
    return settings(
        deadline=None,
        max_examples=examples,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
        database=None,
        print_blob=False,
        **more,
    )


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with ids that exist."""
    with founded(tmp_path_factory.mktemp("contract"), rate_limit_per_minute=0) as world:
        yield world


@pytest.fixture(scope="module")
def bodies(met: World) -> Bodies:
    """Bodies as this world wants them."""
    return Bodies(met, met.server.client.get("/openapi.json").json())


def _schema(met: World, role: str | None = None, **config: Any) -> Any:
    document = met.server.client.get("/openapi.json").json()
    changes = [_changing(name) for name in sorted(changing_operations(document))]
    changes += [_without_coverage(name) for name in MANY_BODIES]
    made = schemathesis.Config.from_dict(CONFIG | {"operations": changes} | config)
    schema = schemathesis.openapi.from_url(f"{met.server.url}/openapi.json", config=made)
    give_tokens(schema, met, role)
    return schema


@pytest.fixture(scope="module")
def api(met: World) -> Any:
    """The schema as the server publishes it, each operation with the role that carries it out."""
    return _schema(met)


@pytest.fixture(params=sorted(ROLES))
def api_as(request: pytest.FixtureRequest, met: World) -> Any:
    """The schema with a caller of one role for everything."""
    return _schema(met, request.param, phases={"coverage": {"enabled": False}})


@pytest.fixture(autouse=True)
def node_id(request: pytest.FixtureRequest) -> None:
    """schemathesis 4.32 reads and writes a private name that pytest 9.2 no longer has."""
    if not hasattr(request.node, "_nodeid"):
        request.node._nodeid = request.node.nodeid


by_fitting_role = schemathesis.pytest.from_fixture("api")
by_each_role = schemathesis.pytest.from_fixture("api_as")
ANSWERS: Counter[tuple[str, int]] = Counter()
"""Answers by operation and status, of the first test."""


@by_fitting_role.parametrize()
@_settings(EXAMPLES)
def test_every_operation_keeps_its_contract(case: Case, met: World, bodies: Bodies) -> None:
    make_ready(met, bodies, case)
    response = case.call_and_validate()
    ANSWERS[case.operation.label, response.status_code] += 1


def test_every_operation_was_met_often_and_succeeded(met: World, capsys: pytest.CaptureFixture[str]) -> None:
    # given the answers of the test above (alone, this one has nothing to look at)
    if not ANSWERS:
        pytest.skip("test_every_operation_keeps_its_contract did not run")
    with capsys.disabled():
        print(f"\n{_table()}")
    document = met.server.client.get("/openapi.json").json()
    labels = [f"{m.upper()} {path}" for path, operations in document["paths"].items() for m in operations]
    succeeded = {label for (label, status) in ANSWERS if 200 <= status < 300}
    never = sorted(set(labels) - succeeded)
    # In a short run chance may leave out one that few draws succeed with.
    assert set(labels) == {label for label, _ in ANSWERS}
    assert len(never) <= (0 if EXAMPLES >= 200 else 3), f"never succeeded: {never}"


def _table() -> str:
    lines = []
    for label in sorted({label for label, _ in ANSWERS}):
        counts = {status: n for (one, status), n in sorted(ANSWERS.items()) if one == label}
        told = ", ".join(f"{n} x {status}" for status, n in counts.items())
        lines.append(f"{sum(counts.values()):5d}  {label}: {told}")
    return "\n".join(lines)


@by_each_role.parametrize()
@_settings(max(2, EXAMPLES // 40))
def test_every_operation_answers_every_role(case: Case, met: World, bodies: Bodies) -> None:
    make_ready(met, bodies, case)
    case.call_and_validate()


def test_links_lead_on_from_what_was_made(met: World, capsys: pytest.CaptureFixture[str]) -> None:
    api = _schema(met)
    bodies = Bodies(met, api.raw_schema, arriving=True)
    runs, faults, answers = 0, [], Counter[tuple[str, int]]()

    class Journey(api.as_state_machine()):  # type: ignore[misc]
        """Follows the links of the OpenAPI document."""

        def setup(self) -> None:
            nonlocal runs
            runs += 1

        def before_call(self, case: Case) -> None:
            make_ready(met, bodies, case, linked=True)

        def validate_response(self, response: Any, case: Case, *given: Any, **more: Any) -> None:
            answers[case.operation.label, response.status_code] += 1
            try:
                super().validate_response(response, case, *given, **more)
            except Exception as fault:
                faults.append(fault)
                raise

    def led() -> bool:
        """Whether a link was followed to something that was there; chance decides how soon."""
        return any(200 <= status < 300 for label, status in answers if "_id}" in label)

    while not faults and (runs < STATEFUL_RUNS or (not led() and runs < 20 * STATEFUL_RUNS)):
        # What the server answers decides which links can be followed, so that a replay may differ:
        # hypothesis then ends the batch, and the next goes on. A fault of ours is kept before that.
        with suppress(Flaky):
            run_state_machine_as_test(
                Journey, settings=_settings(max(2, STATEFUL_RUNS - runs), stateful_step_count=12)
            )
    if faults:
        raise faults[0]
    with capsys.disabled():
        print(f"\n{runs} journeys along links, {sum(answers.values())} calls")
    assert led(), "no link led anywhere"
