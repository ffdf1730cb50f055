"""Which package brings a library that the loader does not find."""

from __future__ import annotations

import pytest

from commandcenter.install import debian, libraries
from commandcenter.install.failure import SetupFailed
from commandcenter.install.steps import Steps

BOOKWORM = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-dri3.so.0": "libxcb-dri3-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libnss3.so": "libnss3",
    "libsmime3.so": "libnss3",
    "libnspr4.so": "libnspr4",
    "libgbm.so.1": "libgbm1",
    "libXcomposite.so.1": "libxcomposite1",
    "libXtst.so.6": "libxtst6",
    "libxkbfile.so.1": "libxkbfile1",
    "libasound.so.2": "libasound2",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libbrotlidec.so.1": "libbrotli1",
    "libpulse.so.0": "libpulse0",
    "libcups.so.2": "libcups2",
}


@pytest.mark.parametrize(("soname", "package"), BOOKWORM.items())
def test_a_library_leads_to_its_package_on_old_and_new_releases(soname: str, package: str) -> None:
    assert debian.candidates(soname) == (f"{package}t64", package)


def test_only_what_apt_can_install_counts_as_offered() -> None:
    said = (
        "libcups2t64:\n  Installed: (none)\n  Candidate: 2.4.10-3\n  Version table:\n     2.4.10-3 500\n"
        "libcups2:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n"
        "libnss3:\n  Installed: 2:3.87.1-1\n  Candidate: 2:3.87.1-1\n  Version table:\n"
    )
    assert debian.offered(said) == {"libcups2t64", "libnss3"}


def test_the_loaders_list_names_what_is_missing() -> None:
    said = (
        "Qt/plugins/platforms/libqxcb.so:\n"
        "\tlibxcb-cursor.so.0 => not found\n"
        "\tlibc.so.6 => /lib/libc.so.6 (0x00007f)\n"
        "\tlinux-vdso.so.1 (0x00007f)\n"
        "QtGui.abi3.so:\n"
        "\tlibEGL.so.1 => not found\n"
        "\tlibxcb-cursor.so.0 => not found\n"
    )
    assert libraries.not_found(said) == {"libxcb-cursor.so.0", "libEGL.so.1"}


def test_a_virtual_screen_is_wanted_only_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert libraries.missing_programs({}) == ["Xvfb", "xauth"]
    assert libraries.missing_programs({"DISPLAY": ":0"}) == []
    assert libraries.missing_programs({"WAYLAND_DISPLAY": "wayland-0"}) == []


def test_without_rights_the_one_line_to_run_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: "apt-get" if name == "apt-get" else None)
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(debian, "_offered", lambda group: group[-1])
    with pytest.raises(SetupFailed) as failure:
        debian.install([("xvfb",), ("libgbm1t64", "libgbm1")], Steps(1))
    line = str(failure.value).splitlines()[-1]
    assert line == "sudo apt-get install -y --no-install-recommends libgbm1 xvfb"


def test_a_linux_without_apt_is_told_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(SetupFailed, match="package tool: xvfb libgbm1"):
        debian.install([("xvfb",), ("libgbm1t64", "libgbm1")], Steps(1))
