"""The log: known keys with fitting values, and nothing else."""

import asyncio
import gc
import io
import json
import logging
import sys
import threading
import uuid
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.http.logging import ALLOWED, WITHHELD, configure_logging, error_fields

CPR = "7001014321"
NAME = "Kirstine Aagaard"


class Log:
    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.dropped: Counter[str] = Counter()
        configure_logging("INFO", self.stream, lambda kind: self.dropped.update([kind]))

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def last(self) -> dict[str, Any]:
        return self.lines()[-1]


@pytest.fixture
def log() -> Iterator[Log]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    yield Log()
    root.handlers[:], root.level, logging.raiseExceptions = before[0], before[1], before[2]
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(False)
    structlog.reset_defaults()


def test_known_keys_pass_and_unknown_keys_are_dropped_and_counted(log: Log) -> None:
    handover = str(uuid.uuid4())
    structlog.get_logger().info(
        "view-caught-up", position=12, handover_id=handover, ok=True, name=NAME, cpr=CPR
    )
    line = log.last()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "view-caught-up", "level": "info", "position": 12, "handover_id": handover, "ok": True,
    }  # fmt: skip
    assert log.dropped == {"key": 2}


@pytest.mark.parametrize(
    "fields",
    [{"reason": NAME}, {"reason": f"about-{CPR}"}, {"count": int(CPR)},
     {"count": 101014321}, {"count": float(CPR)}, {"route": f"/v1/{CPR}"},
     {"handover_id": CPR}, {"faults": [CPR, NAME]},
     {"status": NAME},
     {"code": {"a": CPR}},
     {"client": f"{CPR[:6]}-{CPR[6:]}"}, {"as_of": NAME}],
)  # fmt: skip
def test_a_value_of_the_wrong_form_is_withheld_or_masked(log: Log, fields: dict[str, Any]) -> None:
    structlog.get_logger().info("x", **fields)
    written = log.stream.getvalue()
    assert "Kirstine" not in written and CPR not in written and "4321" not in written
    assert log.dropped["value"] >= 1


def test_an_event_that_is_a_sentence_is_withheld(log: Log) -> None:
    structlog.get_logger().info(f"could not find {NAME}")
    assert log.last()["event"] == WITHHELD


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(sorted(ALLOWED)) | st.text(min_size=1),
        st.sampled_from(
            [CPR, NAME, f"{NAME} {CPR}", int(CPR), [CPR], {NAME: CPR}, "700101-4321", CPR.encode()]
        ),
    )
)
def test_no_field_lets_a_person_through(log: Log, fields: dict[str, Any]) -> None:
    fields.pop("event", None)
    structlog.get_logger().info("x", **{key: value for key, value in fields.items() if key != "self"})
    written = log.stream.getvalue()
    assert CPR not in written and "Kirstine" not in written and "700101-4321" not in written


def test_an_exception_is_named_by_type_and_place_only(log: Log) -> None:
    try:
        try:
            int(NAME)
        except ValueError as fault:
            raise KeyError(CPR) from fault
    except KeyError:
        structlog.get_logger().exception("step-failed")
    line = log.last()
    assert (line["error_type"], line["error_cause"]) == ("KeyError", "ValueError")
    assert (
        line["error_location"].startswith(f"{__name__.rpartition('.')[2]}:")
        or __name__ in line["error_location"]
    )
    assert CPR not in log.stream.getvalue() and NAME not in log.stream.getvalue()


def test_the_place_of_an_exception_is_our_innermost_line() -> None:
    from api.http.shapes import has_person_number

    with pytest.raises(TypeError) as raised:
        has_person_number(None)  # type: ignore[arg-type]
    assert error_fields(raised.value)["error_location"].startswith("api.http.shapes:")


def test_library_records_pass_without_their_text(log: Log) -> None:
    library = logging.getLogger("some.dependency")
    library.warning("cannot find %s", NAME)
    line = log.last()
    assert line["event"] == "library-message"
    assert (line["logger"], line["level"]) == ("some.dependency", "warning")
    assert line["location"].startswith("test_logging:")
    try:
        raise ValueError(CPR)
    except ValueError:
        library.exception(CPR)
    assert log.last()["error_type"] == "ValueError"
    logging.getLogger("uvicorn.error").info("Application startup complete.")
    assert log.last()["event"] == "application-started"
    logging.getLogger("uvicorn.access").info("GET /%s", CPR)
    assert log.last()["event"] == "application-started"
    assert NAME not in log.stream.getvalue() and CPR not in log.stream.getvalue()


def test_a_record_with_faulty_arguments_prints_nothing_elsewhere(
    log: Log, capfd: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("some.dependency").warning("%d", NAME)
    assert log.last()["event"] == "library-message"
    out, err = capfd.readouterr()
    assert NAME not in out + err


def test_handlers_that_libraries_had_set_up_are_taken_off() -> None:
    own = io.StringIO()
    library = logging.getLogger("talkative.dependency")
    library.addHandler(logging.StreamHandler(own))
    library.propagate = False
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.raiseExceptions)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    try:
        log = Log()
        library.warning(NAME)
    finally:
        root.handlers[:], root.level, logging.raiseExceptions = before[0], before[1], before[2]
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        logging.captureWarnings(False)
        structlog.reset_defaults()
    assert own.getvalue() == "" and log.last()["logger"] == "talkative.dependency"


def test_threads_tasks_warnings_and_destructors_fail_without_a_message(
    log: Log, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise RuntimeError(NAME)

    async def forget() -> None:
        async def failing() -> None:
            raise RuntimeError(NAME)

        task = asyncio.ensure_future(failing())
        await asyncio.sleep(0)
        del task
        gc.collect()

    class Dying:
        def __del__(self) -> None:
            raise RuntimeError(NAME)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert log.last()["event"] == "thread-failed"
    asyncio.run(forget())
    assert log.last()["logger"] == "asyncio"
    with warnings.catch_warnings():
        # Recording warnings is pytest's; here the process's own path is wanted.
        logging.captureWarnings(False)
        logging.captureWarnings(True)
        warnings.simplefilter("always")
        warnings.warn(NAME, stacklevel=1)
    assert log.last()["logger"] == "py.warnings"
    Dying()
    gc.collect()
    assert log.last()["event"] == "unraisable-failed"
    sys.excepthook(RuntimeError, RuntimeError(NAME), None)
    assert log.last()["event"] == "process-failed"
    out, err = capfd.readouterr()
    assert NAME not in out + err + log.stream.getvalue()


def test_the_level_holds(log: Log) -> None:
    structlog.get_logger().debug("not-shown")
    assert log.lines() == []
