"""The standalone instance: makes what it needs in `var/` at its first start, and finds it there at every later one."""

import stat
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr

from deploy import demonstration as demonstration_data
from deploy.containers import private_files, secrets
from shared.settings import Settings

OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def prepare(settings: Settings, *, demonstration: bool) -> Settings:
    """The settings with the keys and secrets that the environment does not give; a demonstration opens the sandbox bank."""
    make_private(settings.var)
    secrets.make_keys(settings.keys_folder, secrets.KEY_HOLDERS)
    page_secret = settings.page_secret.get_secret_value() or kept(settings.var / "page-secret", secrets.password)
    webhook_secrets = settings.webhook_secrets or (
        SecretStr(kept(settings.var / "webhook-secret", secrets.webhook_secret)),
    )
    return settings.model_copy(
        update={
            "page_secret": SecretStr(page_secret),
            "webhook_secrets": webhook_secrets,
            "migrate_at_start": True,
            "development": settings.development or demonstration,
            "first_admin_password": settings.first_admin_password or first_admin_password(demonstration=demonstration),
        }
    )


def make_private(folder: Path) -> None:
    """Make a folder that only its owner reads, or make it so with what is in it; one that everybody writes to (`/tmp`) stays as it is."""
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    if folder.stat().st_mode & stat.S_ISVTX:
        return
    for path in (folder, *folder.iterdir()):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if mode & OF_OTHERS and not path.is_symlink():
            path.chmod(mode & ~OF_OTHERS)


def first_admin_password(*, demonstration: bool) -> SecretStr | None:
    """Known in the demonstration, which must be able to sign in; elsewhere the environment gives it."""
    return SecretStr(demonstration_data.admin_password()) if demonstration else None


def kept(file: Path, make: Callable[[], str]) -> str:
    """The secret in a file, made at the first time."""
    if not file.exists():
        private_files.write(file, make().encode(), private_files.PRIVATE)
    return file.read_text()
