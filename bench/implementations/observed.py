"""Any other side with metrics counted, JSON logs and, where there is a collector, traces of everything sent there by OTLP."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.worker import Run, implementation
from deploy import trace_export
from shared.observability import log_format
from shared.settings import Settings


@contextmanager
def observed(make: str, arguments: dict[str, Any], collector: str, var: str) -> Iterator[Run]:
    """What `make` names, with its arguments."""
    if collector:
        os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector
    log_format.configure("WARNING", "bench")
    trace_export.configure(Settings(var=Path(var)))
    with implementation(make, arguments) as run:
        yield run
