"""A module can be had without the rest of its package, and the package itself afterwards as usual."""

import subprocess
import sys

import pytest

from stillwell.part_of import part_of

ALONE = """
import sys
from stillwell.part_of import part_of
english = part_of("snowballstemmer", "english_stemmer")
assert english.EnglishStemmer().stemWord("cramping") == "cramp"
assert "snowballstemmer.serbian_stemmer" not in sys.modules and "snowballstemmer" not in sys.modules
import snowballstemmer
assert snowballstemmer.stemmer("english").stemWord("cramping") == "cramp"
"""


def test_only_the_module_is_loaded():
    subprocess.run([sys.executable, "-c", ALONE], check=True)


def test_a_module_that_needs_its_package_is_loaded_with_it():
    assert part_of("email", "policy").default.max_line_length == 78


def test_what_is_not_there_is_said_as_by_import():
    with pytest.raises(ModuleNotFoundError):
        part_of("no_such_package_at_all", "part")
