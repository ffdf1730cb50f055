"""Finds and installs the Debian packages of system libraries, under the names of several releases."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence

from commandcenter.install.failure import SetupFailed
from commandcenter.install.steps import Outcome, Steps

# Exceptions to the rule for package names (soname in lower case, followed by the version): package → sonames.
PACKAGES = {
    "libglib2.0-0": ("libglib-2.0.so.0", "libgthread-2.0.so.0", "libgobject-2.0.so.0", "libgio-2.0.so.0"),
    "libbrotli1": ("libbrotlidec.so.1", "libbrotlicommon.so.1"),
    "libnss3": ("libnssutil3.so", "libsmime3.so", "libssl3.so"),
    "libnspr4": ("libplc4.so", "libplds4.so"),
    "zlib1g": ("libz.so.1",),
}


def candidates(soname: str) -> tuple[str, ...]:
    """Returns the package names that may contain `soname`, newest first: since 2024 many end in t64 (64-bit time)."""
    plain = next((package for package, sonames in PACKAGES.items() if soname in sonames), _by_rule(soname))
    return (f"{plain}t64", plain)


def install(wanted: Sequence[tuple[str, ...]], steps: Steps) -> None:
    """Installs one package of each group of candidates, as root or with a sudo that needs no password.

    Raises SetupFailed without apt-get, without these rights, or when apt-get fails.
    """
    if not shutil.which("apt-get"):
        names = " ".join(group[-1] for group in wanted)
        raise SetupFailed(
            f"缺系统包（Debian 名称）：{names}，请用系统的包管理器安装 · "
            f"these packages (Debian's names) are missing, install them with the system's package tool: {names}"
        )
    rights = _rights()
    if rights is None:
        line = shlex.join(["sudo", "apt-get", "install", "-y", "--no-install-recommends", *_chosen(wanted)])
        raise SetupFailed(
            f"缺系统包，而这里没有管理员权限；请运行下面一行，再重新启动 · system "
            f"packages are missing and this account may not install them; run this line, then start again\n{line}"
        )
    if not all(_offered(group) for group in wanted):
        steps.run(_apt(rights, "update"))
    done = steps.run(_apt(rights, "install", *_chosen(wanted)))
    if done.code:  # an outdated package list names files that the mirror no longer has
        steps.run(_apt(rights, "update"))
        done = steps.run(_apt(rights, "install", *_chosen(wanted)))
    if done.code:
        raise SetupFailed(_refused(wanted, done))


def offered(said: str) -> set[str]:
    """Returns the names of installable packages, parsed from the output of `apt-cache policy`."""
    found = re.findall(r"^(\S+):\n  Installed: .*\n  Candidate: (.*)$", said, re.MULTILINE)
    return {name.partition(":")[0] for name, version in found if version != "(none)"}


def _chosen(wanted: Sequence[tuple[str, ...]]) -> list[str]:
    return sorted({_offered(group) or group[-1] for group in wanted})


def _offered(group: tuple[str, ...]) -> str | None:
    asked = subprocess.run(
        ["apt-cache", "policy", *group], capture_output=True, encoding="utf-8", env={**os.environ, "LC_ALL": "C"}
    )
    known = offered(asked.stdout)
    return next((name for name in group if name in known), None)


def _rights() -> list[str] | None:
    """Returns the command prefix that runs apt-get as root; None when this account may not."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def _apt(rights: list[str], verb: str, *names: str) -> list[str]:
    flags = ["-y", "-o", "DPkg::Lock::Timeout=300"] + (["--no-install-recommends"] if names else [])
    return [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", "apt-get", verb, *flags, *names]


def _refused(wanted: Sequence[tuple[str, ...]], done: Outcome) -> str:
    names = " ".join(_chosen(wanted))
    return (
        f"系统包没有装上（{done.reason}）：{names} · "
        f"apt-get could not install the system packages, see its reason there; they are: {names}"
    )


def _by_rule(soname: str) -> str:
    name, _, version = soname.lower().replace("_", "-").partition(".so")
    version = version.lstrip(".").partition(".")[0]
    return f"{name}-{version}" if name[-1].isdigit() and version else f"{name}{version}"
