"""The terminal face: thin commands over the same functions as every other face."""

import os

# the products of matrices here are small: a second thread only waits, and costs as much as half of NumPy's import
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
