"""The map page tries every way out of the machine: nothing arrives."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.kit.map_engine import engine_of
from ui.map.view import MapView

pytestmark = [pytest.mark.window, pytest.mark.expects_log("map page:"), pytest.mark.expects_log("refused")]


class Sink:
    """Counts whatever reaches a TCP and a UDP port of the loopback."""

    def __init__(self) -> None:
        self.hits = 0
        self.tcp = socket.create_server(("127.0.0.1", 0))
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("127.0.0.1", self.tcp.getsockname()[1]))
        self.port = self.tcp.getsockname()[1]
        self._threads = [
            threading.Thread(target=self._accept, daemon=True),
            threading.Thread(target=self._hear, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        for end in (self.tcp, self.udp):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        while True:
            try:
                self.tcp.accept()[0].close()
            except OSError:
                return
            self.hits += 1

    def _hear(self) -> None:
        while True:
            try:
                data = self.udp.recv(2048)
            except OSError:
                return
            if not data:
                return
            self.hits += 1


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


ADD = """function add(kind, given, into) {
  const made = Object.assign(document.createElement(kind), given);
  (into || document.body).append(made);
  return made;
}"""
WAYS = {
    "fetch": "fetch('http://HOST/').catch(() => 0)",
    "beacon": "navigator.sendBeacon('http://HOST/')",
    "img": "new Image().src = 'http://HOST/i.png'",
    "websocket": "new WebSocket('ws://HOST/')",
    "event source": "new EventSource('http://HOST/')",
    "worker": "new Worker('http://HOST/w.js')",
    "script": "add('script', {src: 'http://HOST/s.js'})",
    "style": "add('link', {rel: 'stylesheet', href: 'http://HOST/s.css'}, document.head)",
    "prefetch": "add('link', {rel: 'prefetch', href: 'http://HOST/p'}, document.head)",
    "preconnect": "add('link', {rel: 'preconnect', href: 'http://HOST/'}, document.head)",
    "frame": "add('iframe', {src: 'http://HOST/f'})",
    "form": "add('form', {action: 'http://HOST/', method: 'post'}).submit()",
    "window": "window.open('http://HOST/w')",
    "download": "add('a', {href: 'http://HOST/d', download: 'd'}).click()",
    "ping": "add('a', {href: 'http://HOST/a', ping: 'http://HOST/p'}).click()",
    "navigation": "location.href = 'http://HOST/n'",
    "rtc": "const c = new RTCPeerConnection({iceServers: [{urls: 'stun:HOST'}]}); c.createDataChannel('x');"
    " c.createOffer().then(offer => c.setLocalDescription(offer))",
    "file": "fetch('file:///etc/hostname').then(r => r.text()).then(t => {window.read = t}).catch(() => 0)",
    "file frame": "add('iframe', {src: 'file:///etc/hostname'})",
    "permission": "navigator.geolocation?.getCurrentPosition(() => {window.read = 1}, () => 0)",
}


def test_no_way_leads_out(qtbot: QtBot, chart: MapView, ask: Callable[[str], Any], sink: Sink) -> None:
    engine_of(chart)._page.runJavaScript(ADD)
    for way in WAYS.values():
        engine_of(chart)._page.runJavaScript(
            "try {" + way.replace("HOST", f"127.0.0.1:{sink.port}") + "} catch (e) {}; 0"
        )
    qtbot.wait(1500)
    assert sink.hits == 0
    assert ask("[location.href, window.read === undefined]") == ["hall://map/", True]


def test_the_sink_would_notice(sink: Sink) -> None:
    socket.create_connection(("127.0.0.1", sink.port)).close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", sink.port))
    for _ in range(3_000):
        if sink.hits == 2:
            break
        threading.Event().wait(0.02)
    assert sink.hits == 2


def test_inline_script_does_not_run(ask: Callable[[str], Any]) -> None:
    assert ask(
        "(() => {const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s);"
        " return window.ran === undefined})()"
    )


def test_what_the_page_asks_of_its_own_scheme_is_a_fixed_list(ask: Callable[[str], Any]) -> None:
    asked = "fetch('/../../etc/passwd').then(r => {window.got = r.status}, () => {window.got = 'refused'}) && 1"
    ask(asked)
    assert ask("window.got") == 404
