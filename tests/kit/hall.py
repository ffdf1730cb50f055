"""A district at one moment for tests of screens, with cases at every stage and in every light."""

import random
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from commandcenter.domain.calendar import Calendar, weekly
from commandcenter.domain.cases import Application, Case, Stage, Tier
from commandcenter.domain.channels import Channel
from commandcenter.domain.deadlines import allowance, moments
from commandcenter.domain.kinds import Check, Kind, Limit, Measure
from commandcenter.domain.people import Holder, HolderKind, Relation
from commandcenter.domain.places import Community, District, Grid, Spot, Street
from commandcenter.domain.records import Record
from commandcenter.store.board import Board

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 15, 42, 8, tzinfo=ZONE)  # a Tuesday in working hours
DATA = Path(__file__).parents[2] / "resources" / "demo"
CALENDAR = weekly("Asia/Shanghai", spans=((510, 720), (840, 1050)))
GRIDS = 4  # a street is a square of GRIDS × GRIDS grids
SIDE = 0.004  # degrees; edge length of a grid
WEST, SOUTH = 117.24, 31.70

STREETS = (
    "芜湖路街道", "包公街道", "望湖街道", "常青街道", "骆岗街道", "同安街道", "万年埠街道",
    "烟墩街道", "义城街道", "淝河镇", "大圩镇", "滨湖世纪社区", "方兴社区",
)  # fmt: skip
PLACES = (
    "宁国路与水阳江路口西侧", "铜陵南路 98 号院东门", "上海路与龙川路口南 60 米",
    "徽州大道与紫云路口工地", "卫岗小学北门",
    "太湖路与马鞍山路口", "望江东路与宁国路口东北侧，非机动车道", "包河花园 12 栋北侧空地",
    "地铁高王站 B 口", "祁门路 18 号小区",
    "滨湖世纪城徽昌苑 7 栋", "包河大道与繁华大道口", "塘西河公园西入口", "机场路 21 号门前", "葛大店路 40 号餐饮店",
    "万达广场 3 号门健身馆", "望湖中学南门", "芜湖路 136 号", "十五里河上海路桥下",
    "锦绣大道与庐州大道口项目部东侧围挡",
)  # fmt: skip
AT_WORK = (Stage.RECEIVED, Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.REPORTED)
POWERS = ("urban", "market", "police", "traffic", "housing")
POWER_NAMES = {"urban": "城管", "market": "市场监管", "police": "派出所", "traffic": "交警", "housing": "住建"}


def streets() -> tuple[Street, ...]:
    """Returns thirteen streets, laid out as squares in rows of four."""
    found = []
    for at, name in enumerate(STREETS):
        west, south = _corner(at)
        middle = GRIDS * SIDE / 2
        found.append(Street(f"s{at + 1:02d}", 1, name, Spot(west + middle, south + middle)))
    return tuple(found)


def grids() -> tuple[Grid, ...]:
    """Returns the grids, sixteen for each street."""
    return tuple(
        Grid(f"{street.id}-g{n:02d}", 1, f"第 {n:02d} 网格", street.id, f"{street.id}-c1", date(2023, 1, 1))
        for street in streets()
        for n in range(1, GRIDS * GRIDS + 1)
    )


