"""A real process killed with SIGKILL at random moments, and resumed, ends with the weights of one never killed."""

import random
import time

import pytest

pytestmark = pytest.mark.slow

KILLS = 3
#: Everything that has a state of its own: lazy R1, running mean, mirroring, erasing, schedule, best.
OPTIONS = {
    "synthesis": {"steps": 36, "learning_rate": 1e-3, "adversarial_from": 0.3}, "ema_decay": 0.9, "accumulate": 2,
    "validation": {"share": 0.34, "every": 7}, "checkpoint_steps": 4, "keep_last": 2,
    "optimiser": {"schedule": "cosine", "clip_norm": 5.0, "beta1": 0.5},
}  # fmt: skip


def start_training(command):
    command.values["stages"] = ["semantic", "synthesis"]
    command.values["training"] |= OPTIONS
    return command


def states(command):
    return {path.name for path in command.out.glob("state/synthesis-*/step-*.pt")}


@pytest.mark.parametrize("seed", [time.time_ns() % 1000])  # another moment each time; the test's name tells which
def test_killed_and_resumed_is_bit_identical(make_command, seed):
    whole, cut = start_training(make_command("whole")), start_training(make_command("cut"))
    began = time.monotonic()
    whole.run()
    duration = time.monotonic() - began
    moments, killed, log = random.Random(seed), 0, ""
    for _ in range(KILLS):
        before, process = states(cut), cut.start()
        deadline = time.monotonic() + 120
        while states(cut) == before and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)  # until it has come further than the run before
        time.sleep(moments.uniform(0, duration / 20))
        process.kill()
        log += process.communicate()[0]
        killed += process.returncode == -9
    log += cut.run()
    assert killed >= 1 and "synthesis: resuming at step" in log
    for name in ("semantic.safetensors", "synthesis.safetensors"):
        assert (cut.out / name).read_bytes() == (whole.out / name).read_bytes()
    curves = [(command.out / "synthesis_curve.csv").read_text() for command in (whole, cut)]
    assert curves[0] == curves[1]
