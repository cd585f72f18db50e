"""Structured logs that cannot hold a person: JSON lines through an allow-list.

Only known keys pass, each with values of a known kind; everything else is dropped and counted. Text
from libraries (uvicorn, asyncio, warnings) never passes: such a record is named by a table of known
templates, or only by its logger and the line that wrote it. Exceptions are named by type and by the
place in the code, never by message: a message may quote the input.
"""

import logging
import re
import sys
import threading
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

import msgspec
import structlog

from api.http.shapes import mask_person_numbers
from domain.events.instant import to_instant

#: A word of ours: lower case, no spaces. A name as people write it, or a sentence, is not one.
_CODE = re.compile(r"[a-z0-9]+(?:[-_.:][a-z0-9]+)*")
#: A dotted Python name, with or without a line number; an event's name in the catalogue.
_PYTHON = re.compile(r"[A-Za-z_][A-Za-z0-9_.<>]{0,199}(?::\d{1,6})?")
_METHOD = re.compile(r"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|OTHER")
_ROUTE = re.compile(r"/[A-Za-z0-9_{}./:\-]{0,199}|unmatched")
_HEX = re.compile(r"[0-9a-f]{12}")
_AUTHORITY = re.compile(r"\d{4}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z")

#: The keys that may stand in a line, and the form their values must have (None: a number or a boolean).
#: A value under a code key must be a constant of our code; the form catches most of what is not.
ALLOWED: Mapping[str, re.Pattern[str] | None] = {
    **dict.fromkeys(
        ("event", "level", "role", "code", "reason", "component", "state", "store", "environment", "version",
         "view", "channel", "fault", "faults", "signal"), _CODE),
    **dict.fromkeys(
        ("logger", "error_type", "error_cause", "error_location", "location", "event_name"), _PYTHON),
    **dict.fromkeys(("timestamp", "as_of", "due"), _TIME),
    **dict.fromkeys(
        ("correlation_id", "causation_id", "handover_id", "document_id", "message_id"), _UUID),
    "route": _ROUTE, "method": _METHOD, "client": _HEX, "authority": _AUTHORITY,
    **dict.fromkeys(
        ("status", "duration_ms", "position", "positions", "lag", "count", "attempt", "size", "limit", "port",
         "pid", "threads", "schema", "retry_after", "interval_s", "done", "total", "ok"), None),
}  # fmt: skip

WITHHELD = "[withheld]"

_ENCODER = msgspec.json.Encoder()

#: Records of libraries that are worth a name: their exact template -> our event.
_TEMPLATES: Mapping[str, str] = {
    "Started server process [%d]": "server-started",
    "Waiting for application startup.": "application-starting",
    "Application startup complete.": "application-started",
    "Application startup failed. Exiting.": "application-start-failed",
    "Uvicorn running on %s://%s:%d (Press CTRL+C to quit)": "server-listening",
    "Shutting down": "server-stopping",
    "Waiting for application shutdown.": "application-stopping",
    "Application shutdown complete.": "application-stopped",
    "Application shutdown failed. Exiting.": "application-stop-failed",
    "Finished server process [%d]": "server-stopped",
    "Exception in ASGI application\n": "request-broke-off",
    "Invalid HTTP request received.": "invalid-http",
}

Dropped = Callable[[str], None]


def error_fields(exc: BaseException) -> dict[str, str]:
    """An exception as log fields: type, cause's type and `module:line`; never its message or arguments.

    The place is the innermost line of our own code, or the innermost of all when none is ours.
    """
    fields = {"error_type": _type_name(exc)}
    cause = exc.__cause__ or exc.__context__
    if cause is not None:
        fields["error_cause"] = _type_name(cause)
    place = None
    ours = None
    trace = exc.__traceback__
    while trace is not None:
        place = f"{trace.tb_frame.f_globals.get('__name__', 'unknown')}:{trace.tb_lineno}"
        if place.startswith(("api.", "audit.", "workflows.", "domain.")):
            ours = place
        trace = trace.tb_next
    fields["error_location"] = ours or place or "unknown"
    return fields


def _type_name(exc: BaseException) -> str:
    kind = type(exc)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


