import numpy as np
import pytest

from spg_vton.render.light import GAMMA, Light, sample_light

KEY = (0.6, 0.0, 0.8)
LEFT, RIGHT, UP, DOWN, FRONT = (-1, 0, 0), (1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1)


def shade(light: Light, *normals: tuple[float, float, float]) -> np.ndarray:
    return light.shade(np.array(normals, np.float32))


def test_the_side_of_the_key_light_is_brighter():
    towards, away = shade(Light(KEY), KEY, tuple(-x for x in KEY))
    assert (towards > away + 0.2).all()


def test_shading_is_that_of_linear_light():
    """Twice the lamps give twice the linear light."""
    once = Light(KEY)
    twice = once.brighter(2)
    normals = (LEFT, RIGHT, UP, DOWN, FRONT)
    assert shade(twice, *normals) ** GAMMA == pytest.approx(2 * shade(once, *normals) ** GAMMA, rel=1e-4)


def test_the_floor_gives_less_than_the_ceiling():
    above, below = shade(Light(KEY, strength=0, fill=0, rim=0), UP, DOWN)
    assert (above > below).all()


def test_a_warm_key_light_reddens():
    red, green, blue = shade(Light(KEY, warmth=0.05), KEY)[0]
    assert red > green > blue


def test_the_glint_lies_between_light_and_camera():
    light, half = Light(KEY), np.add(KEY, FRONT) / np.linalg.norm(np.add(KEY, FRONT))
    glint = light.glint(np.array([half, KEY, LEFT], np.float32), sharpness=20)
    assert glint[0] == pytest.approx(1, abs=1e-5) and glint[1] < 0.5 and glint[2] == 0


def test_studios_differ_and_expose_well():
    lights = [sample_light(np.random.default_rng(seed)) for seed in range(50)]
    front = np.array([shade(light, FRONT)[0].mean() for light in lights])
    assert front.min() > 0.87 and front.max() < 1 and front.std() > 0.01
    assert {light.key[0] > 0 for light in lights} == {True, False}
    assert np.linalg.norm([light.key for light in lights], axis=1) == pytest.approx(1)
