"""The web engine of the map, restricted to its own URL scheme; imported only when a map is first shown."""

from __future__ import annotations

import json
import logging

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineSettings,
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QWidget

from ui.map import scheme
from ui.map.page import POLICY, BasePage

log = logging.getLogger(__name__)

Wanted = QWebEngineSettings.WebAttribute
_OFF = (
    Wanted.JavascriptCanOpenWindows,
    Wanted.JavascriptCanAccessClipboard,
    Wanted.LocalStorageEnabled,
    Wanted.LocalContentCanAccessRemoteUrls,
    Wanted.LocalContentCanAccessFileUrls,
    Wanted.PluginsEnabled,
    Wanted.PdfViewerEnabled,
    Wanted.FullScreenSupportEnabled,
    Wanted.ScreenCaptureEnabled,
    Wanted.WebGLEnabled,
    Wanted.ErrorPageEnabled,
    Wanted.DnsPrefetchEnabled,
    Wanted.HyperlinkAuditingEnabled,
    Wanted.NavigateOnDropEnabled,
    Wanted.AutoLoadIconsForPage,
)


def _register() -> None:
    if QWebEngineUrlScheme.schemeByName(QByteArray(scheme.NAME)).name():
        return
    flag = QWebEngineUrlScheme.Flag
    own = QWebEngineUrlScheme(QByteArray(scheme.NAME))
    own.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    own.setFlags(flag.SecureScheme | flag.CorsEnabled | flag.FetchApiAllowed)
    QWebEngineUrlScheme.registerScheme(own)


class _SchemeFilter(QWebEngineUrlRequestInterceptor):
    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        url = info.requestUrl()
        if url.scheme() != scheme.NAME.decode() or url.host() != "map":
            log.warning("the map page asked for %s and was refused", url.scheme())
            info.block(True)


class _Server(QWebEngineUrlSchemeHandler):
    heard = Signal(str, tuple)

    def __init__(self, page: BasePage, parent: QObject) -> None:
        super().__init__(parent)
        self.blobs: dict[str, tuple[bytes, bytes]] = {
            "/": (b"text/html;charset=utf-8", page.html.encode()),
            "/start.js": (b"text/javascript", page.script.encode()),
        }

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        route = job.requestUrl().path()
        told = scheme.event(route)
        if told is not None:
            self._reply(job, b"text/plain", b"")
            self.heard.emit(*told)
        elif route in self.blobs:
            self._reply(job, *self.blobs[route])
        else:
            self._file(job, route)

    def _file(self, job: QWebEngineUrlRequestJob, route: str) -> None:
        file = scheme.bundled(route)
        try:
            data = file.read_bytes() if file else None
        except OSError as error:
            log.warning("a bundled part of the map is missing: %s", error)
            data = None
        if file is None or data is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
        else:
            self._reply(job, scheme.KINDS.get(file.suffix, b"application/octet-stream"), data)

    def _reply(self, job: QWebEngineUrlRequestJob, kind: bytes, data: bytes) -> None:
        body = QBuffer(job)
        body.setData(QByteArray(data))
        body.open(QIODevice.OpenModeFlag.ReadOnly)
        job.setAdditionalResponseHeaders({QByteArray(b"Content-Security-Policy"): [QByteArray(POLICY.encode())]})  # type: ignore[dict-item]
        job.reply(QByteArray(kind), body)


class _MapPage(QWebEnginePage):
    def acceptNavigationRequest(self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main: bool) -> bool:
        return QUrl(url).toString() == scheme.ROOT + "/" and is_main

    def createWindow(self, kind: QWebEnginePage.WebWindowType) -> None:  # type: ignore[override]
        log.warning("the map page tried to open a window and was refused")

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int, source: str
    ) -> None:
        log.warning("map page: %s (%s:%s)", message, source.rpartition("/")[2], line)


class MapEngine(QObject):
    """One page in one view, with an off-the-record profile of its own.

    `heard` carries the name and numbers of a page event; `died`: the renderer process ended.
    """

    heard = Signal(str, tuple)
    died = Signal()

    def __init__(self, page: BasePage, ground: str, parent: QWidget) -> None:
        super().__init__(parent)
        _register()
        self._profile = QWebEngineProfile()
        self._fence = _SchemeFilter(self._profile)
        self._server = _Server(page, self._profile)
        self._server.heard.connect(self.heard)
        self._profile.setUrlRequestInterceptor(self._fence)
        self._profile.installUrlSchemeHandler(QByteArray(scheme.NAME), self._server)
        self._profile.downloadRequested.connect(lambda download: download.cancel())
        self._page = _MapPage(self._profile)
        self._disable_features()
        self._is_closed = False
        self._page.setBackgroundColor(QColor(ground))
        self._page.renderProcessTerminated.connect(lambda *_: self.died.emit())
        self.view = QWebEngineView(parent)
        self.view.setPage(self._page)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        if app := QCoreApplication.instance():
            app.aboutToQuit.connect(self.close)

    def open(self) -> None:
        """Loads the page, also again after its renderer died."""
        self._page.load(QUrl(scheme.ROOT + "/"))

    def publish(self, route: str, kind: bytes, data: bytes) -> None:
        """Serves `data` with the media type `kind` under `route` of the page's own scheme."""
        self._server.blobs[route] = (kind, data)

    def say(self, name: str, *told: object) -> None:
        """Calls the page's function `name` with JSON values."""
        words = ", ".join(json.dumps(part) for part in (name, *told))
        self._page.runJavaScript(f"hall.hear({words}); 0", 0, lambda _: None)

    def ground(self, colour: str) -> None:
        """Sets the colour shown until the page is drawn."""
        self._page.setBackgroundColor(QColor(colour))

    def close(self) -> None:
        """Closes view, page and profile in the only order that Qt tolerates; may be called twice."""
        if self._is_closed:
            return
        self._is_closed = True
        self._page.renderProcessTerminated.disconnect()
        self._profile.removeUrlSchemeHandler(self._server)
        self.view.setParent(None)
        self._page.destroyed.connect(self._profile.deleteLater)
        self.view.deleteLater()
        self._page.deleteLater()

    def _disable_features(self) -> None:
        settings = self._page.settings()
        for wanted in _OFF:
            settings.setAttribute(wanted, False)
        self._page.permissionRequested.connect(lambda permission: permission.deny())
        self._page.fullScreenRequested.connect(lambda request: request.reject())
        self._page.setAudioMuted(True)
