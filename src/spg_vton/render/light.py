"""Studio light: a large key light, a fill light opposite, a rim light from behind and light from everywhere."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float
from numba import njit

Normals = Float[np.ndarray, "n 3"]
Direction = tuple[float, float, float]

#: Pictures are encoded with this power, so that products of colours and encoded factors are those of linear light.
GAMMA = 2.2
_EDGE = np.float32(0.25)  # share of the ambient light, most of which comes from the camera's side, that edges lack
_EXPOSURE = (0.76, 0.98)  # linear light on a surface that faces the camera, least and most


@dataclass(frozen=True, slots=True)
class Light:
    """A set of lamps in linear light; 1 is what paints a colour as it is.

    Attributes:
        key: unit direction towards the key light, world axes (x right, y up, z to the camera).
        strength: light from the key.
        softness: how far the key, a large box, lights around the edge: 0 a point, 1 all around.
        fill: light from the front, on the other side than the key.
        rim: light from behind that outlines the person on both sides.
        ambient: light from everywhere.
        bounce: share of the ambient light that comes back from the floor.
        warmth: how much redder than the fill and the ambient light the key is; negative is bluer.
    """

    key: Direction
    strength: float = 0.75
    softness: float = 0.45
    fill: float = 0.12
    rim: float = 0.06
    ambient: float = 0.28
    bounce: float = 0.6
    warmth: float = 0.02

    def facing(self, normals: Normals) -> Float[np.ndarray, " n"]:
        """Cosine between unit normals and the key light."""
        x, y, z = self.key
        return normals[:, 0] * x + normals[:, 1] * y + normals[:, 2] * z

    def shade(self, normals: Normals) -> Float[np.ndarray, "n 3"]:
        """Factor of an encoded (display) colour at each unit normal, for red, green and blue."""
        lamps = np.array(
            (*self.key, self.strength, self.softness, self.fill, self.rim, self.ambient, self.bounce), np.float32
        )
        tint = np.array((1 + self.warmth, 1.0, 1 - 1.5 * self.warmth), np.float32)
        return _shade(np.ascontiguousarray(normals, np.float32), lamps, tint)

    def glint(self, normals: Normals, sharpness: float) -> Float[np.ndarray, " n"]:
        """Reflection of the key light towards the camera: 1 at its middle, narrower with more sharpness."""
        half = np.add(self.key, (0, 0, 1))
        half /= np.linalg.norm(half)
        return np.clip(normals @ half.astype(np.float32), 0, 1) ** sharpness

    def brighter(self, factor: float) -> "Light":
        """The same light with every lamp ``factor`` times as strong."""
        return replace(
            self,
            strength=self.strength * factor,
            fill=self.fill * factor,
            rim=self.rim * factor,
            ambient=self.ambient * factor,
        )


@njit(cache=True)
def _shade(normals: Normals, lamps: Float[np.ndarray, " 9"], tint: Float[np.ndarray, " 3"]) -> Normals:
    key_x, key_y, key_z, strength, softness, fill, rim, ambient, bounce = lamps
    side = np.float32(-0.6) if key_x > 0 else np.float32(0.6)
    power = np.float32(1 / GAMMA)
    out = np.empty_like(normals)
    for i in range(normals.shape[0]):
        x, y, z = normals[i]
        key = max((x * key_x + y * key_y + z * key_z + softness) / (1 + softness), np.float32(0))
        key *= key * (np.float32(1.5) - np.float32(0.5) * key)  # soft where the light ends
        across = max((x * side + z * np.float32(0.8) + np.float32(0.3)) / np.float32(1.3), np.float32(0))
        edge = np.float32(1) - min(abs(z), np.float32(1))
        sky = ambient * (np.float32(0.5) * (1 + bounce) + np.float32(0.5) * (1 - bounce) * y)
        plain = sky * (1 - _EDGE * edge * edge) + fill * across + rim * edge * edge
        for k in range(3):
            out[i, k] = (plain + strength * key * tint[k]) ** power
    return out


def sample_light(rng: np.random.Generator) -> Light:
    """Draw a studio: the key light stands left or right of the camera and above it."""
    azimuth = np.radians(rng.choice((-1.0, 1.0)) * rng.uniform(8, 50))
    elevation, softness = np.radians(rng.uniform(28, 52)), float(rng.uniform(0.25, 0.55))
    x, z = np.sin(azimuth) * np.cos(elevation), np.cos(azimuth) * np.cos(elevation)
    contrast = float(rng.uniform(0.66, 0.86))
    light = Light(
        key=(float(x), float(np.sin(elevation)), float(z)),
        strength=contrast,
        softness=softness,
        fill=(1 - contrast) * 0.4,
        rim=float(rng.uniform(0.0, 0.08)),
        ambient=0.05 + 0.8 * (1 - contrast),
        bounce=float(rng.uniform(0.5, 0.8)),
        warmth=float(rng.uniform(-0.02, 0.05)),
    )
    facing_camera = light.shade(np.array([(0, 0, 1)], np.float32)) ** GAMMA
    return light.brighter(float(rng.uniform(*_EXPOSURE) / facing_camera.mean()))
