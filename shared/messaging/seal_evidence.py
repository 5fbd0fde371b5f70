"""Evidence of a log outside of its database: each day the last seal is appended to a file, for `tamdid log verify --evidence`."""

import logging
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shared.contract.seal import SealEvidence

RETRY_AFTER = timedelta(minutes=10)
"""Where there was no seal yet, or no room for it."""
FOLDER_MODE = 0o700

logger = logging.getLogger(__name__)


class EvidenceFile:
    """A log's file with one line a day (UTC): `<source>.seals`; copies of a program may share it."""

    def __init__(self, source: str, folder: Path) -> None:
        self.source = source
        self.file = folder / f"{source}.seals"
        self._due_at = datetime.min.replace(tzinfo=UTC)

    def is_due(self, at: datetime) -> bool:
        """Whether to append a line now; if that fails, it is due again after a while."""
        if at < self._due_at:
            return False
        self._due_at = at + RETRY_AFTER
        return True

    def append(self, evidence: SealEvidence) -> None:
        """Append a line, unless the file has one of its day; an error is logged, for it must not stop whoever calls."""
        try:
            self.file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
            with self.file.open("a+", encoding="utf-8") as file:
                file.seek(0)
                lines = file.read().splitlines()
                if not lines or SealEvidence.model_validate_json(lines[-1]).day < evidence.day:
                    file.write(f"{evidence.model_dump_json()}\n")
                    file.flush()
                    os.fsync(file.fileno())
        except (OSError, ValueError) as error:
            logger.error("no evidence of the log of %s was written: %s", self.source, type(error).__name__)  # noqa: TRY400
        else:
            self._due_at = datetime.combine(evidence.day + timedelta(days=1), datetime.min.time(), UTC)
