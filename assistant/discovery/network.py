"""The network of fiches: who refers to whom and how, neighbourhoods, shortest paths, and where to draw each.

Fiches stand on a circle in the manual's order, so that types form arcs and a fiche is always in the same place; a
force layout would look livelier and tell less. Forty-one points need no graph library.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass

from corpus.model import Fiche, Manual, ReferenceKind

__all__ = ["KINDS", "RADIUS", "SIZE", "Arc", "Edge", "Hop", "Network", "Node"]

KINDS: tuple[ReferenceKind, ...] = ("texte", "illustration", "dimension", "approfondir")
SIZE = 760.0  # side of the picture
RADIUS = 270.0  # of the circle of fiches
_GAP = 1.6  # places left empty between two types
_BACKWARD = 1.01  # of two paths as short as each other, the one that follows references forward is better


@dataclass(frozen=True, slots=True)
class Node:
    """A fiche on the picture: its place, and the angle of its label in degrees."""

    fiche: Fiche
    x: float
    y: float
    angle: float

    @property
    def label(self) -> tuple[float, float, float, str]:
        """Where its label stands, how it is turned, and how it is anchored."""
        out = RADIUS + 16
        x = SIZE / 2 + out * math.cos(math.radians(self.angle))
        y = SIZE / 2 + out * math.sin(math.radians(self.angle))
        left = 90 < self.angle % 360 < 270
        return round(x, 1), round(y, 1), round(self.angle + (180 if left else 0), 1), "end" if left else "start"


@dataclass(frozen=True, slots=True)
class Edge:
    """All references from one fiche to another.

    Attributes:
        source: Id of the fiche that refers.
        target: Id of the fiche referred to.
        kinds: Kinds of its references, in the order of ``KINDS``.
        anchor: Section of the first one.
    """

    source: str
    target: str
    kinds: tuple[ReferenceKind, ...]
    anchor: str


@dataclass(frozen=True, slots=True)
class Hop:
    """A step of a path: the edge, and whether the path follows it from target to source."""

    edge: Edge
    backward: bool


@dataclass(frozen=True, slots=True)
class Arc:
    """The stretch of the circle that a type takes: ``d`` of its SVG path."""

    type: str
    d: str


class Network:
    """The references between the fiches of a manual.

    Args:
        manual: The manual; its other units (index, bibliography) are left out.
    """

    def __init__(self, manual: Manual) -> None:
        self.fiches = {f.id: f for f in manual.fiches}
        self.edges = tuple(_edges(self.fiches))
        self.outgoing: dict[str, list[Edge]] = defaultdict(list)
        self.incoming: dict[str, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            self.outgoing[edge.source].append(edge)
            self.incoming[edge.target].append(edge)
        angles = _angles(list(self.fiches.values()))
        self.nodes = {i: _node(self.fiches[i], angle) for i, angle in angles.items()}
        self.arcs = tuple(_arcs(self.nodes))

    def kept(self, kinds: tuple[str, ...]) -> list[Edge]:
        """Edges that hold at least one reference of these kinds; all when none is named."""
        return [e for e in self.edges if not kinds or set(kinds) & set(e.kinds)]

    def curve(self, edge: Edge) -> str:
        """``d`` of an edge's SVG path: drawn in towards the middle, so that lines between the same arcs bundle."""
        a, b = self.nodes[edge.source], self.nodes[edge.target]
        middle = SIZE / 2
        apart = math.hypot(a.x - b.x, a.y - b.y) / (2 * RADIUS)
        pull = 0.25 + 0.6 * apart  # near neighbours bow a little, far ones pass by the middle
        x = (a.x + b.x) / 2 * (1 - pull) + middle * pull
        y = (a.y + b.y) / 2 * (1 - pull) + middle * pull
        return f"M{a.x} {a.y}Q{x:.1f} {y:.1f} {b.x} {b.y}"

    def path(self, start: str, end: str) -> list[Hop] | None:
        """The shortest path between two fiches, following references in either direction.

        Args:
            start: Id of a fiche of the network.
            end: Id of another.

        Returns:
            Its steps; None when nothing links the two.
        """
        best: dict[str, tuple[float, list[Hop]]] = {start: (0.0, [])}
        queue: list[tuple[float, str]] = [(0.0, start)]
        while queue:
            cost, here = heapq.heappop(queue)
            if here == end:
                return best[end][1]
            if cost > best[here][0]:
                continue
            hops = [(e.target, Hop(e, False), 1.0) for e in self.outgoing[here]]
            hops += [(e.source, Hop(e, True), _BACKWARD) for e in self.incoming[here]]
            for there, hop, more in hops:
                if cost + more < best.get(there, (math.inf, []))[0]:
                    best[there] = (cost + more, [*best[here][1], hop])
                    heapq.heappush(queue, (cost + more, there))
        return None


def _edges(fiches: dict[str, Fiche]) -> list[Edge]:
    found: dict[tuple[str, str], dict[ReferenceKind, str]] = {}
    for fiche in fiches.values():
        for reference in fiche.references:
            if reference.to in fiches:
                found.setdefault((fiche.id, reference.to), {}).setdefault(reference.kind, reference.section)
    return [
        Edge(source, target, tuple(k for k in KINDS if k in kinds), next(iter(kinds.values())))
        for (source, target), kinds in found.items()
    ]


def _angles(fiches: list[Fiche]) -> dict[str, float]:
    """An angle for each, in order, with a gap where the type changes; the first stands at the top."""
    places, at = {}, 0.0
    for k, fiche in enumerate(fiches):
        if k and fiche.type != fiches[k - 1].type:
            at += _GAP
        places[fiche.id] = at
        at += 1.0
    whole = at + _GAP
    return {i: -90 + 360 * (place + _GAP / 2 + 0.5) / whole for i, place in places.items()}


def _node(fiche: Fiche, angle: float) -> Node:
    x = SIZE / 2 + RADIUS * math.cos(math.radians(angle))
    y = SIZE / 2 + RADIUS * math.sin(math.radians(angle))
    return Node(fiche, round(x, 1), round(y, 1), round(angle, 1))


def _arcs(nodes: dict[str, Node]) -> list[Arc]:
    spans: dict[str, list[float]] = {}
    for node in nodes.values():
        spans.setdefault(node.fiche.type, []).append(node.angle)
    out, radius = [], RADIUS + 103
    for kind, angles in spans.items():
        ends = []
        for angle in (min(angles) - 3, max(angles) + 3):
            x = SIZE / 2 + radius * math.cos(math.radians(angle))
            y = SIZE / 2 + radius * math.sin(math.radians(angle))
            ends.append(f"{x:.1f} {y:.1f}")
        large = 1 if max(angles) - min(angles) + 6 > 180 else 0
        out.append(Arc(kind, f"M{ends[0]}A{radius} {radius} 0 {large} 1 {ends[1]}"))
    return out
