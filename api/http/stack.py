"""Puts the problem handlers and the middleware on an application, in the order they rely on."""

from collections.abc import Callable, Collection
from typing import Any

from fastapi import FastAPI

from api.auth.claims import Caller
from api.auth.guard import Authentication, DenyAnonymous
from api.auth.tokens import TokenVerifier
from api.http.handlers import install_handlers
from api.http.metrics import Metrics
from api.http.middleware import AddressGuard, BodyLimit, BodyLimits, RequestContext
from api.http.ratelimit import RateLimit, TokenBuckets

#: For `FastAPI(**SAFE_OPTIONS)`. The framework's own telemetry records full paths, queries and exception
#: messages as soon as any OpenTelemetry provider is set up in the process; its redirect to the path with or
#: without a slash sends the address back in Location.
SAFE_OPTIONS: dict[str, Any] = {
    "debug": False,
    "redirect_slashes": False,
    "telemetry": {
        "tracing": False,
        "metrics": False,
        "logs": False,
        "operation_spans": False,
        "auto_configure": False,
    },
}


def install_http(
    app: FastAPI,
    *,
    verifier: TokenVerifier,
    metrics: Metrics,
    body_limits: BodyLimits,
    in_place_of: Callable[[Caller], Caller] = lambda caller: caller,
    rate_limit_per_minute: int = 0,
    trusted_hosts: Collection[str] = (),
    public: Collection[str] = (),
    unlimited: Collection[str] = (),
) -> None:
    """Installs handlers and middleware; call once, before the first request.

    `public`: paths (prefixes when they end in `/`) that need no token. `unlimited`: paths without rate
    limit (health, readiness, metrics). A rate of 0 means no limit. `in_place_of`: the caller as her
    successor, where she has been succeeded.
    """
    install_handlers(app, metrics.problem)
    # The framework puts each new middleware outside the ones before: innermost first.
    app.add_middleware(BodyLimit, limit_of=body_limits)
    app.add_middleware(DenyAnonymous, public=public)
    if rate_limit_per_minute:
        app.add_middleware(
            RateLimit, buckets=TokenBuckets(rate_limit_per_minute), metrics=metrics, exempt=unlimited
        )
    app.add_middleware(Authentication, verifier=verifier, metrics=metrics, in_place_of=in_place_of)
    app.add_middleware(AddressGuard, trusted_hosts=tuple(trusted_hosts))
    app.add_middleware(RequestContext, metrics=metrics)
