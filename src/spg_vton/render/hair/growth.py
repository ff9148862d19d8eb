"""All of a person's hair that does not depend on the pose."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from scipy.spatial import cKDTree

from spg_vton.render.body import Body
from spg_vton.render.hair.collision import PosedSolids, Solids, make_solids
from spg_vton.render.hair.combing import comb_hair, pick, unit_rows
from spg_vton.render.hair.gathering import KNOTS, Curves, comb_to_knot, knot_place, wind_bun
from spg_vton.render.hair.hairline import scalp_margin
from spg_vton.render.hair.roots import sample_roots, scalp_faces
from spg_vton.render.hair.strands import SEGMENTS, Strands
from spg_vton.render.hair.styles import STYLES, Style
from spg_vton.render.mesh import Faces, Points, vertex_normals
from spg_vton.render.people import Identity

_CAP = 0.005  # decimetres between scalp and cap where strands cover it
_ROOTS_A_LOCK = 9
_DARK_UNDER = 0.35  # decimetres of hair under which it is darkest
_TAIL_STRANDS, _BUN_STRANDS = 260, 320
_TOP_SHARE = 0.97  # of the strands that end below the top of the hair


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """What tells strands apart.

    Attributes:
        leader: the strand towards which the tip of each loose strand is drawn.
        phase: radians that shift its waves.
        tone: standard normal, its lightness.
        depth: 0 innermost, 1 outermost.
        noise: standard normal, four numbers.
    """

    leader: Int[np.ndarray, " n"]
    phase: Float[np.ndarray, " n"]
    tone: Float[np.ndarray, " n"]
    depth: Float[np.ndarray, " n"]
    noise: Float[np.ndarray, "n 4"]


@dataclass(frozen=True, slots=True, eq=False)
class HairShells:
    """A person's hair at rest.

    Attributes:
        cap: the scalp in the hair's colour, following the body's vertices one to one.
        fixed: strands that move with the head as they are.
        loose: strands that fall anew in each pose.
        traits: of the fixed strands, then of the loose ones.
    """

    style: Style
    cap: Points
    cap_faces: Faces
    solids: Solids
    fixed: Curves
    loose: Strands
    traits: Traits

    def rise(self, crown: float) -> float:
        """How far hair that is tied up or stands out rises over a crown of this height at rest, decimetres."""
        tops = [self.fixed[..., 1].max(1)]
        if self.style.comb == "out":
            tops.append(self.loose.root[:, 1] + self.loose.length * self.loose.comb[:, 1])
        heights = np.concatenate(tops)
        return max(0.0, float(np.quantile(heights, _TOP_SHARE)) - crown) if len(heights) else 0.0


def _at_rest(solids: Solids) -> PosedSolids:
    head, chest = (np.vstack([np.eye(3), centre]) for centre in (solids.head_centre, solids.chest_centre))
    return PosedSolids(solids, head, chest, np.column_stack([solids.capsules.reshape(3, 6), np.full(3, 0.5)]))


def _tail(identity: Identity, style: Style, solids: Solids, rng: np.random.Generator) -> Strands:
    """Strands that hang from the knot."""
    assert style.gather is not None and style.end is not None
    knot = KNOTS[style.gather]
    direction, place = unit_rows(np.asarray(knot.direction)), knot_place(solids, knot, 0.1)
    root = place + rng.normal(0, 0.07, (_TAIL_STRANDS, 3))
    comb = unit_rows(direction + rng.normal(0, 0.22, root.shape) - np.array([0, 0.25, 0]))
    level = pick(style.end, identity.hair_look.length) - solids.drop + rng.normal(0, 0.2, _TAIL_STRANDS)
    length = np.clip(root[:, 1] - level, 0.8, None) + 0.25
    ones = np.ones(_TAIL_STRANDS)
    height = 0.12 * rng.random(_TAIL_STRANDS)
    return Strands(root, comb, length, height, side=0 * ones, front=-ones)


def _traits(strands: int, tied: int, loose: Strands, rng: np.random.Generator) -> Traits:
    count = strands - tied
    leaders = max(count // _ROOTS_A_LOCK, 1)
    place = np.column_stack([loose.root, 0.6 * loose.side, 0.3 * loose.front])
    leader = np.asarray(cKDTree(place[:leaders]).query(place)[1] if count else np.zeros(0, int))
    of_lock = rng.uniform(-0.9, 0.9, leaders)[leader] + rng.normal(0, 0.3, count)
    neighbours = 3.0 * loose.root[:, 0] + 2.0 * loose.root[:, 2]
    under = loose.height.max(initial=0.0) - loose.height
    return Traits(
        leader=leader,
        phase=of_lock + neighbours,
        tone=np.concatenate(
            [rng.standard_normal(tied), 0.8 * rng.standard_normal(leaders)[leader] + 0.6 * rng.standard_normal(count)]
        ),
        depth=np.concatenate([rng.uniform(0.5, 1, tied), np.clip(1 - under / _DARK_UNDER, 0, 1)]),
        noise=rng.standard_normal((strands, 4)),
    )


def _nothing(like: Strands) -> Strands:
    return Strands(*(getattr(like, name)[:0] for name in Strands.__slots__))


def grow_hair(body: Body, identity: Identity, points: Points) -> HairShells:
    """Hair of one person, whatever the garment: it keeps clear of the body by more than any garment needs."""
    rng = np.random.default_rng(int(1e6 * identity.phase))
    style, solids = STYLES[identity.hair_style], make_solids(body, points)
    normals = vertex_normals(points, body.skin)
    roots, values = sample_roots(identity, style.strands)
    root, out = roots.of(points), unit_rows(roots.of(normals))
    combed = comb_hair(identity, style, root, out, values, _at_rest(solids), rng)
    fixed = np.zeros((0, SEGMENTS + 1, 3))
    if style.gather is not None:
        knot = KNOTS[style.gather]
        fixed = comb_to_knot(solids, root, combed.height, knot, rng)
        if knot.bun:
            fixed = np.concatenate([fixed, wind_bun(solids, knot, _BUN_STRANDS, rng)])
            combed = _nothing(combed)
        else:
            combed = _tail(identity, style, solids, rng)
    cap = _CAP if style.strands else max(style.volume, 0.01)
    grown = np.clip(scalp_margin(identity, body.canon) / 0.1, 0, 1)
    return HairShells(
        style=style,
        cap=points + normals * (cap * grown)[:, None],
        cap_faces=scalp_faces(),
        solids=solids,
        fixed=fixed,
        loose=combed,
        traits=_traits(len(fixed) + len(combed.root), len(fixed), combed, rng),
    )
