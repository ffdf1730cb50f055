"""The route of the platform's settings, for its security administrators; audit administrators read them."""

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import Response

from commandcenter.domain.people import Role
from commandcenter.protocol import paths
from commandcenter.protocol.settings import SettingChange, SettingList, SettingState
from commandcenter.server import documents
from commandcenter.server.errors import HttpProblem
from commandcenter.server.routes.dependencies import SignedInToken, body_of, json, platform_of, spend, whole_platform
from commandcenter.server.storage import audit
from commandcenter.server.storage.settings import SettingValues

router = APIRouter(tags=["settings"])


@router.get(paths.SETTINGS, **documents.reads("What is set, and was", SettingList, (401, 403, 429)))
async def listed(request: Request, seat: SignedInToken) -> Response:
    """Each setting of the platform with its bounds and the newest of its history."""
    platform = platform_of(request)
    spend(request, seat, "reads")

    def look(connection: Connection) -> SettingList:
        whole_platform(connection, request, seat, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
        return SettingList(platform.settings.states(connection))

    return json(await platform.readers.do(look))


@router.post(paths.SETTINGS, **documents.writes("Set one", SettingState, SettingChange, (*documents.WRITE, 409)))
async def changed(request: Request, seat: SignedInToken) -> Response:
    """Gives a setting a value, which is in force at once. 409: it has another value than the one that was seen."""
    asked, platform = await body_of(request, SettingChange), platform_of(request)
    spend(request, seat, "commands")

    def work(connection: Connection) -> SettingState | HttpProblem:
        by, values = whole_platform(connection, request, seat, Role.SECURITY_ADMIN), platform.settings
        refusal = _refusal(connection, asked, values)
        if refusal is None:
            values.put(connection, asked.name, asked.value, by=by.user, at=platform.now())
        outcome, record = refusal.code if refusal else f"applied {asked.value:g}", f"setting:{asked.name}"
        audit.note(connection, by, "change_setting", at=platform.now(), outcome=outcome, record=record)
        return refusal or values.state(connection, asked.name)

    answer = await platform.writer.do(work)
    if isinstance(answer, HttpProblem):
        raise answer
    await platform.writer.do(platform.settings.load)  # one after the other, so that the last change stays in force
    return json(answer)


def _refusal(connection: Connection, asked: SettingChange, values: SettingValues) -> HttpProblem | None:
    """Returns why the change is refused: returned, not raised, so that its audit is kept."""
    setting = values.declared.get(asked.name)
    if setting is None:
        return HttpProblem(422, "unknown_setting", "There is no such setting.", about=asked.name)
    if not setting.accepts(asked.value):
        about = f"{setting.least:g} – {setting.most:g} {setting.unit}".strip()
        return HttpProblem(422, "out_of_bounds", "The value is out of bounds.", about=about)
    now = values.state(connection, asked.name)
    if asked.seen != (now.revisions[0].rev if now.revisions else 0):
        return HttpProblem(409, "conflict", "Somebody else has changed it.", about=f"{asked.value:g} ≠ {now.value:g}")
    return None
