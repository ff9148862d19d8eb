"""Loss curves of the three stages as one figure."""

from collections.abc import Mapping

import matplotlib
import pandas as pd
from matplotlib.figure import Figure

_SHOWN = {
    "semantic": ("semantic_focal", "semantic_l1"),
    "synthesis": ("coarse_l1", "try_on_l1", "cycle_forward", "cycle_backward", "coarse_mask_l1"),
    "joint": ("semantic_focal", "coarse_l1", "try_on_l1", "cycle_forward"),
}
_SMOOTHING = 9  # records


def loss_curves(curves: Mapping[str, pd.DataFrame]) -> Figure:
    """One panel a stage, unweighted terms, faint as recorded and bold as a running median."""
    figure = Figure(figsize=(12, 3.4), layout="constrained")
    axes = figure.subplots(1, len(curves), squeeze=False)[0]
    colours = matplotlib.colormaps["tab10"].colors  # type: ignore[attr-defined]
    for axis, (stage, curve) in zip(axes, curves.items(), strict=True):
        for colour, name in zip(colours, _SHOWN[stage], strict=False):
            if name in curve:
                smooth = curve[name].rolling(_SMOOTHING, min_periods=1, center=True).median()
                axis.plot(curve["step"], curve[name], color=colour, alpha=0.2, linewidth=0.8)
                axis.plot(curve["step"], smooth, color=colour, linewidth=1.8, label=name)
        axis.set(title=stage, xlabel="step", yscale="log")
        axis.grid(alpha=0.25)
        axis.legend(fontsize=8)
    return figure
