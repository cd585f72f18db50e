"""`overgang serve`: one server process over a store."""

from pathlib import Path
from typing import Annotated

import typer


def serve(
    data: Annotated[Path, typer.Option("--data", help="The store's folder.")] = Path("data"),
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on the loopback address.")
    ] = 8000,
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Start the server. The OpenAPI page is at /docs."""
    import structlog
    import uvicorn

    from api.adoption import FAULT, NOT_ADOPTED, rules_in_use_are_adopted
    from api.bootstrap import Overgang, StoreBusy
    from api.http.app import create_app
    from api.http.logging import configure_logging
    from api.settings import ConfigurationRefused, load_settings

    configure_logging()
    try:
        settings = load_settings(data_dir=data)
        configure_logging(settings.log_level)
        overgang = Overgang(settings)
    except ConfigurationRefused as refused:
        for fault in refused.faults:
            typer.echo(fault, err=True)
        raise typer.Exit(2) from None
    except StoreBusy:
        typer.echo("another process has this store open: stop it, or use another --data", err=True)
        raise typer.Exit(2) from None
    overgang.migrate()
    if not rules_in_use_are_adopted(overgang.log):
        if settings.environment == "production":
            overgang.close()
            typer.echo(FAULT, err=True)
            raise typer.Exit(2)
        structlog.get_logger("api.cli").warning(NOT_ADOPTED)
    app = create_app(overgang)
    configure_logging(settings.log_level, on_dropped=app.state.metrics.log_dropped)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=20,
    )
    uvicorn.Server(config).run()
