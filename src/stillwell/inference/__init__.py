"""Exact inference in layered noisy-OR / noisy-MAX networks. Knows arrays, not medicine."""
