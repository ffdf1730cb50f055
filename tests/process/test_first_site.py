"""The first site, by the real command line and a real platform: from an empty folder to a desk at work."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "resources" / "districts" / "example.toml"
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that ends it in order")


class Site:
    """A data folder, and main.py as somebody types it; `told` is what the platform wrote to standard error."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.told = ""

    @contextmanager
    def serving(self) -> Iterator[httpx.Client]:
        """Runs `serve` on the folder; yields a client at its address."""
        with self._started("serve", "--port", "0") as program:
            try:
                assert program.stdout is not None
                word, url = program.stdout.readline().split()
                assert word == "ready"
                with httpx.Client(base_url=url, timeout=60, trust_env=False) as http:
                    yield http
            finally:
                program.send_signal(signal.SIGTERM)
                self.told = program.communicate()[1]
        assert program.returncode == 0, self.told

    def does(self, *words: str) -> str:
        """Runs a command that ends by itself and returns what it printed."""
        with self._started(*words) as program:
            said, wrong = program.communicate()
        assert (program.returncode, wrong) == (0, "")
        return said

    def _started(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, str(ROOT / "main.py"), *words, "--data", str(self.data)]
        pipe, clean = subprocess.PIPE, os.environ | {"PYTHONUTF8": "1"}
        return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", env=clean)


def _signed_in(http: httpx.Client, user: str, password: str) -> dict[str, str]:
    answer = http.post("/v1/sign-in", json={"user": user, "password": password})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {answer.json()['access']}"}


def _shown(text: str, user: str) -> str:
    (password,) = re.findall(rf"account {user}, password (\S+) \(shown this once\)", text)
    return password


def test_from_an_empty_folder_to_a_dispatcher_at_a_desk(tmp_path: Path) -> None:
    site = Site(tmp_path / "site")
    with site.serving():
        pass
    admin = _shown(site.told, "admin")
    assert site.does("district", str(EXAMPLE)) == "district 12 new, 0 already there\n"
    first = _shown(site.does("account", "add", "li.wei", "--role", "dispatcher"), "li.wei")
    with site.serving() as http:
        boss = _signed_in(http, "admin", admin)
        clerk = http.post("/v1/accounts", json={"action": "add", "user": "wang", "role": "intake_clerk"}, headers=boss)
        desk, other = _signed_in(http, "li.wei", first), _signed_in(http, "wang", clerk.json()["password"])
        hello = http.get("/v1/hello", headers=desk)
        assert (hello.status_code, hello.json()["district"], hello.json()["role"]) == (200, "yaohai", "dispatcher")
        snapshot = http.get("/v1/snapshot", headers=desk)
        assert snapshot.status_code == 200
        assert '"明光路街道城管中队"' in snapshot.text
        case = _taken(http, other)
        assert http.get(f"/v1/cases/{case}", headers=desk).json()["number"].startswith("瑶海-")
    assert "password" not in site.told, "the administrator's password is shown at the first start alone"


def _taken(http: httpx.Client, headers: dict[str, str]) -> str:
    """Takes a case by the channel, kind and street of the example; returns its id."""
    case = "018f0000-0000-7000-8000-00000000cccc"
    args: dict[str, Any] = {"case": case, "channel": "hotline", "kind": "garbage", "street": "mingguang"}
    command = {"cmd_id": "018f0000-0000-7000-8000-00000000aaaa", "cseq": 1, "type": "take", "bases": {}}
    command |= {"args": args | {"text": "垃圾成堆", "place": "明光路口"}, "made_at": "2026-11-24T04:00:00Z"}
    batch = {"epoch": 1, "console_id": "first", "commands": [command]}
    (result,) = http.post("/v1/commands", json=batch, headers=headers).json()["results"]
    assert result["status"] == "applied", result
    return case
