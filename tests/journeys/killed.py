"""A process that dies: at a chosen commit, before or after it, for everybody at once."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from workflows.handlers.services import Services

COMMITTING = {"append", "provision", "share", "release", "activate_alias", "propose_alias", "advance"}


class Killed(BaseException):
    """The process is gone. Nothing catches this."""


@dataclass
class Death:
    """Comes at the commit with this number; `after` whether that commit is still made."""

    at: int
    after: bool
    commits: list[str] = field(default_factory=list)

    def around(self, port: Any) -> Any:
        """A port whose commits count."""
        return _Mortal(port, self)

    def services(self, services: Services) -> Services:
        """Services whose commits count."""
        return msgspec.structs.replace(
            services, log=self.around(services.log), subjects=self.around(services.subjects)
        )


class _Mortal:
    def __init__(self, port: Any, death: Death) -> None:
        self._port = port
        self._death = death

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name not in COMMITTING:
            return found

        def commit(*given: Any, **named: Any) -> Any:
            death = self._death
            death.commits.append(name)
            dies = len(death.commits) > death.at
            if dies and not death.after:
                raise Killed
            result = found(*given, **named)
            if dies:
                raise Killed
            return result

        return commit
