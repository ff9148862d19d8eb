"""The one exception family users meet: what was expected, what came, and the remedy."""


class SpgVtonError(Exception):
    """A mistake in data, configuration or weights that the user can mend; shown without a stack trace."""


class ConfigError(SpgVtonError):
    """A parameter has a value the program cannot work with."""


class DataError(SpgVtonError):
    """Input data are missing, damaged or inconsistent, and nothing usable is left."""


class WeightsError(SpgVtonError):
    """Pretrained weights cannot be found, or are not the file they should be."""


class CheckpointError(SpgVtonError):
    """A checkpoint is damaged or belongs to another configuration or data set."""