def grid_layer() -> dict:
    """Returns the grids as GeoJSON, as the platform delivers them."""
    features = []
    for at, grid in enumerate(grids()):
        west, south = _corner(at // (GRIDS * GRIDS))
        row, column = divmod(at % (GRIDS * GRIDS), GRIDS)
        x, y = west + column * SIDE, south + row * SIDE
        ring = [[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]
        properties = {"id": grid.id, "name": grid.name, "street": grid.street, "community": grid.community}
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


@lru_cache(maxsize=1)
def kinds() -> tuple[Kind, ...]:
    """Returns the case kinds of the demonstration."""
    data = tomllib.loads((DATA / "kinds.toml").read_text("utf-8"))
    groups = {"e": "event", "c": "component", "h": "hotline"}
    found = []
    for row in data["kind"]:
        amount, measure = row["limit"]
        limit = Limit(amount, Measure(measure), source=data["sources"][row["source"]])
        check = Check.SITE if row["id"] == "c0101" else Check.NONE
        group, named = groups[row["id"][0]], data["classes"][row["id"][:3]]
        lists = (tuple(row[name]) for name in ("powers", "hints", "questions"))
        found.append(Kind(row["id"], 1, row["name"], group, named, limit, check, *lists))
    return tuple(found)


def holders() -> tuple[Holder, ...]:
    """Returns five units for each street, a team for each grid, and four departments."""
    units, teams = [], []
    for street in streets():
        short = street.name.removesuffix("街道").removesuffix("社区").removesuffix("镇")
        for power in POWERS:
            relation = Relation.ASSIGNS if power in ("urban", "market") else Relation.REQUESTS
            said = POWER_NAMES[power]
            units.append(
                Holder(
                    f"{street.id}-{power}", 1, HolderKind.UNIT, f"{street.name}{said}", f"{short}·{said}",
                    street.id, None, power, relation, "0551-6288****",
                )
            )  # fmt: skip
    for grid in grids():
        teams.append(Holder(f"t-{grid.id}", 1, HolderKind.GRID_TEAM, f"{grid.name}队", grid.name, grid.street, grid.id))
    named = {"d-urban": ("包河区城市管理局", "区城管局"), "d-housing": ("包河区住房和城乡建设局", "区住建局")}
    named |= {"d-labour": ("包河区人力资源和社会保障局", "区人社局"), "d-data": ("包河区数据资源局", "区数据资源局")}
    departments = [Holder(key, 1, HolderKind.DEPARTMENT, name, short) for key, (name, short) in named.items()]
    return (*units, *teams, *departments)


def channels() -> tuple[Channel, ...]:
    """Returns the intake channels."""
    named = {"h12345": "12345", "grid": "网格员", "digital_city": "数字城管", "gongzhi": "共治包河", "video": "视频"}
    return tuple(Channel(key, 1, name, by_hand=key in ("h12345", "grid")) for key, name in named.items())


@lru_cache(maxsize=1)
def reference() -> tuple[Record, ...]:
    """Returns all records except the cases."""
    district = District("baohe", 1, "包河区", "Asia/Shanghai", "包河")
    communities = tuple(Community(f"{s.id}-c1", 1, f"{s.name[:2]}新村社区", s.id) for s in streets())
    return (district, CALENDAR, *streets(), *communities, *grids(), *channels(), *kinds(), *holders())


def board(count: int = 58, *, seed: int = 1, now: datetime = NOW) -> Board:
    """Returns a board with the reference records and `count` cases."""
    made = Board()
    made.replace((*reference(), *cases(count, seed=seed, now=now)))
    return made


def cases(count: int, *, seed: int = 1, now: datetime = NOW, first: int = 1) -> list[Case]:
    """Returns `count` cases numbered from `first`, received in the hours before `now`, at the stages AT_WORK."""
    chance = random.Random(seed)
    return [_case(chance, number, now) for number in range(first, first + count)]


def case(number: int = 421, *, now: datetime = NOW, **changes: object) -> Case:
    """Returns one filed case on time: water on the road at the corner of Wangjiang Road; `changes` replaces fields."""
    kind = next(kind for kind in kinds() if kind.name == "道路积水")
    filed = now - timedelta(hours=1)
    due, green = moments(filed, kind.limit, CALENDAR)
    plain = Case(
        id=_key(number), rev=1, stage=Stage.FILED, tier=Tier.GRID, channel="h12345",
        received_at=_utc(filed - timedelta(minutes=6)), number=f"包河-20261124-{number:05d}", external="1124-08817",
        kind=kind.id, place=PLACES[6],
        text="路口非机动车道积水约 10 米长，没过脚踝，放学时段学生绕行机动车道，要求尽快抽排。",
        street="s03", community="s03-c1", grid="s03-g07", spot=_spot(2, 6), petitioner="p-1",
        filed_at=_utc(filed), due=due, green_until=green,
    )  # fmt: skip
    return replace(plain, **changes)


def _case(chance: random.Random, number: int, now: datetime) -> Case:
    stage = chance.choices(AT_WORK, [2, 3, 4, 9, 2])[0]
    kind, at = chance.choice(kinds()), chance.randrange(len(STREETS))
    filed = _filed(chance, kind, now)
    due, green = moments(filed, kind.limit, CALENDAR)
    street = f"s{at + 1:02d}"
    grid = chance.randrange(GRIDS * GRIDS)
    is_filed, is_given = stage is not Stage.RECEIVED, stage in (Stage.DISPATCHED, Stage.HANDLING, Stage.REPORTED)
    power = next((power for power in kind.powers if power in POWERS), "urban")
    applied = stage is Stage.HANDLING and chance.random() < 0.12
    return Case(
        id=_key(number), rev=1, stage=stage, tier=Tier.STREET if is_given else Tier.GRID,
        channel=chance.choice(channels()).id, received_at=_utc(filed - timedelta(minutes=chance.randrange(1, 12))),
        number=f"包河-20261124-{number:05d}", kind=kind.id, text=f"{kind.name}：群众反映，要求尽快处理。",
        place=chance.choice(PLACES), street=street, community=f"{street}-c1", grid=f"{street}-g{grid + 1:02d}",
        spot=_spot(at, grid), responsible=f"{street}-{power}" if is_given else None,
        filed_at=_utc(filed) if is_filed else None, due=due if is_filed else None,
        green_until=green if is_filed else None,
        dispatched_at=_utc(filed + timedelta(minutes=4)) if is_given else None,
        accepted_at=_utc(filed + timedelta(minutes=9)) if stage in (Stage.HANDLING, Stage.REPORTED) else None,
        reported_at=_utc(now - timedelta(minutes=3)) if stage is Stage.REPORTED else None,
        finding="已清理，现场照片两张。" if stage is Stage.REPORTED else "",
        application=Application("unit-3", "本队无抽排泵，建议区住建局办理。", _utc(now)) if applied else None,
        returns=int(chance.random() < 0.05),
    )  # fmt: skip


def _filed(chance: random.Random, kind: Kind, now: datetime) -> datetime:
    """Returns when the case was filed, chosen so that most are on time, some nearly due, a few overdue."""
    share = chance.choices([chance.uniform(0, 0.78), chance.uniform(0.8, 1), chance.uniform(1, 1.3)], [8, 1.3, 1])[0]
    used = share * allowance(kind.limit, CALENDAR)
    if kind.limit.measure is Measure.URGENT_HOURS:
        return now - timedelta(seconds=used)
    return CALENDAR.moment(CALENDAR.elapsed(now) - used)


def _corner(street: int) -> tuple[float, float]:
    row, column = divmod(street, 4)
    return WEST + column * GRIDS * SIDE, SOUTH + row * GRIDS * SIDE


def _spot(street: int, grid: int) -> Spot:
    west, south = _corner(street)
    row, column = divmod(grid, GRIDS)
    return Spot(west + (column + 0.5) * SIDE, south + (row + 0.5) * SIDE)


def _key(number: int) -> str:
    return f"018f0000-0000-7000-8000-{number:012d}"


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


def calendar() -> Calendar:
    """Returns the district's working calendar."""
    return CALENDAR
