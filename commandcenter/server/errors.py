"""The errors of the platform: UnusableEnvironment for the user at the terminal, HttpProblem for a client."""

from collections.abc import Mapping

from commandcenter.protocol import codes


class UnusableEnvironment(Exception):
    """An environment error that stops a program, such as a damaged backup; its text is one sentence for the user.

    `code` is for programs: `serve --with-console` prints it for the console.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def reason_of(wrong: BaseException) -> str:
    """Returns what the system or the database reports of an error, without the SQL statement that failed."""
    return str(getattr(wrong, "orig", None) or getattr(wrong, "strerror", None) or wrong)


class HttpProblem(Exception):
    """An error answered as a problem: HTTP `status`, `code` for programs, `title` for people, `about` a field or id."""

    def __init__(
        self, status: int, code: str, title: str, *, about: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(title)
        self.status, self.code, self.title, self.about = status, code, title, about
        self.headers = dict(headers or {})


def not_found(about: str | None = None) -> HttpProblem:
    """Returns the 404 for what does not exist and for what may not be seen: the answer must not reveal which."""
    return HttpProblem(404, "unknown", "There is no such thing here.", about=about)


def no_role() -> HttpProblem:
    """Returns the 403 for an active account without a role now: its role has ended or has not begun."""
    return HttpProblem(403, codes.NO_ROLE, "This account has no role at this moment.")


def unauthenticated() -> HttpProblem:
    """Returns the 401 for a missing, expired or revoked token, and for an account that was stopped."""
    return HttpProblem(401, codes.SIGNED_OUT, "Sign in again.", headers={"WWW-Authenticate": "Bearer"})
