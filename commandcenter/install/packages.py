"""Installs the locked packages, checked by hashes, with uv or else pip, from the user's index or a folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from commandcenter.install import environment, index, stamp
from commandcenter.install.failure import SetupFailed
from commandcenter.install.steps import Outcome, Steps


def install(root: str, steps: Steps, *, wheelhouse: str | None = None) -> None:
    """Installs the locked packages into the .venv of `root`, with uv, or with pip when that fails.

    Raises SetupFailed when both fail; their output is then in .venv/setup.log.
    """
    said: list[Outcome] = []
    uv = _uv(root, steps, wheelhouse)
    if uv:
        said.append(steps.run(uv_command(root, uv, wheelhouse), env=index.uv_environment(os.environ, wheelhouse)))
    if not said or said[-1].code:
        words = pip_words(environment.pip(root, steps), stamp.lock(root), wheelhouse)
        said.append(steps.run(words, env=pip_env(wheelhouse)))
    if said[-1].code:
        _keep(root, said)
        raise SetupFailed(
            f"锁定的包没有装上（{said[-1].reason}），请检查网络、镜像设置或 --offline 文件夹；详情见 .venv/setup.log · "
            f"the locked packages could not be installed: check network, index settings or the --offline folder; "
            f"all that was said is in .venv/setup.log"
        )


def count(root: str) -> int:
    """Returns how many packages the lock names, including those for other systems."""
    with open(stamp.lock(root), encoding="utf-8") as file:
        return sum("==" in line for line in file if not line.startswith((" ", "#")))


def uv_command(root: str, uv: str, wheelhouse: str | None) -> list[str]:
    """Returns the uv command that makes .venv match the lock; a uv installed in .venv is kept."""
    source = ["--offline", "--no-config", *_source(wheelhouse)] if wheelhouse else []
    words = [uv, "pip", "sync", "--python", stamp.python(root), "--require-hashes", "--compile-bytecode", *source]
    its_own = [_uv_lock(root)] if Path(uv).parent == Path(stamp.python(root)).parent else []
    return [*words, stamp.lock(root), *its_own]


def pip_words(pip: list[str], lock: str, wheelhouse: str | None) -> list[str]:
    """Returns the pip command that installs the packages of `lock`, which is complete: no dependency is resolved."""
    return [*pip, "install", "--no-input", "--require-hashes", "--no-deps", *_source(wheelhouse), "-r", lock]


def pip_env(wheelhouse: str | None, env: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Returns `env` for pip, without settings that install elsewhere.

    With `wheelhouse` also without settings that name other package sources.
    """
    kept = {name: value for name, value in env.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    kept |= {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if wheelhouse:
        kept = {name: value for name, value in kept.items() if name not in index.PIP_SOURCES}
        kept["PIP_CONFIG_FILE"] = os.devnull
    return kept


def _uv(root: str, steps: Steps, wheelhouse: str | None) -> str | None:
    """Returns a working uv: the machine's, the one in .venv, or one installed there by pip; None without one."""
    own = str(Path(stamp.python(root)).with_name("uv.exe" if os.name == "nt" else "uv"))
    for found in (shutil.which("uv"), own):
        if found and not steps.run([found, "--version"]).code:
            return found
    words = pip_words(environment.pip(root, steps), _uv_lock(root), wheelhouse)
    brought = steps.run(words, env=pip_env(wheelhouse))
    return own if brought.code == 0 and os.path.exists(own) else None


def _source(wheelhouse: str | None) -> list[str]:
    return ["--no-index", "--find-links", wheelhouse] if wheelhouse else []


def _uv_lock(root: str) -> str:
    return str(Path(stamp.lock(root)).with_name("uv.txt"))


def _keep(root: str, said: list[Outcome]) -> None:
    text = "\n\n".join("\n".join(outcome.lines) for outcome in said)
    Path(stamp.folder(root), "setup.log").write_text(text, encoding="utf-8")
