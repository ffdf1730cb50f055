"""How the platform says no: to whoever starts it (Unusable), and to whoever asks over HTTP (Trouble)."""

from collections.abc import Mapping


class Unusable(Exception):
    """The world's fault with a data folder; its text is the one sentence for the person at the terminal."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def reason_of(wrong: BaseException) -> str:
    """What the system or the database says of a fault of the world, without the statement that it happened in."""
    return str(getattr(wrong, "orig", None) or getattr(wrong, "strerror", None) or wrong)


class HttpProblem(Exception):
    """An answer that is a problem: HTTP `status`, `code` for programs, `title` for people, `about` a field or id."""

    def __init__(
        self, status: int, code: str, title: str, *, about: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(title)
        self.status, self.code, self.title, self.about = status, code, title, about
        self.headers = dict(headers or {})


def unknown(about: str | None = None) -> HttpProblem:
    """What is not there and what may not be seen get the same answer."""
    return HttpProblem(404, "unknown", "There is no such thing here.", about=about)


def no_role() -> HttpProblem:
    """An account in use that is nobody at this moment: its role has ended, or has not begun."""
    return HttpProblem(403, "no_role", "This account has no role at this moment.")


def signed_out() -> HttpProblem:
    """No token, an expired or a revoked one."""
    return HttpProblem(401, "signed_out", "Sign in again.", headers={"WWW-Authenticate": "Bearer"})