class AllowList:
    """structlog processor: lets known keys with fitting values pass; drops, withholds and counts the rest.

    `on_dropped` is told `key` for an unknown key and `value` for a value of the wrong form.
    """

    def __init__(self, on_dropped: Dropped) -> None:
        self._on_dropped = on_dropped

    def __call__(self, logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        exc_info = event.pop("exc_info", None)
        error = sys.exc_info()[1] if exc_info is True else exc_info
        if isinstance(error, tuple):
            error = error[1]
        if isinstance(error, BaseException):
            event.update(error_fields(error))
        line: dict[str, Any] = {}
        for key, value in event.items():
            if key not in ALLOWED:
                self._on_dropped("key")
            elif value is not None:
                line[key] = self._passed(value, ALLOWED[key])
        return line

    def _passed(self, value: object, form: re.Pattern[str] | None) -> object:
        if form is not None and isinstance(value, (list, tuple)):
            return [self._passed(item, form) for item in value]
        if isinstance(value, bool):
            return value
        if form is None and isinstance(value, (int, float)):
            # Ten digits, or nine where the first was a zero, may be a CPR number read as a number.
            if not 10**8 <= abs(value) < 10**10:
                return value
        elif form is not None:
            text = str(value)
            if form.fullmatch(text):
                masked = mask_person_numbers(text)
                if masked != text:
                    self._on_dropped("value")
                return masked
        self._on_dropped("value")
        return WITHHELD


class SafeFormatter(logging.Formatter):
    """Formats a standard-library record as one of our lines, without its text."""

    def __init__(self, processors: list[Any]) -> None:
        super().__init__()
        self._processors = processors

    def format(self, record: logging.LogRecord) -> str:
        """The record as a JSON line: known template or `library-message`, logger, place, error type."""
        template = record.msg if isinstance(record.msg, str) else ""
        event: Any = {
            "event": _TEMPLATES.get(template, "library-message"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "location": f"{record.module}:{record.lineno}",
        }
        if record.exc_info and record.exc_info[1] is not None:
            event["exc_info"] = record.exc_info[1]
        for processor in self._processors:
            event = processor(None, record.levelname.lower(), event)
        return str(event)


def _stamp(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event["timestamp"] = to_instant(datetime.now(UTC))
    return event


def _render(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
    return _ENCODER.encode(event).decode()


def configure_logging(
    level: str = "INFO", stream: TextIO | None = None, on_dropped: Dropped = lambda kind: None
) -> None:
    """Routes every log line of the process, ours and the libraries', through the allow-list to `stream`.

    `level` is a standard level name; the stream is standard error unless given. uvicorn must be started
    with `log_config=None, access_log=False`: its own configuration would undo this one.
    """
    target = stream if stream is not None else sys.stderr
    numeric = logging.getLevelNamesMapping()[level.upper()]
    final: list[Any] = [
        structlog.contextvars.merge_contextvars,
        _stamp,
        AllowList(on_dropped),
        _render,
    ]
    structlog.configure(
        processors=[structlog.processors.add_log_level, *final],
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        logger_factory=structlog.WriteLoggerFactory(file=target),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(SafeFormatter(final))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(numeric, logging.INFO))
    for name in list(logging.Logger.manager.loggerDict):
        # A library that has set up a handler of its own would print past the allow-list.
        child = logging.getLogger(name)
        child.handlers.clear()
        child.propagate = True
    access = logging.getLogger("uvicorn.access")
    access.propagate = False
    access.disabled = True
    logging.captureWarnings(True)
    # Otherwise a fault inside logging prints the record's arguments.
    logging.raiseExceptions = False
    sys.excepthook = _on_uncaught
    threading.excepthook = _on_uncaught_in_thread
    sys.unraisablehook = _on_unraisable


def _on_uncaught(kind: type[BaseException], exc: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger().critical("process-failed", **error_fields(exc.with_traceback(trace)))


def _on_uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
        structlog.get_logger().critical("thread-failed", **error_fields(args.exc_value))


def _on_unraisable(args: "sys.UnraisableHookArgs") -> None:
    if args.exc_value is not None:
        structlog.get_logger().error("unraisable-failed", **error_fields(args.exc_value))
