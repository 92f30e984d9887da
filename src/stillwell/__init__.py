"""Stillwell: what is making my legs shake, and what do I do about it?"""

__version__ = "0.2.0"
