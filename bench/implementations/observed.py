"""Any other side with metrics counted, JSON logs and, where there is a collector, traces of a part of the requests sent there by OTLP."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.implementations import sample_logs
from bench.worker import Run, implementation
from deploy import trace_export
from shared.observability import log_format
from shared.settings import Settings


@contextmanager
def observed(make: str, arguments: dict[str, Any], collector: str, part: float, var: str) -> Iterator[Run]:
    """What `make` names, with its arguments; `part` of the requests is traced."""
    if collector:
        os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector
        os.environ |= {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": str(part)}
        sample_logs.Traced.every = round(1 / part)
    log_format.configure("WARNING", "bench")
    trace_export.configure(Settings(var=Path(var)))
    with implementation(make, arguments) as run:
        yield run
