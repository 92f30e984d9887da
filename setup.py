"""Builds the sweep kernel; everything else stands in pyproject.toml."""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "stillwell.inference._sweep",
            [
                "src/stillwell/inference/_sweep.c",
                "src/stillwell/inference/_order.c",
                "src/stillwell/inference/_tree.c",
                "src/stillwell/inference/_people8.c",
                "src/stillwell/inference/_people4.c",
            ],
            depends=["src/stillwell/inference/_people.h", "src/stillwell/inference/_shape.h"],
            extra_compile_args=["-O3", "-march=native", "-std=c11"],
        )
    ]
)
