"""Who lives in the demo town: leaders with their points, residents with their doors."""

from dataclasses import dataclass

from fulfillment.domain.demo_town.dice import Dice
from fulfillment.domain.demo_town.names import GIVEN_NAMES, LANDMARKS, SURNAMES
from fulfillment.domain.demo_town.places import Estate

# No operator gives out numbers that begin with 199 0000; a call goes nowhere.
PHONE_PREFIX = "199000"
LEADER_PHONES = 10_000
SUPPLIER_PHONES = 20_000
RESIDENT_PHONES = 30_000

OPENING_HOURS = (
    # opens, closes, weight
    ("06:00", "10:00", 14),
    ("06:30", "11:30", 22),
    ("07:00", "12:00", 26),
    ("07:00", "15:00", 16),
    ("08:00", "13:00", 12),
    ("09:00", "16:00", 10),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLeader:
    """A leader and the estate they serve."""

    code: str
    name: str
    phone: str
    landmark: str
    estate: Estate
    opens_at: str
    closes_at: str
    unload_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResident:
    """A resident of a leader's estate."""

    code: str
    name: str
    phone: str
    building: str
    room: str
    leader_code: str


def build_leaders(estates: tuple[Estate, ...], dice: Dice) -> tuple[DemoLeader, ...]:
    """One leader per estate."""
    leaders = []
    for number, estate in enumerate(estates, start=1):
        opens_at, closes_at, _ = dice.weighted(OPENING_HOURS, [hours[2] for hours in OPENING_HOURS])
        landmark, _ = dice.weighted(LANDMARKS, [weight for _, weight in LANDMARKS])
        leaders.append(
            DemoLeader(
                code=f"QL{number:03d}",
                name=full_name(dice),
                phone=phone(LEADER_PHONES, number),
                landmark=landmark,
                estate=estate,
                opens_at=opens_at,
                closes_at=closes_at,
                unload_minutes=dice.between(3, 6),
            )
        )
    return tuple(leaders)


def build_residents(
    leaders: tuple[DemoLeader, ...], count: int, dice: Dice
) -> tuple[DemoResident, ...]:
    """At least `count` residents, more of them where an estate is bigger."""
    all_households = sum(leader.estate.households for leader in leaders)
    residents: list[DemoResident] = []
    for leader in leaders:
        share = -(-count * leader.estate.households // all_households)
        buildings = 4 + leader.estate.households // 130
        floors = dice.pick((6, 6, 11, 18, 26))
        for _ in range(share):
            number = len(residents) + 1
            residents.append(
                DemoResident(
                    code=f"QR{number:05d}",
                    name=full_name(dice),
                    phone=phone(RESIDENT_PHONES, number),
                    building=f"{dice.between(1, buildings)}栋",
                    room=f"{dice.between(1, floors)}{dice.between(1, 4):02d}",
                    leader_code=leader.code,
                )
            )
    return tuple(residents)


def full_name(dice: Dice) -> str:
    """A name put together by chance; one in six has a single given character."""
    first, second = dice.pick(GIVEN_NAMES)
    if dice.chance(16):
        return dice.pick(SURNAMES) + dice.pick(second)
    return dice.pick(SURNAMES) + dice.pick(first) + dice.pick(second)


def phone(block: int, number: int) -> str:
    """The `number`-th phone number of a block of numbers that nobody has."""
    return f"{PHONE_PREFIX}{block + number:05d}"
