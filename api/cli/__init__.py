"""The command line: `overgang ...`. Exit status 0 is well, 1 a negative verdict, 2 a call that failed."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from api.cli import (
    audit,
    dpo,
    keys,
    letter,
    mailbox,
    medcom,
    migrate,
    rules,
    template,
    views,
    volume,
    workflow,
)
from api.cli.deadline import deadline
from api.cli.demo import demo
from api.cli.export import export_authority
from api.cli.importing import import_cases
from api.cli.refusal import refusal_of
from api.cli.serve import serve
from audit.replay.faults import LogUnreadable

app = typer.Typer(
    name="overgang",
    help="Carries a handover from one authority to another, and keeps the proof.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("serve")(serve)
app.command("demo")(demo)
app.command("migrate")(migrate.migrate)
app.command("volume")(volume.volume)
app.command("deadline")(deadline)
app.command("export")(export_authority)
app.command("import")(import_cases)
app.add_typer(audit.app, name="audit")
app.add_typer(mailbox.app, name="mailbox")
app.add_typer(medcom.app, name="medcom")
app.add_typer(views.app, name="views")
app.add_typer(keys.app, name="keys")
app.add_typer(dpo.app, name="dpo")
app.add_typer(template.app, name="template")
app.add_typer(letter.app, name="letter")
app.add_typer(rules.app, name="rules")
app.add_typer(workflow.app, name="workflow")


SERVING = ("serve", "demo")
"""Commands that hold sockets: whoever hangs up on them must not end them."""


@contextmanager
def _ended_by_a_closed_pipe() -> Iterator[None]:
    """Let `overgang ... | head` end this process as it ends any other: quietly, by SIGPIPE.

    Left to itself the exit status would be 1, which says that a fault was found.
    """
    if sys.argv[1:2] and sys.argv[1] in SERVING:
        yield
        return
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        yield
    finally:
        sys.stdout.flush()
        signal.signal(signal.SIGPIPE, before)


def main() -> None:
    """Run a command; whatever stops it is told in a sentence, never as a traceback."""
    try:
        with _ended_by_a_closed_pipe():
            app(prog_name="overgang")
    except KeyboardInterrupt:
        sys.exit(2)
    except Exception as error:
        typer.echo(refusal_of(error), err=True)
        # An entry that cannot be read is a verdict on the log, not on the call.
        sys.exit(1 if isinstance(error, LogUnreadable) else 2)
