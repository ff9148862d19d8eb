"""The hair of a posed person as surfaces: strands fall, wave, draw together into locks and become ribbons."""

from dataclasses import replace

import numpy as np
from jaxtyping import Float
from numba import njit

from spg_vton.render.body import Body
from spg_vton.render.hair.collision import PosedSolids, pose_solids
from spg_vton.render.hair.combing import pick
from spg_vton.render.hair.gathering import Curves, braid_offsets
from spg_vton.render.hair.growth import HairShells
from spg_vton.render.hair.hairline import scalp_margin
from spg_vton.render.hair.ribbons import make_ribbons
from spg_vton.render.hair.shading import cap_painter, hair_painter
from spg_vton.render.hair.strands import Strands, grow
from spg_vton.render.people import Identity
from spg_vton.render.rig import Motion
from spg_vton.render.surface import Surface, Values

_HANGS_FROM, _HANGS_OVER = -0.9, 0.8  # height under the head's centre where hair begins to hang, decimetres
_FULL_FRIZZ = 1.5  # length from which strands stray fully, decimetres
_CAP_BIAS, _HAIR_BIAS, _HANGING_BIAS = 0.02, 0.05, 0.3


def _posed(body: Body, strands: Strands, motion: Motion) -> Strands:
    """Strands whose roots follow the head."""
    bone = body.bone("head")
    comb = np.einsum("ij,nj->ni", motion.rotations[bone], strands.comb)
    return replace(strands, root=motion.carry(strands.root, bone), comb=comb)


@njit(cache=True)
def _outward(nodes: np.ndarray, centre: np.ndarray) -> np.ndarray:
    out = np.empty_like(nodes)
    for i in range(nodes.shape[0]):
        for s in range(nodes.shape[1]):
            p = nodes[i, s]
            x, y, z = p[0] - centre[0], max(p[1] - centre[1], 0.0), p[2] - centre[2]
            size = np.sqrt(x * x + y * y + z * z) + 1e-9
            out[i, s, 0], out[i, s, 1], out[i, s, 2] = x / size, y / size, z / size
    return out


def outward(nodes: Curves, posed: PosedSolids) -> Curves:
    """Unit directions away from the head's centre, and below it from the vertical through it."""
    return np.asarray(_outward(np.ascontiguousarray(nodes), posed.head[3]))


@njit(cache=True)
def _shift(nodes: np.ndarray, out: np.ndarray, sideways: np.ndarray, outwards: np.ndarray) -> np.ndarray:
    """Nodes moved across their course, level with the hair's surface, and out of it."""
    moved, last = np.empty_like(nodes), nodes.shape[1] - 1
    for i in range(nodes.shape[0]):
        for s in range(nodes.shape[1]):
            t, o = nodes[i, min(s + 1, last)] - nodes[i, max(s - 1, 0)], out[i, s]
            x, y, z = t[1] * o[2] - t[2] * o[1], t[2] * o[0] - t[0] * o[2], t[0] * o[1] - t[1] * o[0]
            scale = sideways[i, s] / (np.sqrt(x * x + y * y + z * z) + 1e-9)
            moved[i, s, 0] = nodes[i, s, 0] + scale * x + outwards[i, s] * o[0]
            moved[i, s, 1] = nodes[i, s, 1] + scale * y + outwards[i, s] * o[1]
            moved[i, s, 2] = nodes[i, s, 2] + scale * z + outwards[i, s] * o[2]
    return moved


def resample(nodes: Curves, segments: int) -> Curves:
    """The same courses with another number of segments."""
    at = np.linspace(0, nodes.shape[1] - 1, segments + 1)
    before = np.minimum(at.astype(int), nodes.shape[1] - 2)
    share = (at - before)[:, None]
    return np.asarray((1 - share) * nodes[:, before] + share * nodes[:, before + 1])


