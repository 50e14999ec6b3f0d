"""The checks, in the order in which they are printed."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Final

from graph.core.errors import UtsagaError
from graph.core.storage_errors import storage_fault
from web.doctor import machine_checks, release_checks, service_checks, settings_checks, site_checks
from web.doctor.finding import Check, Finding, Installation, fail

CHECKS: Final[Mapping[str, Check]] = {
    "python": machine_checks.python,
    "system": machine_checks.system,
    "open files": machine_checks.open_files,
    "memory": machine_checks.memory,
    "clock": machine_checks.clock,
    "variables": settings_checks.names,
    "settings": settings_checks.contradictions,
    "public address": settings_checks.public_address,
    "proxy": settings_checks.proxy,
    "publisher": settings_checks.publisher,
    "site": site_checks.folders,
    "facts": site_checks.facts,
    "releases": release_checks.folder,
    "disk": release_checks.disk,
    "live release": release_checks.live,
    "worker": release_checks.worker,
    "digests": release_checks.digests,
    "reports": release_checks.reports,
    "endpoint": service_checks.endpoint,
    "scripts": service_checks.scripts,
    "port": service_checks.port,
}
RUNNING: Final[Mapping[str, Check]] = {"server": service_checks.running}
"""The check of a server that runs, for supervisors."""


def run(checks: Mapping[str, Check], installation: Installation) -> Iterator[tuple[str, Finding]]:
    """Yield what each check finds, with its name; a check that cannot be made is a failure."""
    for name, check in checks.items():
        try:
            yield from ((name, finding) for finding in check(installation))
        except UtsagaError as error:
            yield from ((name, fail(each.message, each.remedy)) for each in error.faults)
        except (OSError, sqlite3.Error) as error:
            fault = storage_fault(error, name)
            yield name, fail(f"{fault.where}: {fault.message}", fault.remedy)
        except (ValueError, TypeError) as error:
            yield (
                name,
                fail(f"it could not be checked: {error}", "mend what the message names, and check again"),
            )
