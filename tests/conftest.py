"""Shared fixtures: the built-in knowledge base and model, loaded once."""

import pytest

from stillwell.assess.model import model as built_in_model
from stillwell.knowledge.store import knowledge as built_in


@pytest.fixture(scope="session")
def known():
    return built_in()


@pytest.fixture(scope="session")
def model():
    return built_in_model()
