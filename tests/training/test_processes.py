"""Two processes over gloo: the same weights on both, and the losses of one process at the same batch.

Tolerance: every term of the first step within 1e-4, the total of every step within 1 % (see ``test_options.alike``).
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file

from spg_vton.errors import ConfigError
from spg_vton.training.job import read_job
from spg_vton.training.launch import command as launch_command
from spg_vton.training.loop import train_stage
from spg_vton.weights import weights_folder

pytestmark = pytest.mark.slow

_BOTH_RANKS = """
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

from spg_vton.losses.objective import build_objective
from spg_vton.store.dataset import Store
from spg_vton.training.job import read_job
from spg_vton.training.trainer import Trainer
from spg_vton.training.devices import make_fabric
from spg_vton.training.loader import Loader

job = read_job(Path("config.yml"))
store = Store.open(job.store)
fabric = make_fabric(job.training)
trainer = Trainer("joint", job.experiment, build_objective(job.lambdas, job.objective), {}, fabric)
loader = Loader(store, store.select(split="train"), job.training, fabric.global_rank)
for number in range(4):
    trainer.run_step(loader.parts(number), number)
save_file(trainer.weights(), f"rank{fabric.global_rank}.safetensors")
print(fabric.global_rank, loader.triples(0))
torch.distributed.destroy_process_group()
"""


def on_two(command, **training):
    command.values["training"] |= {"devices": 2} | training
    return command


def test_both_processes_hold_the_same_weights(make_command):
    command = on_two(make_command())
    command.write()
    (command.folder / "script.py").write_text(_BOTH_RANKS)
    line = launch_command(command.folder / "config.yml", read_job(command.folder / "config.yml").training)
    line = [*line[: line.index("-m", 2)], "script.py"]
    environment = os.environ | {"SPG_VTON_WEIGHTS": str(weights_folder())}
    result = subprocess.run(line, cwd=command.folder, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    ranks = [load_file(command.folder / f"rank{rank}.safetensors") for rank in range(2)]
    assert all(torch.equal(ranks[0][name], ranks[1][name]) for name in ranks[0])
    shares = [set(eval(line[2:])) for line in sorted(result.stdout.splitlines()) if line[:2] in ("0 ", "1 ")]
    assert len(shares) == 2 and not shares[0] & shares[1]


@pytest.mark.parametrize(
    "options", [{}, {"accumulate": 2, "ema_decay": 0.9, "validation": {"share": 0.34, "every": 2}}]
)
def test_the_losses_are_those_of_one_process(make_command, options):
    one, two = make_command("one"), on_two(make_command("two"), **options)
    one.values["training"] |= options
    stages = ["semantic"] if options else ["semantic", "synthesis"]
    for command in (one, two):
        command.values["stages"] = stages
    one.run()
    log = two.run()
    assert "Traceback" not in log
    for stage in stages:
        expected, found = (pd.read_csv(command.out / f"{stage}_curve.csv") for command in (one, two))
        assert list(found) == list(expected) and list(found["step"]) == [1, 2, 3, 4]
        assert found["total"].to_numpy() == pytest.approx(expected["total"].to_numpy(), rel=1e-2)
        if stage == "semantic":  # the later one starts from weights that were rounded otherwise
            assert found.iloc[0].to_dict() == pytest.approx(expected.iloc[0].to_dict(), rel=1e-4, abs=1e-5, nan_ok=True)


def test_ctrl_c_stops_both_at_one_step_and_they_go_on_to_the_bit(make_command):
    whole, cut = (on_two(make_command(name), log_every=5, checkpoint_steps=10) for name in ("whole", "cut"))
    for command in (whole, cut):
        command.values["stages"] = ["semantic"]
        command.values["training"]["semantic"]["steps"] = 60
    whole.run()
    process = cut.start()
    wait_for(cut, process)
    os.kill(process.pid, signal.SIGINT)
    log = process.communicate(timeout=120)[0]
    assert process.returncode != 0 and "run again to go on" in log
    assert "semantic: resuming at step" in cut.run()
    files = [command.out / "semantic.safetensors" for command in (whole, cut)]
    assert files[0].read_bytes() == files[1].read_bytes()


def wait_for(command, process, file="out/state/semantic-*/step-*.pt"):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if list(command.folder.glob(file)):
            return
        time.sleep(0.05)
    pytest.fail(f"no state appeared:\n{process.communicate()[0]}")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's signal on a parent's death is Linux's")
def test_killing_the_starter_ends_what_it_started(tmp_path):
    note = f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(os.getpid()))"
    child = f"import os, pathlib, time; {note}; time.sleep(99)"
    starter = f"import sys; from spg_vton.training.launch import _run; _run([sys.executable, '-c', {child!r}])"
    process = subprocess.Popen([sys.executable, "-c", starter])
    deadline = time.monotonic() + 60
    while not (tmp_path / "pid").is_file() or not (tmp_path / "pid").read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.kill()
    process.wait()
    pid = int((tmp_path / "pid").read_text())
    while is_running(pid):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_several_processes_without_a_launcher_are_refused(experiment, objective, store, tmp_path):
    import dataclasses

    two = dataclasses.replace(experiment, training=dataclasses.replace(experiment.training, devices=2))
    with pytest.raises(ConfigError, match=r"2 devices on 1 nodes need a process each.*python -m spg_vton\.training"):
        train_stage("semantic", two, objective, store, {}, tmp_path)


def test_machines_meet_where_the_settings_say(make_command, experiment):
    import dataclasses

    training = dataclasses.replace(experiment.training, devices=4, num_nodes=2, rendezvous="node0:29500", batch_size=8)
    line = launch_command("config.yml", training)
    assert line[:3] == [sys.executable, "-m", "torch.distributed.run"]
    assert {"--nproc-per-node=4", "--nnodes=2", "--rdzv-endpoint=node0:29500"} <= set(line)
    assert line[-3:] == ["-m", "spg_vton.training", "config.yml"]
