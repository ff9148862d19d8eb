"""Kedro's settings."""

from kedro.config import OmegaConfigLoader
from omegaconf.resolvers import oc

from spg_vton.orchestration.hooks import ErrorHook, MlflowHook, TimingHook

CONFIG_LOADER_CLASS = OmegaConfigLoader
CONFIG_LOADER_ARGS = {
    "base_env": "base",
    "default_run_env": "local",
    "config_patterns": {"mlflow": ["mlflow*", "mlflow*/**"]},
    # environments name real data roots by environment variable
    "custom_resolvers": {"oc.env": oc.env},
}

HOOKS = (TimingHook(), MlflowHook(), ErrorHook())
