"""Where somebody lives, out of what they answered to three questions and an address.

People answer 10, 10号, 10号楼 or 72号602; put the lane into the room's field;
type the letter o for a zero and 是 for 室; and addresses carry the district
twice. The answers count before the address, and every repair is told.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from orders.domain.jielong.doors import Door, door_at, door_of, room_number
from orders.domain.jielong.text import clean

_LETTER_O = re.compile(r"(?<=\d)[oO](?=\d|弄|号|室|$)")
_LANE = re.compile(r"(\d{1,5})\s*弄")
_REGION = re.compile(r"[^\d\s市]{2,4}市[^\d\s区]{1,6}[区县]")
_NAMED = re.compile(r"(?:[^\d\s,·]*·)?([^\d\s,·()号]{0,8}(?:商务楼|大厦|公寓|别墅|写字楼))")
_DOOR_IN_ADDRESS = re.compile(
    r"(\d{1,4})\s*(?:号楼|号|栋|幢|楼|#|-)\s*,?\s*(?:(\d{1,2})\s*单元)?\s*(\d{2,4})(?!\d|号|弄|路)"
)
_CORRECTION = re.compile(r"\s*(\d{1,6})\s*[::]\s*(\S.*)")


class Repair(StrEnum):
    """What was mended in an answer, to be told with the row."""

    LETTER_FOR_ZERO = "letter_for_zero"
    CHARACTER_FOR_ROOM = "character_for_room"
    DISTRICT_TWICE = "district_twice"
    BUILDING_FROM_ADDRESS = "building_from_address"
    LANE_FROM_ADDRESS = "lane_from_address"
    DOOR_IN_ONE_FIELD = "door_in_one_field"
    ANSWERS_AGAINST_ADDRESS = "answers_against_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Lane, building and room by their numbers (or the building's name), the address once."""

    lane: str
    building: str
    room: str
    address: str
    repairs: tuple[Repair, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """A remark that gives the right place of the order with a number."""

    group_no: str
    place: str


def correction_of(remark: str) -> Correction | None:
    """The correction that a remark is, or None: `64:23号501`."""
    found = _CORRECTION.fullmatch(clean(remark))
    return Correction(found[1], found[2].strip()) if found else None


def place_of(*, building: str, room: str, lane: str, address: str) -> Place:
    """The place out of three answers and an address; any may be empty."""
    repairs: list[Repair] = []
    answers = [_zeros(answer, repairs) for answer in (building, room, lane)]
    said = clean(address)
    once = _region_once(said)
    if once != said:
        repairs.append(Repair.DISTRICT_TWICE)
    door_said = _address_door(once)
    answered = _answered(answers[0], answers[1], repairs)
    if not answered.building and (door_said.building or door_said.room):
        answered = Door(door_said.building, answered.room or door_said.room)
        if building.strip():
            repairs.append(Repair.BUILDING_FROM_ADDRESS)
    elif _contradict(answered, door_said):
        repairs.append(Repair.ANSWERS_AGAINST_ADDRESS)
    return Place(
        lane=_lane(answers[2], once, answered.building, repairs),
        building=answered.building,
        room=answered.room,
        address=once,
        repairs=tuple(dict.fromkeys(repairs)),
    )


def place_corrected(place: Place, words: str) -> Place:
    """A place as a remark corrects it; what the remark leaves open stays."""
    text = clean(words)
    named = _NAMED.search(text)
    found = _DOOR_IN_ADDRESS.search(text)
    if found:
        door = Door(found[1], f"{found[2]}-{found[3]}" if found[2] else found[3])
    elif named:
        room = re.search(r"\d{2,4}", text[named.end() :])
        door = Door(_short(named[1]), room[0] if room else place.room)
    else:
        door = door_of(text, "")
    return Place(
        lane=place.lane,
        building=door.building or place.building,
        room=door.room or place.room,
        address=place.address,
        repairs=place.repairs,
    )


def _answered(building: str, room: str, repairs: list[Repair]) -> Door:
    """The door of the two answers; a building that is really a room is none."""
    if room.endswith("是"):
        repairs.append(Repair.CHARACTER_FOR_ROOM)
    together = door_at(building, 0) if building else None
    if together is not None and together[0].building and together[0].room:
        repairs.append(Repair.DOOR_IN_ONE_FIELD)
        return together[0]
    number = room_number(room)
    if named := _NAMED.search(building):
        return Door(_short(named[1]), number)
    is_room = building.endswith("室") or (bool(number) and building == number)
    if is_room or len(re.sub(r"\D", "", building)) > 3:
        return Door("", number)
    return Door(door_of(building, "").building, number)


def _address_door(address: str) -> Door:
    """The last door that an address names, its road's numbers left aside."""
    named = _NAMED.search(address)
    found = list(_DOOR_IN_ADDRESS.finditer(address))
    if named:
        behind = re.findall(r"(?<!\d)\d{2,4}(?!\d|号(?!\d)|弄)", address)
        return Door(_short(named[1]), behind[-1] if behind else "")
    if not found:
        return Door()
    last = found[-1]
    return Door(last[1].lstrip("0"), f"{last[2]}-{last[3]}" if last[2] else last[3])


def _contradict(answered: Door, said: Door) -> bool:
    both = answered.building and answered.room and said.building and said.room
    return bool(both) and answered != said


def _lane(answer: str, address: str, building: str, repairs: list[Repair]) -> str:
    """The number of the lane; an answer that is none is looked up in the address.

    There the building's own number is no lane: 300号40弄 has the two exchanged.
    """
    if found := _LANE.search(answer):
        return found[1]
    in_address = _LANE.search(address)
    number = re.search(r"(?:^|路)(\d{1,5})$", answer)
    if number and (in_address is None or number[1] == in_address[1]):
        return number[1]
    if in_address is None or in_address[1] == building:
        return ""
    if answer.strip():
        repairs.append(Repair.LANE_FROM_ADDRESS)
    return in_address[1]


def _zeros(answer: str, repairs: list[Repair]) -> str:
    plain = clean(answer)
    mended = _LETTER_O.sub("0", plain)
    if mended != plain:
        repairs.append(Repair.LETTER_FOR_ZERO)
    return mended


def _region_once(address: str) -> str:
    """An address whose city and district stand in front once: 上海市某区上海市某区 … ."""
    found = _REGION.match(address)
    if found is None:
        return address
    region, rest = found[0], address[found.end() :].lstrip()
    city, _mark, district = region.partition("市")
    again = (region, f"{city}{district}", f"{city}市", district)
    while True:
        doubled = next((part for part in again if rest.startswith(part)), None)
        if doubled is None:
            return f"{region}{rest}"
        rest = rest[len(doubled) :].lstrip()


def _short(name: str) -> str:
    """The name of a building without the community in front of it."""
    return name[-3:] if name.endswith("商务楼") else name
