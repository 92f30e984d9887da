"""Law: the trained reader takes time in proportion to the text, whatever stands in it."""

import time

import pytest

from stillwell.case.read import case_from
from stillwell.case.understand import understand
from stillwell.language.claims import claims_in

LARGEST = 60_000  # characters that one field may hold
PIECES = ["my leg ", "no numbness and ", "1 ", "ä", "my mum's legs shake. ", "\n"]


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_repetition_is_read_in_time(piece: str) -> None:
    claims_in("my legs hurt")
    began = time.process_time()
    claims_in(piece * (LARGEST // len(piece)))
    assert (
        time.process_time() - began < 60.0
    )  # no claim of speed: what is not linear takes far longer


def test_a_whole_case_of_the_largest_size_is_read_in_time() -> None:
    text = "my legs shake and my mother says it is nothing. " * (LARGEST // 48)
    began = time.process_time()
    understand(case_from({"complaint": text[: LARGEST - 10]}))
    assert time.process_time() - began < 60.0
