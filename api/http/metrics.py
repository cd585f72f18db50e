"""Metrics for operations, in a registry of their own. A label never comes from input.

Routes are templates, methods and event names come from known lists; whatever is not known is counted
as `other`, so that nobody can fill the registry, or put a person into it, by asking for it.
"""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from api.http.catalogue import is_problem_code

#: Media type of `Metrics.render` (Prometheus text exposition format 0.0.4).
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: Methods that are named in the log and the metrics; the client may send any word as a method.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_DROPPED = frozenset({"key", "value"})
OTHER = "other"


class Metrics:
    """Counters, histograms and gauges of one process."""

    def __init__(self, event_names: Iterable[str] = ()) -> None:
        """`event_names`: the names in the event catalogue; an appended event of another name is `other`."""
        self.registry = CollectorRegistry(auto_describe=True)
        self._event_names = frozenset(event_names)
        # Looking a label up costs more than counting; each is looked up once.
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self._requests = Counter(
            "overgang_requests",
            "HTTP requests answered.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "overgang_request_seconds", "Time to answer, by route template.", ("route", "method"),
            buckets=_BUCKETS, registry=self.registry,
        )  # fmt: skip
        self._events = Counter(
            "overgang_events_appended", "Events on the log.", ("event",), registry=self.registry
        )
        self._problems = Counter(
            "overgang_problems", "Problem answers by code.", ("code",), registry=self.registry
        )
        self._dropped = Counter(
            "overgang_log_values_dropped",
            "Keys and values kept out of the log.",
            ("kind",),
            registry=self.registry,
        )
        self._refused = Counter(
            "overgang_tokens_refused",
            "Bearer tokens refused, by reason.",
            ("reason",),
            registry=self.registry,
        )
        self.rate_limited = Counter("overgang_rate_limited", "Requests answered 429.", registry=self.registry)
        self.log_position = Gauge(
            "overgang_log_position", "Highest position on the log; -1 when empty.", registry=self.registry
        )
        self.projector_lag = Gauge(
            "overgang_projector_lag_positions",
            "Positions the views are behind the log.",
            registry=self.registry,
        )
        self.parked_events = Gauge(
            "overgang_parked_events",
            "Events that a view or the relay could not take.",
            registry=self.registry,
        )
        self.handovers_held = Gauge(
            "overgang_handovers_held",
            "Handovers held: no main mailbox or no live basis.",
            registry=self.registry,
        )
        self.carry_overs_waiting = Gauge(
            "overgang_carry_overs_waiting",
            "Cases of a succeeded authority that could not be carried over, mostly for want of a unit.",
            registry=self.registry,
        )
        self.log_position.set(-1)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Counts an answered request. `route` must be a template (`api.http.routes`), never a path."""
        found = self._children.get((route, method, status))
        if found is None:
            known = method if method in METHODS else OTHER
            found = (self._requests.labels(route, known, str(status)), self._seconds.labels(route, known))
            # Routes are templates; only the method is the client's word, and strange ones are not kept.
            if known == method:
                self._children[route, method, status] = found
        found[0].inc()
        found[1].observe(seconds)

    def event_appended(self, name: str) -> None:
        """Counts an event on the log by its catalogue name."""
        self._events.labels(name if name in self._event_names else OTHER).inc()

    def problem(self, code: str) -> None:
        """Counts a problem answer by its code in the catalogue."""
        self._problems.labels(code if is_problem_code(code) else OTHER).inc()

    def log_dropped(self, kind: str) -> None:
        """Counts a key or value that the log's allow-list kept out; `kind` is `key` or `value`."""
        self._dropped.labels(kind if kind in _DROPPED else OTHER).inc()

    def token_refused(self, reason: str) -> None:
        """Counts a refused token; `reason` is one of `api.auth.tokens.REASONS`."""
        self._refused.labels(reason).inc()

    def render(self) -> bytes:
        """The metrics in the Prometheus text format, `CONTENT_TYPE`."""
        return generate_latest(self.registry)
