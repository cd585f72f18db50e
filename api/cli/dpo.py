"""`overgang dpo ...`: what a data protection officer needs, made from the schema and the settings."""

from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import typer

from api.bootstrap import software
from api.cli import show
from api.cli.store import Json
from api.settings import Settings, load_settings
from audit.dpo.installation import Installation, KeySource
from audit.dpo.markdown import written
from audit.dpo.reports import make
from audit.dpo.schema import installed
from domain.calendar.working_days import danish_day

app = typer.Typer(help="Data protection: generated from the schema and the settings.", no_args_is_help=True)


@app.command("record")
def record(json: Json = False) -> None:
    """Print the record of processing activities (GDPR art. 30), as Danish Markdown."""
    _print("record", json=json)


@app.command("dpia")
def dpia(json: Json = False) -> None:
    """Print what an impact assessment is made from (GDPR art. 35(7)), as Danish Markdown."""
    _print("dpia", json=json)


@app.command("split")
def split(json: Json = False) -> None:
    """Print who is controller and who is processor (GDPR art. 26 and 28), as Danish Markdown."""
    _print("split", json=json)


@app.command("retention")
def retention(json: Json = False) -> None:
    """Print how long records, the log and the log of readings are kept, as Danish Markdown."""
    _print("retention", json=json)


def _print(name: str, *, json: bool) -> None:
    installation = installation_of(load_settings())
    report = make(name, installed(), installation, danish_day(datetime.now(UTC)), software())
    if json:
        show.as_json(report)
    else:
        typer.echo(written(report), nl=False)


def installation_of(settings: Settings) -> Installation:
    """A plain summary of the settings: no secret, no path, and of an address the host's name only."""
    clamd = settings.clamd_address if settings.scanner == "clamd" else None
    hosts = (urlsplit(one.issuer).hostname or "uden værtsnavn" for one in settings.issuers)
    return Installation(
        environment=settings.environment,
        store=settings.store,
        durable=settings.store == "postgres" or settings.sqlite_synchronous in ("FULL", "EXTRA"),
        key_source=_key_source(settings),
        scanner=settings.scanner,
        scanner_host=clamd[0] if isinstance(clamd, tuple) and not _is_this_machine(clamd[0]) else None,
        mail_host=settings.mail_host,
        mail_security=settings.mail_security,
        issuer_hosts=tuple(dict.fromkeys(hosts)),
        development_issuer=settings.dev_issuer,
        test_persons=settings.allow_test_persons,
        simulated_log=settings.simulated_log,
        rate_limit_per_minute=settings.rate_limit_per_minute,
        faults=tuple(fault.partition(":")[0] for fault in settings.production_faults()),
    )


def _key_source(settings: Settings) -> KeySource:
    if settings.epoch_key_file is not None:
        return "file"
    if settings.epoch_key is not None:
        return "environment"
    return "command" if settings.epoch_key_command is not None else "generated"


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