def _wave(identity: Identity, shells: HairShells, nodes: Curves, posed: PosedSolids) -> Curves:
    """Waves, frizz and locks, which grow from the roots to the tips."""
    style, traits, tied = shells.style, shells.traits, len(shells.fixed)
    share = np.linspace(0, 1, nodes.shape[1])
    length, noise = shells.loose.length[:, None], traits.noise[tied:]
    along = share * length
    out = outward(nodes, posed)
    if style.gather == "braid":
        sideways, outwards = braid_offsets(
            len(nodes), nodes.shape[1], float(shells.loose.length.mean()), np.random.default_rng(0)
        )
        tied_up = np.clip(along / 0.25, 0, 1)
        middle = nodes.mean(0)
        nodes = np.ascontiguousarray(nodes + tied_up[..., None] * (middle - nodes))
        return np.asarray(_shift(nodes, out, tied_up * sideways, tied_up * (outwards + 0.1)))
    loose_end = np.clip((along - 0.1) / (0.3 * length), 0, 1)
    turn = 2 * np.pi * along / (style.wave_length * (1 + 0.12 * noise[:, :1])) + traits.phase[:, None]
    amplitude = pick(style.wave, identity.hair_look.wave) * (1 + 0.25 * noise[:, 1:2]) * loose_end
    amplitude *= np.minimum(length / (2 * style.wave_length), 1)  # short strands do not finish a wave
    ragged = (
        style.frizz * np.minimum(length / _FULL_FRIZZ, 1) * np.where(np.abs(noise[:, 2:3]) > 1.9, 3.0, 1.0) * loose_end
    )
    sideways = amplitude * np.sin(turn) + ragged * np.sin(5 * share + 9 * noise[:, 3:])
    outwards = amplitude * style.curl * (1 + np.cos(turn)) + ragged * np.sin(4 * share + 7 * noise[:, 2:3])
    waved = _shift(nodes, out, sideways, np.abs(outwards))
    drawn = style.clump * share**1.5 * (np.abs(noise[:, 2:3]) < 1.9)
    return np.asarray(waved + drawn[..., None] * (waved[traits.leader] - waved))


def _courses(body: Body, identity: Identity, shells: HairShells, motion: Motion, posed: PosedSolids) -> Curves:
    """Where all strands run, fixed ones first."""
    fixed = motion.carry(shells.fixed.reshape(-1, 3), body.bone("head")).reshape(shells.fixed.shape)
    fixed = resample(fixed, shells.style.segments)
    if not len(shells.loose.root):
        return fixed
    style = shells.style
    fallen = resample(grow(_posed(body, shells.loose, motion), style.bend, style.lay, posed), style.segments)
    return np.concatenate([fixed, _wave(identity, shells, fallen, posed)])


def hair_surfaces(body: Body, identity: Identity, shells: HairShells, motion: Motion) -> list[Surface]:
    """The hair of a posed person: a cap, and strands that clear any cloth."""

    def cap_covers(values: Values) -> Float[np.ndarray, " n"]:
        return scalp_margin(identity, values) > 0

    cap = Surface(motion.skin(shells.cap), shells.cap_faces, body.canon, cap_painter(identity), cap_covers, _CAP_BIAS)
    if not len(shells.traits.tone):  # stubble
        return [cap]
    posed = pose_solids(body, shells.solids, motion)
    nodes = _courses(body, identity, shells, motion, posed)
    ribbons = make_ribbons(shells, nodes, outward(nodes, posed), posed)
    # Hanging hair counts as nearer, so that cloth under it does not pierce it; the shift hardly moves it in the photo.
    below = np.clip((posed.head[3, 1] + _HANGS_FROM - ribbons.points[:, 1]) / _HANGS_OVER, 0, 1)
    ribbons.points[:, 2] += (_HANGING_BIAS - _HAIR_BIAS) * below
    strands = Surface(ribbons.points, ribbons.faces, ribbons.values, hair_painter(identity), None, _HAIR_BIAS, True,
                      ribbons.normals)  # fmt: skip
    return [cap, strands]
