"""Metrics: counted by template, code and catalogue name, never by what a client sent."""

from prometheus_client.parser import text_string_to_metric_families

from api.http.metrics import CONTENT_TYPE, Metrics

CPR = "7001014321"


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def test_requests_are_counted_and_timed_by_template() -> None:
    metrics = Metrics()
    metrics.request("/v1/handovers/{handover_id}", "GET", 200, 0.02)
    metrics.request("/v1/handovers/{handover_id}", "GET", 200, 0.2)
    labels = (("method", "GET"), ("route", "/v1/handovers/{handover_id}"))
    found = samples(metrics)
    assert found["overgang_requests_total", (*labels, ("status", "200"))] == 2
    assert found["overgang_request_seconds_count", labels] == 2
    assert round(found["overgang_request_seconds_sum", labels], 3) == 0.22


def test_what_is_not_known_is_counted_as_other() -> None:
    metrics = Metrics(event_names=["HandoverSubmitted"])
    metrics.request("unmatched", CPR, 405, 0.001)
    metrics.event_appended("HandoverSubmitted")
    metrics.event_appended(CPR)
    metrics.problem("not-found")
    metrics.problem(CPR)
    metrics.log_dropped("key")
    metrics.log_dropped(CPR)
    found = samples(metrics)
    assert found["overgang_events_appended_total", (("event", "HandoverSubmitted"),)] == 1
    assert found["overgang_events_appended_total", (("event", "other"),)] == 1
    assert found["overgang_problems_total", (("code", "not-found"),)] == 1
    assert found["overgang_problems_total", (("code", "other"),)] == 1
    assert found["overgang_log_values_dropped_total", (("kind", "other"),)] == 1
    assert CPR not in metrics.render().decode()


def test_the_state_of_the_log_and_the_views_is_shown() -> None:
    metrics = Metrics()
    assert samples(metrics)["overgang_log_position", ()] == -1
    metrics.log_position.set(41)
    metrics.projector_lag.set(3)
    metrics.parked_events.set(1)
    metrics.handovers_held.set(2)
    metrics.carry_overs_waiting.set(4)
    metrics.rate_limited.inc()
    found = samples(metrics)
    names = (
        "log_position",
        "projector_lag_positions",
        "parked_events",
        "handovers_held",
        "carry_overs_waiting",
        "rate_limited_total",
    )
    assert [found[f"overgang_{name}", ()] for name in names] == [41, 3, 1, 2, 4, 1]


def test_each_process_part_has_a_registry_of_its_own() -> None:
    one, two = Metrics(), Metrics()
    one.token_refused("expired")
    assert samples(one)["overgang_tokens_refused_total", (("reason", "expired"),)] == 1
    assert ("overgang_tokens_refused_total", (("reason", "expired"),)) not in samples(two)
    assert CONTENT_TYPE.startswith("text/plain; version=0.0.4")
