"""The HTTP application: middleware, a router for each audience, problems, OpenAPI, workers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI
from fastapi.routing import APIRoute

from api.auth.devissuer import DevelopmentIssuer
from api.auth.successors import Successors
from api.auth.tokens import TokenVerifier, issuers_from
from api.bootstrap import Overgang, software
from api.http.auditors import audit
from api.http.auditors import rights as audited_rights
from api.http.centres import breach, cases, facts, mailboxes, responsibility
from api.http.centres import steps as receiver_steps
from api.http.citizens import own
from api.http.clinics import attachments, drafts, handovers, medcom, merges
from api.http.clinics import steps as sender_steps
from api.http.faults import install_faults
from api.http.metrics import Metrics
from api.http.middleware import BodyLimits
from api.http.openapi import openapi_of
from api.http.operations import development, system
from api.http.register import entries
from api.http.register import mailboxes as main_mailboxes
from api.http.rights import due, lane, letters, packages
from api.http.stack import SAFE_OPTIONS, install_http
from api.http.steering import escalations
from api.workers import Workers
from domain.events.catalogue import EVENT_TYPES

PUBLIC = (
    "/health",
    "/ready",
    "/openapi.json",
    "/docs",
    "/v1/templates",
    "/v1/templates/",
    "/problems/",
)
ROUTERS = (
    handovers,
    sender_steps,
    attachments,
    drafts,
    medcom,
    merges,
    cases,
    receiver_steps,
    facts,
    responsibility,
    breach,
    lane,
    letters,
    due,
    packages,
    own,
    mailboxes,
    entries,
    main_mailboxes,
    audit,
    audited_rights,
    escalations,
    system,
)
UNLIMITED = ("/health", "/ready", "/metrics")
THREADS = 8
"""Handlers at work at the same time."""


def create_app(overgang: Overgang) -> FastAPI:
    """The application over an installation; its workers run as long as the application does."""
    settings = overgang.settings
    metrics = Metrics(EVENT_TYPES)
    issuers = issuers_from(settings)
    dev_issuer = None
    if settings.dev_issuer:
        dev_issuer = DevelopmentIssuer(
            settings.data_dir, environment=settings.environment, audience=settings.audience
        )
        issuers.append(dev_issuer.as_issuer())
    app = FastAPI(
        title="Overgang",
        version=software().rpartition("/")[2],
        lifespan=_lifespan,
        redoc_url=None,
        generate_unique_id_function=_operation_id,
        **SAFE_OPTIONS,
    )
    app.state.overgang = overgang
    app.state.metrics = metrics
    app.state.dev_issuer = dev_issuer
    app.state.workers = Workers(overgang)
    overgang.log.on_appended = metrics.event_appended
    public = (*PUBLIC, "/dev/") if dev_issuer else PUBLIC
    for module in ROUTERS:
        app.include_router(module.router)
    app.include_router(system.public)
    if dev_issuer is not None:
        app.include_router(development.router)
    install_http(
        app,
        verifier=TokenVerifier(issuers),
        in_place_of=Successors(overgang.worklists, overgang.clock),
        metrics=metrics,
        body_limits=BodyLimits(
            settings.max_body_bytes,
            (r"/v1/attachments", settings.max_attachment_bytes),
            (r"/v1/medcom/messages(/validate)?", medcom.MAX_MESSAGE_BYTES),
        ),
        rate_limit_per_minute=settings.rate_limit_per_minute,
        trusted_hosts=settings.trusted_hosts,
        public=public,
        unlimited=UNLIMITED,
    )
    install_faults(app, metrics.problem)
    app.openapi = _openapi(app, public, settings.allow_test_persons)  # type: ignore[method-assign]
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _openapi(app: FastAPI, public: tuple[str, ...], test_persons: bool) -> Any:
    def build() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi_of(
                app, public=public, unlimited=UNLIMITED, test_persons=test_persons
            )
        return app.openapi_schema

    return build


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    app.state.workers.start()
    try:
        yield
    finally:
        await anyio.to_thread.run_sync(app.state.workers.stop)
        await anyio.to_thread.run_sync(app.state.overgang.close)
