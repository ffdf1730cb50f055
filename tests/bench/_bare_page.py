"""The peer of the console's memory: a bare main window with a table and an empty web page, open until it is killed."""

from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QTableView, QWidget

from tests.bench._bare_window import Numbers
from ui.map.flags import prepare

if __name__ == "__main__":
    prepare()
    app = QApplication([])
    window, inside, table, page = QMainWindow(), QWidget(), QTableView(), QWebEngineView()
    table.setModel(Numbers())
    row = QHBoxLayout(inside)
    row.addWidget(table)
    row.addWidget(page)
    window.setCentralWidget(inside)
    window.resize(1920, 1080)
    page.loadFinished.connect(lambda _: print("ready", flush=True))
    page.setHtml("<html></html>")
    window.show()
    app.exec()
