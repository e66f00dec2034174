"""Where départements are, and the outline of France: all that a map drawn here needs, with no tile server."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["HEIGHT", "WIDTH", "Place", "load_places", "outline", "project", "spread"]

WIDTH, HEIGHT = 520, 520
_DATA = Path(__file__).parent / "france.yaml"
_WEST, _NORTH, _SCALE, _MARGIN = -4.85, 51.15, 34.0, 22.0
_SHRINK = math.cos(math.radians(46.5))  # a degree of longitude against one of latitude, in the middle of France


@dataclass(frozen=True, slots=True)
class Place:
    """A département on the map.

    Attributes:
        name: Its name.
        code: Its number.
        region: Its region of today.
        region_2010: Its region in the manual's time.
        x: On the map.
        y: On the map.
    """

    name: str
    code: str
    region: str
    region_2010: str
    x: float
    y: float


@cache
def _raw() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(_DATA.read_text("utf-8"))
    return data


def project(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees to points of the map: equirectangular, true at the middle of the country."""
    size = _SCALE * 1.38
    return (
        round(_MARGIN + (longitude - _WEST) * _SHRINK * size, 1),
        round(_MARGIN + (_NORTH - latitude) * size, 1),
    )


@cache
def load_places() -> dict[str, Place]:
    """Départements by name."""
    out = {}
    for name, raw in _raw()["departements"].items():
        x, y = project(*raw["at"])
        out[name] = Place(name, raw["code"], raw["region"], raw["region_2010"], x, y)
    return out


@cache
def outline() -> str:
    """The country's outline as the ``d`` of an SVG path."""
    rings = (_raw()["outline"]["mainland"], _raw()["outline"]["corsica"])
    return " ".join("M" + "L".join(f"{x} {y}" for x, y in (project(*p) for p in ring)) + "Z" for ring in rings)


def spread(points: list[tuple[float, float]], gap: float, rounds: int = 60) -> list[tuple[float, float]]:
    """Push points apart until none overlap: the same input gives the same picture.

    Args:
        points: Where each should be.
        gap: Least distance between two.
        rounds: Steps at most.
    """
    # Points on the very same spot first step off it in different directions.
    placed = [(x + 0.5 * math.cos(2.4 * k), y + 0.5 * math.sin(2.4 * k)) for k, (x, y) in enumerate(points)]
    for _ in range(rounds):
        moved = False
        for i in range(len(placed)):
            for j in range(i):
                dx, dy = placed[i][0] - placed[j][0], placed[i][1] - placed[j][1]
                distance = math.hypot(dx, dy) or 0.01
                if distance < gap:
                    push = (gap - distance) / 2 / distance
                    placed[i] = (placed[i][0] + dx * push, placed[i][1] + dy * push)
                    placed[j] = (placed[j][0] - dx * push, placed[j][1] - dy * push)
                    moved = True
        if not moved:
            break
    return [(round(x, 1), round(y, 1)) for x, y in placed]
