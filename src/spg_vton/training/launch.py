"""Training on several devices: one process a device, started by ``torch.distributed.run``."""

import ctypes
import json
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import yaml
from pydantic import TypeAdapter

from spg_vton.config import Experiment, StageName, TrainingConfig
from spg_vton.errors import SpgVtonError
from spg_vton.models.model_file import ModelFile, read_model, write_model
from spg_vton.training.job import MODEL_FILES, SUMMARY, TrainingJob, curve_file
from spg_vton.training.loop import TrainedStage

#: Under which the machines of one training find each other at the rendezvous.
_MEETING = "spg-vton"

#: From Linux's sys/prctl.h.
_PR_SET_PDEATHSIG = 1


def command(config: Path, training: TrainingConfig) -> list[str]:
    """The command line that trains as ``config`` says, with this machine's processes."""
    if training.num_nodes == 1:
        meeting = ["--standalone"]
    else:
        meeting = [
            f"--nnodes={training.num_nodes}", "--rdzv-backend=c10d", f"--rdzv-endpoint={training.rendezvous}",
            f"--rdzv-id={_MEETING}",
        ]  # fmt: skip
    return [
        sys.executable, "-m", "torch.distributed.run", f"--nproc-per-node={training.devices}", *meeting,
        "-m", "spg_vton.training", str(config),
    ]  # fmt: skip


def train_in_processes(
    stage: StageName, experiment: Experiment, store: Path, start: ModelFile | None, state_folder: Path
) -> TrainedStage:
    """As :func:`train_stage`, in ``experiment.training.processes`` processes.

    What they need lies in ``<state_folder>/launch-<stage>``; with several machines, run
    ``python -m spg_vton.training <state_folder>/launch-<stage>/config.yml`` on the others.

    Raises:
        SpgVtonError: they failed; their messages are on the error stream.
        KeyboardInterrupt: Ctrl-C, after they saved their state.
    """
    folder = state_folder.resolve() / f"launch-{stage}"
    before = None
    if start is not None:
        before = folder / "start.safetensors"
        write_model(before, start)
    job = TrainingJob(
        store.resolve(), folder, experiment.training, experiment.model, experiment.lambdas, experiment.objective,
        (stage,), before, state_folder.resolve(),
    )  # fmt: skip
    config = folder / "config.yml"
    folder.mkdir(parents=True, exist_ok=True)
    config.write_text(yaml.safe_dump(TypeAdapter(TrainingJob).dump_python(job, mode="json"), sort_keys=False))
    _run(command(config, experiment.training))
    summary = json.loads((folder / SUMMARY).read_text())[stage]
    table = pd.read_csv(folder / curve_file(stage))
    curve = [{str(name): float(row[name]) for name in row.dropna().index} for _, row in table.iterrows()]
    return TrainedStage(dict(read_model(folder / MODEL_FILES[stage]).weights), curve, **summary)


def _end_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent is killed: nobody must go on writing where the next run writes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _run(line: list[str]) -> None:
    # in a session of its own: Ctrl-C on the terminal comes here alone, and is handed on once
    process = subprocess.Popen(line, start_new_session=True, preexec_fn=_end_with_parent)
    try:
        code = process.wait()
    except KeyboardInterrupt:
        process.send_signal(signal.SIGINT)
        process.wait()
        raise
    if code:
        raise SpgVtonError(f"The training's processes ended with exit code {code}; their messages stand above.")
