"""What is written on garments."""

import numpy as np

_SINGLE = (
    "LOVE", "PARIS", "HELLO", "OCEAN", "MILANO", "AMOUR", "wild", "dream", "bonjour", "SUNDAY", "LONDON", "TOKYO",
    "LISBOA", "summer", "vintage", "CIAO", "BRAVE", "smile", "NORTH", "sunset", "RIVIERA", "KIND", "studio",
    "paradise", "HONEY",
)  # fmt: skip
_FIRST = ("good", "ocean", "sunday", "slow", "wild", "free", "golden", "west", "sweet", "lucky", "early", "quiet")
_SECOND = ("vibes", "club", "morning", "hearts", "spirit", "coast", "hours", "island", "love", "days", "summer")
_TEAMS = ("ATHLETICS", "UNIVERSITY", "COLLEGE", "SURF CLUB", "ROWING", "HARBOUR", "MOUNTAINS", "TEAM", "CAMP")
_PLACES = ("BROOKLYN", "BERLIN", "MALIBU", "OSLO", "ATHENS", "NICE", "HAVANA", "KYOTO", "PORTO")
_FIRST_YEAR, _LAST_YEAR, _LAST_NUMBER = 1952, 2019, 99


def sample_words(rng: np.random.Generator) -> tuple[str, ...]:
    """One to three lines; the middle line of three is a number, as on sportswear."""

    def one(words: tuple[str, ...]) -> str:
        return words[int(rng.integers(len(words)))]

    kind = rng.random()
    if kind < 0.4:
        return (one(_SINGLE),)
    if kind < 0.65:
        pair = (one(_FIRST), one(_SECOND))
        return tuple(word.upper() for word in pair) if rng.random() < 0.5 else pair
    if kind < 0.8:
        return (one(_PLACES), str(rng.integers(_FIRST_YEAR, _LAST_YEAR + 1)))
    return (one(_PLACES), f"{rng.integers(1, _LAST_NUMBER + 1):02d}", one(_TEAMS))
